"""What strangers load who verify files of a gate: nothing of its database, and nothing of its server."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.exported_logs import LOG

_RUN = """
import sys
from gatekeeper.cli.running import run
code = run(sys.argv[1:])
loaded = {name.partition(".")[0] for name in sys.modules}
print(code, *sorted(loaded & {"sqlalchemy", "flask", "alembic"}))
"""
_KEY = ["--vkey", LOG.verifier.vkey]


@pytest.mark.parametrize(
    "command",
    [
        ["ledger", "verify", "--verdict", "nowhere", *_KEY],
        ["ledger", "verify", "--dir", "nowhere", *_KEY],
        ["ledger", "verify", "--url", "http://localhost:0/log", *_KEY],
        ["permit", "verify", "nowhere", "--audience", "a", "--binding", "b", "--keys", "k", "--policy", "p"],
    ],
    ids=lambda command: " ".join(command[:3]),
)
def test_verifying_loads_neither_the_database_nor_the_server(command: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", _RUN, *command], capture_output=True, text=True, check=True)
    assert done.stdout == "2\n"
