"""What a worker process does before it answers."""

import os
import subprocess
import sys

import pytest

from tests.support.databases import new_sqlite
from tests.support.workspace import REPOSITORY

LOAD = "import os, sys; from gatekeeper.cli.worker import load_application; load_application(); "
SAY = "print('gatekeeper.assessment.warming' in sys.modules, flush=True); "
END = "os._exit(0)"  # as servers do: without waiting for the thread that warms up


@pytest.mark.parametrize(("setting", "warms_up"), [({}, "True"), ({"GATEKEEPER_WARM_UP": "off"}, "False")])
def test_it_warms_up_unless_told_otherwise(tmp_path, setting, warms_up):
    new_sqlite(tmp_path / "gatekeeper.db")
    environ = {"PATH": os.environ["PATH"], "GATEKEEPER_DATA_DIR": str(tmp_path), **setting}
    words = [sys.executable, "-c", LOAD + SAY + END]
    done = subprocess.run(words, cwd=REPOSITORY, env=environ, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{warms_up}\n", "")
