"""Where things are: the repository, and the corpus of real reports beside it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SHARED = REPOSITORY.parent / "shared"
EXAMPLES = REPOSITORY / "proposals" / "examples"


def another_policy(directory: Path) -> Path:
    """The shipped policy under another revision: it decides the same."""
    shutil.copytree(REPOSITORY / "policies", directory)
    with (directory / "approval" / "approval.rego").open("a") as file:
        file.write("\n# another revision\n")
    return directory


def require_service(name: str, present: bool) -> None:
    """Skip with a reason when a service is not installed; fail instead where the run promises all of them."""
    if present:
        return
    if os.environ.get("REQUIRE_SERVICES") == "1":
        pytest.fail(f"{name} is required here and is not installed")
    pytest.skip(f"{name} is not installed")


def shared_file(name: str) -> Path:
    """A file beside the project that is test data only; its tests skip where it is absent, except in CI."""
    path = SHARED / name
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{path} is missing")
        pytest.skip(f"{path} is not here")
    return path
