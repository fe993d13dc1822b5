"""`python -m bench` as a process, over a few reports: every row is there and measured; how fast is not asserted."""

import json
import os
import subprocess
import sys

import pytest

from tests.support.workspace import REPOSITORY

ROWS = {
    "Policy alone: the same inputs, one by one": ["bare OPA server over HTTP", "embedded engine, in process"],
    "Check: no server, nothing stored": [
        "gatekeeper check, whole command on one core",
        "assessment alone",
        "embedded decision alone",
    ],
    "Assessment by size of the proposal": ["about 1,000", "30,000, put together"],
    "HTTP: every answer durable before it is given": [
        "SQLite, embedded",
        "SQLite, OPA",
        "PostgreSQL, embedded",
        "PostgreSQL, OPA",
    ],
    "Log: entries appended, each batch durable": [
        "SQLite",
        "SQLite, each batch signed and witnessed",
        "PostgreSQL",
        "PostgreSQL, each batch signed and witnessed",
    ],
    "Log: what an entry costs as the log grows, SQLite": ["300", "1,000"],
    "Log: everything hashed again": ["database", "exported directory"],
}


def bench(*words):
    """The finished process."""
    return subprocess.run(
        [sys.executable, "-m", "bench", *map(str, words)],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.mark.usefixtures("start_opa", "postgres_cluster")
def test_every_row_is_measured_and_printed(tmp_path):
    done = bench("--quick", "--json", tmp_path / "figures.json")
    assert (done.returncode, done.stderr.splitlines()[:1]) == (0, ["opa ..."])
    tables = json.loads((tmp_path / "figures.json").read_text(encoding="utf-8"))
    assert {table["title"]: [row[0] for row in table["rows"]] for table in tables} == ROWS
    figures = [cell for table in tables for row in table["rows"] for cell in row[1:] if cell is not None]
    assert len(figures) == 4 * 2 + (1 + 3 * 2) + 2 * 4 + 6 * 4 + 4 * 5 + 2 * 5 + 2 * 2
    assert [figure for figure in figures if figure <= 0] == []
    assert [title for title in ROWS if f"### {title}\n" not in done.stdout] == []


def test_unknown_suite_is_refused_with_the_known_ones():
    done = bench("speed")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "python -m bench: error: there is no suite 'speed'; there are opa, check, assessment, http, ledger"
    )
