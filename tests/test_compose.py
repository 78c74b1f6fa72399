"""What must hold of the compose file and the image, whose engine does not run everywhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from streams.settings import Settings

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE = yaml.safe_load(TEXT)
SERVICES = COMPOSE["services"]
SERVERS = [name for name in SERVICES if name != "migrate"]


def test_the_file_follows_the_published_schema() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "check_jsonschema",
            "--builtin-schema",
            "vendor.compose-spec",
            "docker-compose.yml",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_published_on_loopback_alone(name):
    assert all(str(port).startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


@pytest.mark.parametrize("name", SERVERS)
def test_every_server_has_a_health_check_and_comes_back(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", SERVICES)
def test_nothing_can_write_to_its_root_or_gain_privileges(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pids_limit"] > 0
    assert "privileged" not in service and "network_mode" not in service and "pid" not in service
    assert not any("docker.sock" in str(volume) for volume in service.get("volumes", []))
    assert any(place.startswith("/tmp") for place in service["tmpfs"])


@pytest.mark.parametrize("name", [name for name in SERVICES if name != "clickhouse"])
def test_nothing_runs_as_root_or_has_a_capability(name):
    user, _, _ = SERVICES[name]["user"].partition(":")
    assert int(user) > 0
    assert "cap_add" not in SERVICES[name]


def test_the_database_keeps_what_its_entry_point_needs_to_give_root_up():
    assert set(SERVICES["clickhouse"]["cap_add"]) == {"CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"}


def test_the_image_is_that_user_by_number():
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001:10001"]
    assert SERVICES["worker"]["user"] == SERVICES["migrate"]["user"] == "10001:10001"
    assert "uid=10001" in SERVICES["worker"]["tmpfs"][0]


@pytest.mark.parametrize("name", SERVICES)
def test_no_password_has_a_default(name):
    for variable, value in SERVICES[name].get("environment", {}).items():
        if "PASSWORD" in variable and not variable.endswith("_FILE"):
            assert re.fullmatch(r"\$\{[A-Z_]+:\?.+\}", value), f"{name}: {variable}"


@pytest.mark.parametrize("name", SERVICES)
def test_passwords_in_files_are_secrets_of_the_service(name):
    service = SERVICES[name]
    files = {
        value for variable, value in service.get("environment", {}).items() if variable.endswith("_FILE")
    }
    assert files == {f"/run/secrets/{secret}" for secret in service.get("secrets", [])}
    assert set(service.get("secrets", [])) <= COMPOSE["secrets"].keys()


def test_our_containers_have_no_password_in_their_environment():
    for name in ("migrate", "worker"):
        settings = {variable.removesuffix("_FILE") for variable in SERVICES[name]["environment"]}
        assert settings <= {f"SKILLPULSE_{field.upper()}" for field in Settings.model_fields}
        assert not any(variable.endswith("PASSWORD") for variable in SERVICES[name]["environment"])


def test_images_are_pinned_and_mounted_files_exist():
    for service in SERVICES.values():
        assert re.search(r":[0-9]", service["image"])
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).exists(), source


def test_every_needed_variable_stands_in_the_example():
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", TEXT))
    needed |= {secret["environment"] for secret in COMPOSE["secrets"].values()}
    assert needed == set(re.findall(r"^([A-Z_]+)=$", (ROOT / ".env.example").read_text(), re.MULTILINE))
