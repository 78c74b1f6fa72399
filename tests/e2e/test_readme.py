"""README's own commands, as they stand there, against the stack that README starts."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
BIN = Path(sys.executable).parent

pytestmark = pytest.mark.slow


def commands(heading):
    """Lines of the shell blocks under a heading, without their comments."""
    section = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL)).splitlines()
    return [re.split(r"\s+#", line)[0] for line in lines if line.strip()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A clone as README assumes it: the commands under .venv/bin, a file with its example post."""
    folder = tmp_path_factory.mktemp("clone")
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(BIN)
    example = re.search(r"```json\n(.*?)```", README, re.DOTALL)[1]
    (folder / "posts.jsonl").write_text(json.dumps(json.loads(example)) + "\n")
    return folder


@pytest.fixture(scope="module")
def shell(folder):
    """Runs a command line in the folder and returns its standard output; `up` runs meanwhile."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SKILLPULSE_")}
    environment["PYTHONPATH"] = str(ROOT)

    def run(line):
        done = subprocess.run(
            ["bash", "-c", line], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, f"{line}: {done.stderr or done.stdout}"
        return done.stdout

    up, *_ = commands("Feed it")
    assert up == ".venv/bin/skillpulse up"
    with (folder / "up.log").open("w") as log:
        process = subprocess.Popen(up.split(), cwd=folder, env=environment, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + 200
        while "ready." not in (folder / "up.log").read_text():
            assert process.poll() is None and time.monotonic() < deadline, (folder / "up.log").read_text()
            time.sleep(0.1)
        yield run
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 0
        assert "stopping" in (folder / "up.log").read_text()


def test_feeding_and_querying(shell, folder):
    _, ingest, simulate = commands("Feed it")
    sql, audit, *curl = commands("Query it")
    shell(ingest)
    shell(ingest)
    assert simulate.startswith(".venv/bin/skillpulse simulate --rate 50")
    shell(f"{simulate} --posts 50")
    counted = "SELECT count() FROM posts"
    deadline = time.monotonic() + 60
    while shell(f".venv/bin/skillpulse sql --csv '{counted}'").split() != ["count()", "51"]:
        assert time.monotonic() < deadline, "51 posts were sent, the example twice"
        time.sleep(0.5)
    assert "drift 0" in shell(audit)
    assert shell("\n".join(curl)).strip() == "51"
    assert "│" in shell(sql)
    assert "python" in shell(
        ".venv/bin/skillpulse sql --csv \"SELECT skills FROM posts WHERE post_id = 'a-1'\""
    )


def test_a_second_up_in_the_same_home_says_so(shell, folder):
    done = subprocess.run(
        [BIN / "skillpulse", "up"],
        cwd=folder,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 1
    assert re.search(r"process \d+ runs skillpulse in .* already", done.stderr)


def test_every_command_of_the_table_exists():
    named = set(re.findall(r"`skillpulse ([a-z-]+)", README))
    from streams.cli import COMMANDS

    assert named <= set(COMMANDS)


def test_every_document_that_is_linked_exists():
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
