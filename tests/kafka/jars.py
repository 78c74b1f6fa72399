"""Apache Kafka from Maven Central, kept in a cache outside of the repository."""

import fcntl
import os
import shutil
import subprocess
from pathlib import Path

_POM = Path(__file__).with_name("pom.xml")
KAFKA_VERSION = "4.1.0"  # as in pom.xml
_FETCH_SECONDS = 600


class KafkaMissing(Exception):
    """Apache Kafka cannot run here; the message says why. Tests react by being skipped with it."""


def class_path() -> str:
    """The class path of Apache Kafka; fetched once, by one process at a time. Raises KafkaMissing."""
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            raise KafkaMissing(f"Apache Kafka needs {tool}, which is not on the PATH")
    cache = Path(os.environ.get("SKILLPULSE_TEST_CACHE", Path.home() / ".cache" / "skillpulse"))
    jars = cache / f"kafka-{KAFKA_VERSION}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "kafka.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.is_dir():
            _fetch(jars)
    return f"{jars}/*"


def _fetch(jars: Path) -> None:
    part = jars.with_suffix(".part")
    shutil.rmtree(part, ignore_errors=True)
    copy = ["dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={part}"]
    try:
        mvn = subprocess.run(
            ["mvn", "-q", "-B", "-f", str(_POM), *copy],
            capture_output=True,
            text=True,
            timeout=_FETCH_SECONDS,
        )
    except subprocess.TimeoutExpired as slow:
        raise KafkaMissing(f"Maven did not bring Apache Kafka within {_FETCH_SECONDS} s") from slow
    if mvn.returncode:
        words = next((line for line in mvn.stdout.splitlines() if "ERROR" in line), "no reason given")
        raise KafkaMissing(f"Maven cannot bring Apache Kafka {KAFKA_VERSION}: {words[:300]}")
    part.rename(jars)
