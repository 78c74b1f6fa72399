"""What must hold of the compose file, whose engine does not run everywhere."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_published_on_loopback_alone(name):
    assert all(str(port).startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "migrate"])
def test_every_server_has_a_health_check_and_comes_back(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_no_password_has_a_default(name):
    for variable, value in SERVICES[name].get("environment", {}).items():
        if "PASSWORD" in variable:
            assert re.fullmatch(r"\$\{[A-Z_]+:\?.+\}", value), f"{name}: {variable}"


@pytest.mark.parametrize("name", ["migrate", "worker"])
def test_our_containers_can_write_nowhere_and_are_nobody(name):
    assert SERVICES[name]["read_only"]
    assert SERVICES[name]["cap_drop"] == ["ALL"]
    assert "USER skillpulse" in (ROOT / "Dockerfile").read_text()


def test_images_are_pinned_and_mounted_files_exist():
    for service in SERVICES.values():
        assert re.search(r":[0-9]", service["image"])
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).exists(), source


def test_every_needed_variable_stands_in_the_example():
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "docker-compose.yml").read_text()))
    assert needed == set(re.findall(r"^([A-Z_]+)=$", (ROOT / ".env.example").read_text(), re.MULTILINE))
