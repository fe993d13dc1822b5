"""Go: programs that are built from this repository, and modules that others published."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.workspace import REPOSITORY, require_service

_PROGRAMS = REPOSITORY / "tests" / "conformance"


def go_command() -> str:
    """The installed Go; skips or fails the test when there is none."""
    command = shutil.which("go")
    require_service("Go", command is not None)
    assert command is not None
    return command


def module_directory(module: str, version: str) -> Path | None:
    """The folder of a module's files, fetched as Go is set up to do; None when the module proxy does not give it."""
    command = [go_command(), "mod", "download", "-json", f"{module}@{version}"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=_PROGRAMS / "verify_log")
    answer = json.loads(done.stdout)
    return None if "Error" in answer else Path(answer["Dir"])


@pytest.fixture(scope="session")
def go_verifier() -> Path:
    """The verifier of logs that uses nothing of ours."""
    return _built("verify_log")


@pytest.fixture(scope="session")
def proof_judge() -> Path:
    """The verifier of Merkle proofs that others released."""
    return _built("judge_proofs")


def _built(program: str) -> Path:
    binary = REPOSITORY / "build" / "conformance" / program
    binary.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run([go_command(), "build", "-o", binary, "."], check=True, cwd=_PROGRAMS / program)
    return binary
