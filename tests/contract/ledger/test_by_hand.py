"""What docs/ledger.md tells to type does what it says, on an honest log and on forged ones."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.exported_logs import (
    LOG,
    WITNESS,
    Files,
    a_key,
    edited,
    files_of,
    some_entries,
    write_files,
)
from tests.support.workspace import REPOSITORY, require_service

HONEST = files_of(some_entries(600), LOG, WITNESS)
VKEY = LOG.verifier.vkey


def block(language: str, directory: Path) -> Path:
    """The one piece of code of this language, as a file."""
    text = (REPOSITORY / "docs" / "ledger.md").read_text(encoding="utf-8")
    (code,) = re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text)
    file = directory / language
    file.write_text(code, encoding="utf-8")
    return file


def signature(files: Files, tmp_path: Path, vkey: str = VKEY) -> tuple[int, str]:
    require_service("OpenSSL", shutil.which("openssl") is not None)
    directory = write_files(files, tmp_path / "log")
    command = ["sh", block("sh", tmp_path), directory, vkey]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout.strip()


def root(files: Files, tmp_path: Path) -> tuple[int, str]:
    directory = write_files(files, tmp_path / "log")
    done = subprocess.run(
        [sys.executable, block("python", tmp_path), directory], capture_output=True, text=True
    )
    return done.returncode, done.stdout.strip()


def test_an_honest_log_is_whole(tmp_path: Path):
    assert signature(HONEST, tmp_path) == (0, "Signature Verified Successfully")
    assert root(HONEST, tmp_path) == (0, "whole")


@pytest.mark.parametrize("size", [0, 1, 256])
def test_logs_of_other_sizes_are_whole(tmp_path: Path, size: int):
    assert root(files_of(some_entries(size)), tmp_path) == (0, "whole")


def test_an_edited_checkpoint_and_another_key_are_not_verified(tmp_path: Path):
    shorter = edited(HONEST, "checkpoint", lambda encoded: encoded.replace(b"\n600\n", b"\n500\n"))
    assert signature(shorter, tmp_path) == (1, "Signature Verification Failure")
    other = a_key("example.org/other").verifier.vkey.replace("example.org/other", LOG.name)
    assert signature(HONEST, tmp_path, other) == (1, "Signature Verification Failure")


def test_a_changed_entry_does_not_lead_to_the_root(tmp_path: Path):
    forged = edited(HONEST, "tile/entries/001", lambda bundle: bundle[:9] + b"?" + bundle[10:])
    assert root(forged, tmp_path) == (1, "TAMPERED")
