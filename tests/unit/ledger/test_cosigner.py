"""Signer and witness: they sign only what extends what they signed, and answer as C2SP tlog-witness says."""

from __future__ import annotations

import base64
import hashlib
import re
from itertools import pairwise
from pathlib import Path

import pytest

from gatekeeper.ledger.cosigner import Answer, Extension, LogSigner, Status, Witness
from gatekeeper.ledger.keys import Kind, VerifierKey, cosigned_seconds, new_key
from gatekeeper.ledger.note import Note, parse_note, parse_signatures, signed_by
from gatekeeper.ledger.signed_state import MOST_KEPT, SignedState
from tests.support.trees import LOG_KEY, ORIGIN, SECONDS, WITNESS_KEY, Tree, tree

EXTENDED = tree(40)


@pytest.fixture
def state(tmp_path: Path) -> SignedState:
    SignedState.create(tmp_path / "key.state")
    return SignedState(tmp_path / "key.state")


@pytest.fixture
def witness(state: SignedState) -> Witness:
    return Witness(WITNESS_KEY, [LOG_KEY.verifier], state, lambda: SECONDS)


@pytest.fixture
def signer(state: SignedState) -> LogSigner:
    return LogSigner(LOG_KEY, state, lambda: SECONDS)


def holds(answer: Answer, key: VerifierKey, of: Tree, size: int) -> bool:
    note = Note(of.checkpoint(size).text, parse_signatures(answer.body.encode()))
    return answer.status is Status.SIGNED and signed_by(note, [key]) == (key,)


@pytest.mark.parametrize("kind", [Kind.COSIGNATURE_ED25519, Kind.COSIGNATURE_MLDSA44])
def test_a_witness_cosigns_a_log_as_it_grows(state: SignedState, kind: Kind) -> None:
    key = new_key("witness.example/w", kind, b"W" * 32)
    witness = Witness(key, [LOG_KEY.verifier], state, lambda: SECONDS)
    sizes = [0, 1, 2, 7, 8, 8, 33, 40]
    for old_size, size in pairwise(sizes):
        answer = witness.add_checkpoint(EXTENDED.signed_request(old_size, size))
        assert holds(answer, key.verifier, EXTENDED, size)
        assert state.last(ORIGIN) == EXTENDED.checkpoint(size)


def test_the_signer_signs_what_the_log_asks_without_a_signature(
    signer: LogSigner, state: SignedState
) -> None:
    assert holds(signer.add_checkpoint(EXTENDED.request(0, 5)), LOG_KEY.verifier, EXTENDED, 5)
    assert holds(signer.add_checkpoint(EXTENDED.request(5, 40)), LOG_KEY.verifier, EXTENDED, 40)
    assert state.last(ORIGIN) == EXTENDED.checkpoint(40)


def test_what_was_signed_is_signed_again_when_the_answer_was_lost(signer: LogSigner) -> None:
    first = signer.add_checkpoint(EXTENDED.request(0, 5))
    assert signer.add_checkpoint(EXTENDED.request(0, 5)) == Answer(Status.CONFLICT, "5\n")
    assert signer.add_checkpoint(EXTENDED.request(5, 5)) == first


@pytest.mark.parametrize(
    ("old_size", "size", "expected"),
    [
        (20, 10, Answer(Status.MALFORMED, "the old size is larger than the checkpoint's\n")),
        (10, 30, Answer(Status.CONFLICT, "20\n")),
        (0, 10, Answer(Status.CONFLICT, "20\n")),
    ],
)
def test_nobody_goes_back(
    signer: LogSigner, state: SignedState, old_size: int, size: int, expected: Answer
) -> None:
    signer.add_checkpoint(EXTENDED.request(0, 20))
    request = EXTENDED.request(min(old_size, size), size)
    request = request.replace(f"old {min(old_size, size)}\n".encode(), f"old {old_size}\n".encode(), 1)
    assert signer.add_checkpoint(request) == expected
    assert state.last(ORIGIN) == EXTENDED.checkpoint(20)


@pytest.mark.parametrize(
    ("size", "expected"), [(20, Answer(Status.CONFLICT, "20\n")), (30, Answer(Status.INCONSISTENT))]
)
@pytest.mark.parametrize("fork_at", [0, 13, 19])
def test_a_fork_is_refused(
    witness: Witness, state: SignedState, fork_at: int, size: int, expected: Answer
) -> None:
    witness.add_checkpoint(EXTENDED.signed_request(0, 20))
    assert witness.add_checkpoint(tree(40, fork_at).signed_request(20, size)) == expected
    assert state.last(ORIGIN) == EXTENDED.checkpoint(20)


