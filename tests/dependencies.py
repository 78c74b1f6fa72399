"""`python -m tests.dependencies`: looks the locked dependencies up in the database of known vulnerabilities.

A vulnerability ends it with status 1. Where the database cannot be asked (no network, an index of its own that knows
none) it says so and ends with status 0: that is no reason to stop work.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

_LOCK = Path(__file__).parents[1] / "requirements.lock"
_SECONDS = 300


class Judgement(NamedTuple):
    """What to say, and whether a dependency is known to be vulnerable."""

    text: str
    vulnerable: bool


def judge(report: dict[str, Any]) -> Judgement:
    """Read pip-audit's JSON."""
    dependencies = report["dependencies"]
    skipped = [found["name"] for found in dependencies if "skip_reason" in found]
    bad = [
        f"{found['name']} {found['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'none yet'}"
        for found in dependencies
        for fault in found.get("vulns", ())
    ]
    if bad:
        return Judgement("\n".join(["vulnerable dependencies:", *bad]), True)
    if len(skipped) == len(dependencies):
        return Judgement("dependencies could not be audited: their index has no vulnerability data", False)
    unknown = f"; {len(skipped)} could not be audited: {', '.join(skipped)}" if skipped else ""
    return Judgement(
        f"{len(dependencies) - len(skipped)} dependencies without known vulnerabilities{unknown}", False
    )


def audit(lock: Path = _LOCK) -> Judgement:
    """Ask the index about every line of the lock."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = [
            "--requirement",
            str(lock),
            "--require-hashes",
            "--disable-pip",
            "--progress-spinner",
            "off",
        ]
        command += ["--format", "json", "--output", str(report)]
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pip_audit", *command],
                capture_output=True,
                text=True,
                timeout=_SECONDS,
            )
        except subprocess.TimeoutExpired:
            return Judgement(f"dependencies could not be audited: no answer within {_SECONDS} s", False)
        if not report.exists():
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            return Judgement(f"dependencies could not be audited: {reason[:200]}", False)
        return judge(json.loads(report.read_text()))


if __name__ == "__main__":
    found = audit()
    print(found.text)
    sys.exit(1 if found.vulnerable else 0)
