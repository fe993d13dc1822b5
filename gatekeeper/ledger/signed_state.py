"""What a signer or witness remembers: the last checkpoint it signed of each log, in one file.

Owns the file, and those beside it with what a witness would not sign. The memory is replaced whole and is on disk
before `replace` returns; a lock beside it keeps threads and processes from signing with one memory at once. A file that
is missing or cannot be read is an error, never an empty memory: whoever forgets what was signed would sign another
history.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.merkle import EMPTY_ROOT
from gatekeeper.ledger.note import Note
from gatekeeper.ledger.whole_file import PRIVATE, write_whole

MOST_KEPT = 256


class Refused(StrEnum):
    """What a refused note shows.

    Two roots of one size convict the log whoever sent them. A note that came without a proof shows only that somebody
    had no proof, and anybody may send many: it takes no place from the others.
    """

    CONTRADICTION = "contradiction"
    UNPROVEN = "unproven"


class SignedState:
    """The file at `path`; made, empty, when a key is made and at no other time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @staticmethod
    def create(path: Path) -> None:
        """Make an empty memory. Raises FileExistsError when there is one."""
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE), "w") as file:
            file.write("{}\n")
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def locked(self) -> Iterator[SignedState]:
        """Hold the memory alone, among threads and processes."""
        with self._path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield self

    def last(self, origin: str) -> Checkpoint:
        """Return the last checkpoint that was signed of a log: of size 0 when none was.

        Raises OSError or ValueError when the file cannot be read.
        """
        kept = self._texts().get(origin)
        if kept is None:
            return Checkpoint(origin, 0, EMPTY_ROOT)
        text, blank, _ = kept.partition("\n\n")
        return parse_checkpoint(f"{text}\n" if blank else kept)

    def replace(self, checkpoint: Checkpoint, note: Note | None = None) -> None:
        """Remember a checkpoint in the place of the log's last one, as the log signed it if it did already."""
        kept = checkpoint.text if note is None else note.encoded.decode()
        texts = self._texts() | {checkpoint.origin: kept}
        write_whole(self._path, json.dumps(texts).encode(), PRIVATE)

    def keep_refused(self, note: Note, kind: Refused) -> bool:
        """Keep a note of the log that was not signed, beside the one that was; each once, and of each kind so many.

        Returns whether it is new. Raises OSError.
        """
        mark = f"{self._path.stem}.{kind.value}."
        path = self._path.with_name(mark + hashlib.sha256(note.text.encode()).hexdigest()[:16])
        kept = [each for each in self._path.parent.iterdir() if each.name.startswith(mark)]
        if path in kept or len(kept) >= MOST_KEPT:
            return False
        origin = note.text.partition("\n")[0]
        signed = self._texts().get(origin, "nothing\n")
        refused = note.encoded.decode()
        write_whole(path, f"signed before:\n{signed}\nrefused:\n{refused}".encode())
        return True

    def _texts(self) -> dict[str, str]:
        texts = json.loads(self._path.read_text(encoding="utf-8"))
        if not isinstance(texts, dict) or not all(isinstance(each, str) for each in texts.values()):
            raise ValueError(f"{self._path} is not the memory of a signer")
        return texts
