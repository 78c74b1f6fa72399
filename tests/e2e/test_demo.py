"""The demo's bounded run: exact numbers, the same for the same seed."""

import json
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from streams.simulate import generate, load_scenario

pytestmark = pytest.mark.slow

POSTS, SEED = 1_500, 7


def test_once_counts_every_post_of_the_scenario(tmp_path):
    command = [Path(sys.executable).parent / "skillpulse", "demo", "--home", str(tmp_path / "home")]
    done = subprocess.run(
        [*command, "--once", "--posts", str(POSTS), "--seed", str(SEED), "--anchor", "2025-12", "--json"],
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    kinds = Counter(
        record.kind for record in generate(load_scenario("november"), POSTS, SEED, date(2025, 12, 1))
    )
    assert (said["posts"], said["repeats"], said["dead_letters"]) == (POSTS, kinds["repeat"], kinds["bad"])
    assert said["posts_in"] == kinds.total()
    assert said["drift"] == 0
    assert said["mentions"] > POSTS
    assert said["posts_per_second"] > 0
    assert not (tmp_path / "home" / "broker.json").exists(), "something was left running"
