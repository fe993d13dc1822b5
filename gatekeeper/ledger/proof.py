"""C2SP tlog-proof: everything a stranger needs to see that an entry is in the log, in one file. Owns its bytes."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.merkle import HASH_BYTES, leaf_hash, root_by_inclusion
from gatekeeper.ledger.note import Note, NoteError, parse_note

_HEAD = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
MOST_HASHES = 63


class ProofError(ValueError):
    """The bytes are not a proof, or it proves something else."""


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry's index, the hashes from the leaf's sibling to the root's child, and the signed checkpoint."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note

    @property
    def encoded(self) -> bytes:
        """The proof's bytes."""
        lines = [
            _HEAD,
            f"index {self.index}",
            *(base64.b64encode(each).decode() for each in self.hashes),
            "",
            "",
        ]
        return "\n".join(lines).encode() + self.note.encoded

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint, unverified. Raises NoteError."""
        return parse_checkpoint(self.note.text)

    def require(self, entry: bytes) -> Checkpoint:
        """Return the checkpoint in which `entry` is proven to be; its signatures are not checked. Raises ProofError."""
        try:
            checkpoint = self.checkpoint
            root = root_by_inclusion(leaf_hash(entry), self.index, checkpoint.size, self.hashes)
        except ValueError as error:
            raise ProofError(str(error)) from error
        if root != checkpoint.root:
            raise ProofError("the entry is not in the tree of this checkpoint")
        return checkpoint


def parse_proof(encoded: bytes) -> Proof:
    """Read a proof without checking it. Raises ProofError."""
    head, blank, signed = encoded.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
        note = parse_note(signed)
    except (UnicodeDecodeError, NoteError) as error:
        raise ProofError("this is not a proof") from error
    has_extra = len(lines) > 1 and _is_extra(lines[1])
    index = _INDEX.fullmatch(lines[2 if has_extra else 1]) if len(lines) > 1 + has_extra else None
    if not blank or lines[0] != _HEAD or index is None:
        raise ProofError("this is not a proof")
    hashes = tuple(_hash(line) for line in lines[2 + has_extra :])
    if len(hashes) > MOST_HASHES:
        raise ProofError(f"a proof has at most {MOST_HASHES} hashes")
    return Proof(int(index[1]), hashes, note)


def _is_extra(line: str) -> bool:
    """Tell whether this is the line of bytes that mean something to others only; they are passed over."""
    mark, blank, encoded = line.partition(" ")
    try:
        return mark == "extra" and bool(blank) and bool(base64.b64decode(encoded, validate=True))
    except binascii.Error:
        return False


def _hash(line: str) -> bytes:
    try:
        value = base64.b64decode(line, validate=True)
    except binascii.Error as error:
        raise ProofError("the proof has a line that is no hash") from error
    if len(value) != HASH_BYTES or base64.b64encode(value).decode() != line:
        raise ProofError("the proof has a line that is no hash")
    return value