def contradictions(directory: Path, kind: str = "contradiction") -> list[tuple[Note, Note]]:
    """Pairs of notes that the witness kept: what it signed before, and what it refused."""
    kept = []
    for file in sorted(directory.glob(f"key.{kind}.*")):
        head, before, refused = re.split("signed before:\n|\nrefused:\n", file.read_text())
        assert head == ""
        kept.append((parse_note(before.encode()), parse_note(refused.encode())))
    return kept


@pytest.mark.parametrize(("size", "kind"), [(20, "contradiction"), (30, "unproven")])
def test_of_two_forks_that_the_log_signed_the_witness_refuses_one_and_keeps_both_notes(
    witness: Witness, tmp_path: Path, size: int, kind: str
) -> None:
    witness.add_checkpoint(EXTENDED.signed_request(0, 20))
    fork = tree(40, 13)
    for _ in range(2):
        assert witness.add_checkpoint(fork.signed_request(20, size)).status in (
            Status.CONFLICT,
            Status.INCONSISTENT,
        )
    kept = contradictions(tmp_path, kind)
    assert kept == [(EXTENDED.note(20), fork.note(size))]
    assert [signed_by(note, [LOG_KEY.verifier]) for note in kept[0]] == [(LOG_KEY.verifier,)] * 2


def test_a_fork_of_the_same_size_is_kept_whatever_size_it_is_said_to_extend(
    witness: Witness, tmp_path: Path
) -> None:
    witness.add_checkpoint(EXTENDED.signed_request(0, 20))
    assert witness.add_checkpoint(tree(20, 13).signed_request(0, 20)) == Answer(Status.CONFLICT, "20\n")
    assert contradictions(tmp_path) == [(EXTENDED.note(20), tree(20, 13).note(20))]


def test_a_fork_is_refused_though_its_note_cannot_be_kept(witness: Witness, tmp_path: Path) -> None:
    witness.add_checkpoint(EXTENDED.signed_request(0, 20))
    fork = tree(20, 13)
    name = hashlib.sha256(fork.checkpoint(20).text.encode()).hexdigest()[:16]
    (tmp_path / f".key.contradiction.{name}.draft").mkdir()
    assert witness.add_checkpoint(fork.signed_request(20, 20)) == Answer(Status.CONFLICT, "20\n")
    assert contradictions(tmp_path) == []


def test_a_late_client_and_a_stranger_contradict_nobody(witness: Witness, tmp_path: Path) -> None:
    witness.add_checkpoint(EXTENDED.signed_request(0, 20))
    stranger = new_key(ORIGIN, Kind.ED25519, b"X" * 32)
    for request in (
        EXTENDED.signed_request(0, 30),
        EXTENDED.signed_request(0, 10),
        EXTENDED.signed_request(0, 20),
        tree(40, 13).signed_request(20, 30, stranger),
    ):
        assert witness.add_checkpoint(request).status is not Status.SIGNED
    assert contradictions(tmp_path) + contradictions(tmp_path, "unproven") == []


def test_notes_without_a_proof_take_no_place_from_a_contradiction_and_neither_is_kept_without_end(
    witness: Witness, tmp_path: Path
) -> None:
    """Anybody can send honest notes with a false proof, as many as there are."""
    long = tree(20 + MOST_KEPT + 3)
    witness.add_checkpoint(long.signed_request(0, 20))
    for size in range(21, 20 + MOST_KEPT + 3):
        unproven = Extension(20, (b"x" * 32,), long.checkpoint(size)).encoded(long.note(size))
        assert witness.add_checkpoint(unproven) == Answer(Status.INCONSISTENT)
    assert len(contradictions(tmp_path, "unproven")) == MOST_KEPT
    for number in range(MOST_KEPT + 3):
        fork = tree(20, 13, mark=f"fork {number}")
        assert witness.add_checkpoint(fork.signed_request(20, 20)).status is Status.CONFLICT
    assert len(contradictions(tmp_path)) == MOST_KEPT


def test_a_proof_that_was_tampered_with_is_refused(witness: Witness, state: SignedState) -> None:
    witness.add_checkpoint(EXTENDED.signed_request(0, 13))
    request = EXTENDED.signed_request(13, 40)
    lines = request.split(b"\n")
    swapped = b"\n".join([lines[0], lines[2], lines[1], *lines[3:]])
    assert witness.add_checkpoint(swapped) == Answer(Status.INCONSISTENT)
    assert state.last(ORIGIN) == EXTENDED.checkpoint(13)


