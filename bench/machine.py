"""What the measurements ran on: processor, cores and versions; never names of hosts or folders."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

from tests.support.postgres import postgres_binaries


def describe() -> str:
    """One line on the machine."""
    parts = [
        _processor(),
        f"{os.cpu_count()} cores",
        f"Python {platform.python_version()}",
        f"SQLite {sqlite3.sqlite_version}",
    ]
    binaries = postgres_binaries()
    if binaries is not None:
        parts.append("PostgreSQL " + _version([str(binaries / "postgres"), "--version"]))
    if opa := shutil.which("opa"):
        parts.append("OPA " + _version([opa, "version"]))
    return ", ".join(parts)


def _processor() -> str:
    try:
        found = re.search(r"(?m)^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found.group(1).strip() if found else platform.machine()


def _version(command: list[str]) -> str:
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+(?:\.\d+)+", printed)
    return found.group() if found else "of unknown version"
