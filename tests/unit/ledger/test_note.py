"""Signed notes: the published example verifies, and nothing else does."""

from __future__ import annotations

import pytest

from gatekeeper.ledger.keys import KeyFormatError, parse_vkey
from gatekeeper.ledger.note import Note, NoteError, parse_note, signed_by

# golang.org/x/mod/sumdb/note, the package's own example
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
BY_PETER = (
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"
ENCODED = f"{TEXT}\n{BY_PETER}{BY_ENOCH}".encode()


def test_the_published_example_verifies() -> None:
    note, keys = parse_note(ENCODED), [parse_vkey(PETER), parse_vkey(ENOCH)]
    assert (note.text, note.encoded) == (TEXT, ENCODED)
    assert signed_by(note, keys) == tuple(keys)
    assert [key.vkey for key in keys] == [PETER, ENOCH]


def test_signatures_by_unknown_keys_are_passed_over() -> None:
    assert signed_by(parse_note(ENCODED), [parse_vkey(ENOCH)]) == (parse_vkey(ENOCH),)
    assert signed_by(parse_note(f"{TEXT}\n{BY_PETER}".encode()), [parse_vkey(ENOCH)]) == ()


def test_a_false_signature_by_a_known_key_spoils_the_note() -> None:
    note = parse_note(ENCODED)
    with pytest.raises(NoteError, match="the signature by PeterNeumann does not hold"):
        signed_by(Note("Another text\n", note.signatures), [parse_vkey(PETER)])


def test_no_byte_of_it_can_be_changed_unnoticed() -> None:
    keys = [parse_vkey(PETER), parse_vkey(ENOCH)]
    for at in range(len(ENCODED)):
        changed = bytearray(ENCODED)
        changed[at] ^= 1
        try:
            held = signed_by(parse_note(bytes(changed)), keys)
        except NoteError:
            continue
        assert held != tuple(keys), at


@pytest.mark.parametrize(
    "encoded",
    [
        b"", b"text\n", b"text\n\n", b"text\n\nno signature\n", b"text\r\n\n" + BY_PETER.encode(),
        b"\xff\n\n" + BY_PETER.encode(),
        ENCODED[:-1], ENCODED + b"\n", f"{TEXT}\n{BY_PETER * 65}".encode(),
        f"{TEXT}\n— Peter+Neumann AAAAAAA=\n".encode(),
        f"{TEXT}\n— PeterNeumann AAAA\n".encode(), f"{TEXT}\n— PeterNeumann %%%%\n".encode(),
    ],
)  # fmt: skip
def test_what_is_no_note_is_refused(encoded: bytes) -> None:
    with pytest.raises(NoteError):
        parse_note(encoded)


@pytest.mark.parametrize(
    "vkey",
    ["", "PeterNeumann", PETER[:-4], PETER.replace("c74f20a3", "c74f20a4"), PETER.replace("Peter", "Piter"),
     PETER.replace("+AR", "+CR"), " " + PETER],
)  # fmt: skip
def test_what_is_no_key_is_refused(vkey: str) -> None:
    with pytest.raises(KeyFormatError):
        parse_vkey(vkey)
