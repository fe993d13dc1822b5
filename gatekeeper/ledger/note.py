"""C2SP signed notes v1.0.0: text with signatures by named keys. Owns their bytes and how signatures are checked.

A verifier answers for one key; signatures by unknown keys are passed over, a false one by a known key spoils the note.
How a signature covers the text is the verifier's business: see `keys.py`.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

MOST_SIGNATURES = 64
MOST_NOTE_BYTES = 512 * 1024
_MARK = "\u2014 "


class NoteError(ValueError):
    """The bytes are not a note, or its signatures do not hold."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: a key's name, its 4-byte id and the rest, which the key's kind defines."""

    name: str
    key_id: bytes
    value: bytes

    @property
    def line(self) -> str:
        """The line as it stands in a note, with its end."""
        return f"{_MARK}{self.name} {base64.b64encode(self.key_id + self.value).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, which ends in a newline, and its signatures in order."""

    text: str
    signatures: tuple[Signature, ...]

    @property
    def encoded(self) -> bytes:
        """The note's bytes."""
        return (self.text + "\n" + "".join(each.line for each in self.signatures)).encode()


class Verifier(Protocol):
    """A key as verifiers know it."""

    @property
    def name(self) -> str:
        """The key's name."""
        ...

    @property
    def key_id(self) -> bytes:
        """The key's id: 4 bytes."""
        ...

    def holds(self, text: str, value: bytes) -> bool:
        """Tell whether `value` is this key's signature of the text."""
        ...


def parse_note(encoded: bytes) -> Note:
    """Read a note without checking any signature. Raises NoteError."""
    if len(encoded) > MOST_NOTE_BYTES:
        raise NoteError(f"a note may have {MOST_NOTE_BYTES} bytes")
    try:
        whole = encoded.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NoteError("the note is not UTF-8") from error
    if any(character < " " and character != "\n" for character in whole):
        raise NoteError("the note holds a control character")
    text, blank, lines = whole.rpartition("\n\n")
    if not blank or not lines.endswith("\n"):
        raise NoteError("the note has no signatures")
    signatures = tuple(_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        raise NoteError(f"a note may have {MOST_SIGNATURES} signatures")
    return Note(text + "\n", signatures)


def parse_signatures(lines: bytes) -> tuple[Signature, ...]:
    """Read signature lines alone, as a witness answers them. Raises NoteError."""
    return parse_note(b"x\n\n" + lines).signatures


def signed_by(note: Note, verifiers: Sequence[Verifier]) -> tuple[Verifier, ...]:
    """Return the verifiers whose signatures hold, in their order. Raises NoteError for a false one by a known key."""
    held = []
    for verifier in verifiers:
        own = [
            each for each in note.signatures if (each.name, each.key_id) == (verifier.name, verifier.key_id)
        ]
        if any(not verifier.holds(note.text, each.value) for each in own):
            raise NoteError(f"the signature by {verifier.name} does not hold")
        held += [verifier] if own else []
    return tuple(held)


def is_key_name(name: str) -> bool:
    """Tell whether a key may have this name: not empty, no blank, no plus."""
    return bool(name) and "+" not in name and not any(each.isspace() or each < " " for each in name)


def _signature(line: str) -> Signature:
    name, blank, encoded = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or not blank or not is_key_name(name):
        raise NoteError("the note has a line that is no signature")
    try:
        value = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise NoteError("the note has a signature that is not base64") from error
    if len(value) < 5 or base64.b64encode(value).decode() != encoded:
        raise NoteError("the note has a signature that is not base64")
    return Signature(name, value[:4], value[4:])