def test_a_witness_signs_nothing_that_the_log_has_not(witness: Witness, state: SignedState) -> None:
    stranger = new_key(ORIGIN, Kind.ED25519, b"X" * 32)
    assert witness.add_checkpoint(EXTENDED.signed_request(0, 5, stranger)) == Answer(Status.UNTRUSTED)
    forged = EXTENDED.signed_request(0, 5).replace(
        EXTENDED.checkpoint(5).text.encode(), tree(5, 2).checkpoint(5).text.encode()
    )
    assert witness.add_checkpoint(forged) == Answer(Status.UNTRUSTED)
    assert state.last(ORIGIN).size == 0


def test_a_witness_whose_clock_is_set_back_still_signs_one_history_only(state: SignedState) -> None:
    clock = [SECONDS]
    witness = Witness(WITNESS_KEY, [LOG_KEY.verifier], state, lambda: clock[0])
    witness.add_checkpoint(EXTENDED.signed_request(0, 20))
    clock[0] = SECONDS - 86_400
    assert witness.add_checkpoint(tree(40, 13).signed_request(20, 20)) == Answer(Status.CONFLICT, "20\n")
    assert witness.add_checkpoint(tree(40, 13).signed_request(20, 30)) == Answer(Status.INCONSISTENT)
    assert witness.add_checkpoint(EXTENDED.signed_request(0, 10)) == Answer(Status.CONFLICT, "20\n")
    answer = witness.add_checkpoint(EXTENDED.signed_request(20, 30))
    assert holds(answer, WITNESS_KEY.verifier, EXTENDED, 30)
    (signature,) = parse_signatures(answer.body.encode())
    assert cosigned_seconds(signature.value) == SECONDS - 86_400


def test_a_witness_takes_both_keys_of_a_log_and_one_history(state: SignedState, tmp_path: Path) -> None:
    later = new_key(ORIGIN, Kind.ED25519, b"2" * 32)
    witness = Witness(WITNESS_KEY, [LOG_KEY.verifier, later.verifier], state, lambda: SECONDS)
    key = WITNESS_KEY.verifier
    assert holds(witness.add_checkpoint(EXTENDED.signed_request(0, 20)), key, EXTENDED, 20)
    fork = tree(40, 13)
    assert witness.add_checkpoint(fork.signed_request(20, 30, later)) == Answer(Status.INCONSISTENT)
    assert contradictions(tmp_path, "unproven") == [(EXTENDED.note(20), fork.note(30, later))]
    assert holds(witness.add_checkpoint(EXTENDED.signed_request(20, 30, later)), key, EXTENDED, 30)


def test_another_log_is_unknown(witness: Witness, signer: LogSigner) -> None:
    other = Tree([b"entry"], origin="other.example/log")
    assert witness.add_checkpoint(other.signed_request(0, 1)) == Answer(Status.UNKNOWN_LOG)
    assert signer.add_checkpoint(other.request(0, 1)) == Answer(Status.UNKNOWN_LOG)


HASH = base64.b64encode(b"h" * 32)
REQUEST = EXTENDED.signed_request(0, 5)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"", b"\n\n", b"old 0", b"old 0\n\n", REQUEST[:-20], REQUEST.replace(b"old 0", b"old 00"),
        REQUEST.replace(b"old 0", b"old -1"), REQUEST.replace(b"old 0", b"new 0"), b"\xff" + REQUEST,
        REQUEST.replace(b"old 0\n", b"old 0\n" + (HASH + b"\n") * 64), REQUEST.replace(b"old 0\n", b"old 0\nAAAA\n"),
        REQUEST.replace(b"old 0\n", b"old 0\n!!!!\n"), REQUEST.replace(b"\n5\n", b"\n05\n"),
        REQUEST.replace(b"\n5\n", b"\nx\n"), REQUEST.replace(b"\n5\n", b"\n5\nextension\n"),
    ],
)  # fmt: skip
def test_what_is_no_request_is_malformed(
    witness: Witness, signer: LogSigner, state: SignedState, request_bytes: bytes
) -> None:
    assert witness.add_checkpoint(request_bytes).status is Status.MALFORMED
    assert state.last(ORIGIN).size == 0


def test_a_lost_memory_signs_nothing(signer: LogSigner, tmp_path: Path) -> None:
    signer.add_checkpoint(EXTENDED.request(0, 20))
    (tmp_path / "key.state").unlink()
    with pytest.raises(FileNotFoundError):
        signer.add_checkpoint(EXTENDED.request(0, 5))
    assert not (tmp_path / "key.state").exists()
