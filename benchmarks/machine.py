"""The machine that a benchmark runs on, described so that others can compare theirs."""

import os
import platform
from contextlib import suppress
from pathlib import Path


def describe() -> str:
    """`Linux x86_64 (processor), 2 cores, 23 GiB of memory, Python 3.11.7`."""
    parts = [
        f"{platform.system()} {platform.machine()}{_processor()}",
        f"{os.cpu_count()} cores",
        *_memory(),
        f"Python {platform.python_version()}",
    ]
    return ", ".join(parts)


def _processor() -> str:
    with suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text().split("\n")
        return f" ({next(line.partition(': ')[2] for line in lines if line.startswith('model name'))})"
    return ""


def _memory() -> list[str]:
    with suppress(OSError, ValueError):
        pages, page = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
        return [f"{pages * page / 2**30:.0f} GiB of memory"]
    return []
