"""A file that is put in its place whole: with its mode, over what a killed process left, and nothing beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.ledger.whole_file import PRIVATE, write_whole


def test_a_private_file_is_private_whatever_an_earlier_draft_was(tmp_path: Path) -> None:
    path, left = tmp_path / "key", tmp_path / ".key.draft"
    for before in (path, left):
        before.write_bytes(b"before, and longer")
        before.chmod(0o644)
    write_whole(path, b"after", PRIVATE, (path.stat().st_uid, path.stat().st_gid))
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"after", 0o600)
    assert list(tmp_path.iterdir()) == [path]


def test_a_draft_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"not to be touched")
    (tmp_path / ".key.draft").symlink_to(elsewhere)
    write_whole(tmp_path / "key", b"secret", PRIVATE)
    assert elsewhere.read_bytes() == b"not to be touched"
    assert (tmp_path / "key").read_bytes() == b"secret"


def test_a_draft_that_cannot_take_its_place_is_removed(tmp_path: Path) -> None:
    (tmp_path / "key").mkdir()
    with pytest.raises(IsADirectoryError):
        write_whole(tmp_path / "key", b"after", PRIVATE)
    assert [each.name for each in tmp_path.iterdir()] == ["key"]
