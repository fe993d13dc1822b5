"""A key and its memory: made together, once, for their owner only; one without the other signs nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.errors import ConflictError, InvalidInputError, TamperError, UnavailableError
from gatekeeper.ledger.key_files import (
    create_key,
    read_key,
    retired_keys,
    retired_path,
    rotate_key,
    state_path,
)
from gatekeeper.ledger.keys import new_key
from tests.support.trees import LOG_KEY, ORIGIN, tree


def test_a_key_and_its_memory_are_their_owner_s_only(tmp_path: Path) -> None:
    create_key(tmp_path / "key", LOG_KEY)
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        "key": 0o600,
        "key.state": 0o600,
    }
    key, state = read_key(tmp_path / "key")
    assert (key, state.last(ORIGIN).size) == (LOG_KEY, 0)


def test_a_key_is_made_once(tmp_path: Path) -> None:
    create_key(tmp_path / "key", LOG_KEY)
    with pytest.raises(ConflictError):
        create_key(tmp_path / "key", LOG_KEY)


def test_the_memory_of_a_key_that_is_there_does_not_begin_anew(tmp_path: Path) -> None:
    create_key(tmp_path / "key", LOG_KEY)
    state_path(tmp_path / "key").unlink()
    with pytest.raises(ConflictError) as refused:
        create_key(tmp_path / "key", LOG_KEY)
    assert refused.value.code == "key_exists"
    assert not state_path(tmp_path / "key").exists()


def test_a_key_that_could_not_be_written_may_be_made_again(tmp_path: Path) -> None:
    blocked = tmp_path / ".key.draft"
    blocked.mkdir()
    with pytest.raises(UnavailableError) as refused:
        create_key(tmp_path / "key", LOG_KEY)
    assert refused.value.code == "key_unwritable"
    assert list(tmp_path.iterdir()) == [blocked]
    blocked.rmdir()
    create_key(tmp_path / "key", LOG_KEY)
    assert read_key(tmp_path / "key")[0] == LOG_KEY


def test_a_key_that_cannot_be_replaced_is_there_still_and_no_other_beside_it(tmp_path: Path) -> None:
    create_key(tmp_path / "key", LOG_KEY)
    (tmp_path / ".key.draft").mkdir()
    with pytest.raises(UnavailableError) as refused:
        rotate_key(tmp_path / "key", b"2" * 32)
    assert refused.value.code == "key_unwritable"
    assert (tmp_path / "key").read_text() == LOG_KEY.encoded
    assert sorted(each.name for each in tmp_path.iterdir() if each.is_file()) == [
        "key",
        "key.retired",
        "key.state",
    ]


def test_what_was_signed_is_remembered(tmp_path: Path) -> None:
    create_key(tmp_path / "key", LOG_KEY)
    with read_key(tmp_path / "key")[1].locked() as state:
        state.replace(tree(7).checkpoint(7))
    assert read_key(tmp_path / "key")[1].last(ORIGIN) == tree(7).checkpoint(7)
    assert state_path(tmp_path / "key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "content", [None, b"", b"{", b"[]", b'{"log.example/log": 7}', b'{"log.example/log": "7"}']
)
def test_a_key_whose_memory_is_lost_or_damaged_is_refused(tmp_path: Path, content: bytes | None) -> None:
    create_key(tmp_path / "key", LOG_KEY)
    state_path(tmp_path / "key").unlink()
    if content is not None:
        state_path(tmp_path / "key").write_bytes(content)
    with pytest.raises(TamperError, match="Bring back its newest copy") as refused:
        read_key(tmp_path / "key")
    assert refused.value.code == "state_lost"
    assert state_path(tmp_path / "key").exists() == (content is not None)


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    create_key(tmp_path / "key", LOG_KEY)
    (tmp_path / "key").chmod(0o640)
    with pytest.raises(InvalidInputError, match="chmod 600"):
        read_key(tmp_path / "key")


def test_no_key_and_what_is_no_key_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match="gatekeeper ledger new-key"):
        read_key(tmp_path / "key")
    create_key(tmp_path / "key", LOG_KEY)
    (tmp_path / "key").write_text("nothing")
    with pytest.raises(InvalidInputError) as refused:
        read_key(tmp_path / "key")
    assert "nothing" not in refused.value.detail


def test_a_key_that_takes_the_place_of_another_goes_on_with_its_memory(tmp_path: Path) -> None:
    create_key(tmp_path / "key", LOG_KEY)
    with read_key(tmp_path / "key")[1].locked() as state:
        state.replace(tree(7).checkpoint(7))
    assert retired_keys(tmp_path / "key") == ()
    second, third = (rotate_key(tmp_path / "key", seed * 32) for seed in (b"2", b"3"))
    assert [second, third] == [new_key(ORIGIN, LOG_KEY.kind, seed * 32) for seed in (b"2", b"3")]
    key, state = read_key(tmp_path / "key")
    assert (key, state.last(ORIGIN)) == (third, tree(7).checkpoint(7))
    assert retired_keys(tmp_path / "key") == (second.verifier, LOG_KEY.verifier)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key", "key.lock", "key.retired", "key.state"]
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE" not in retired_path(tmp_path / "key").read_bytes()


def test_a_key_without_its_memory_is_not_replaced(tmp_path: Path) -> None:
    create_key(tmp_path / "key", LOG_KEY)
    state_path(tmp_path / "key").unlink()
    with pytest.raises(TamperError):
        rotate_key(tmp_path / "key", b"2" * 32)
    assert (tmp_path / "key").read_text() == LOG_KEY.encoded


def test_a_rotation_that_was_killed_half_way_is_done_again(tmp_path: Path) -> None:
    create_key(tmp_path / "key", LOG_KEY)
    retired_path(tmp_path / "key").write_text(f"{LOG_KEY.verifier.vkey}\n")
    (tmp_path / ".key.draft").write_text("half a")
    assert retired_keys(tmp_path / "key") == ()
    rotate_key(tmp_path / "key", b"2" * 32)
    assert retired_keys(tmp_path / "key") == (LOG_KEY.verifier,)


def test_a_damaged_list_of_retired_keys_is_said(tmp_path: Path) -> None:
    create_key(tmp_path / "key", LOG_KEY)
    retired_path(tmp_path / "key").write_text("nonsense\n")
    with pytest.raises(InvalidInputError, match="does not list public keys"):
        retired_keys(tmp_path / "key")
