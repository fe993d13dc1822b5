"""C2SP tlog-checkpoint v1.0.0: what a log says of itself, as the text of a note."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from gatekeeper.ledger.merkle import HASH_BYTES
from gatekeeper.ledger.note import NoteError

MOST_LEAVES = 2**62


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log's origin, its size in leaves and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a note as a checkpoint. Extension lines are refused: nobody could audit them.

    Raises NoteError.
    """
    lines = text.split("\n")
    if len(lines) != 4 or lines[3] or not lines[0]:
        raise NoteError("a checkpoint has three lines: origin, size and root")
    origin, size, encoded = lines[:3]
    if not (size.isascii() and size.isdecimal()) or str(int(size[:20])) != size or int(size) > MOST_LEAVES:
        raise NoteError("the checkpoint's size is not a whole number")
    try:
        root = base64.b64decode(encoded, validate=True)
    except ValueError as error:
        raise NoteError("the checkpoint's root is not base64") from error
    checkpoint = Checkpoint(origin, int(size), root)
    if len(root) != HASH_BYTES or checkpoint.text != text:
        raise NoteError("the checkpoint's root is not a SHA-256 hash")
    return checkpoint
