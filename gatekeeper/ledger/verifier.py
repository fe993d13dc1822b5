"""Is a log whole? For anybody who has its bytes and knows a key: nothing else of the house is needed or trusted.

Owns the verdict. The root is recomputed from the bytes of the entries; hashes that the log serves are only compared
with it, so that a log cannot vouch for itself. "Tampered" is a contradiction; what is missing or not proven is "cannot
tell", which is never "whole". Memory does not grow with the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from gatekeeper.errors import TamperError, UnavailableError
from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.merkle import HASH_BYTES, fold, leaf_hash, node_hash, subtrees
from gatekeeper.ledger.note import Note, NoteError, parse_note
from gatekeeper.ledger.tiles import WIDTH, Tile, cut_bundle
from gatekeeper.ledger.witness_policy import NotWitnessedError, WitnessPolicy

CHECKPOINT = "checkpoint"
_NOT_A_LOG = (
    "there is no checkpoint: is this an exported directory, or the address of a log, such as .../log?"
)

Read = Callable[[str], bytes | None]
"""Gives the bytes at a path of C2SP tlog-tiles, None when nothing is there. Raises UnavailableError."""

Progress = Callable[[int, int], None]
"""Told how many entries were verified, of how many."""


class Verdict(IntEnum):
    """What a verifier can say; its exit code."""

    WHOLE = 0
    TAMPERED = 1
    CANNOT_TELL = 2


@dataclass(frozen=True, slots=True)
class Verification:
    """The verdict, why, the first index that does not hold where one can be named, and the log's signed checkpoint."""

    verdict: Verdict
    detail: str
    first_bad_index: int | None = None
    note: Note | None = None


def verify_log(
    read: Read, policy: WitnessPolicy, pin: Checkpoint | None = None, progress: Progress | None = None
) -> Verification:
    """Verify a log: every byte, its signatures, and that it extends the pinned checkpoint."""
    return concluded(lambda: _verified(read, policy, pin, progress))


def concluded(verify: Callable[[], tuple[str, Note | None]]) -> Verification:
    """Turn what a verification returns (what it found, and the checkpoint) or raises into a verdict."""
    try:
        detail, note = verify()
    except TamperError as fault:
        index = fault.fields.get("index")
        return Verification(Verdict.TAMPERED, fault.detail, index if isinstance(index, int) else None)
    except UnavailableError as fault:
        return Verification(Verdict.CANNOT_TELL, fault.detail)
    return Verification(Verdict.WHOLE, detail, note=note)


def require_signed(note: Note, policy: WitnessPolicy) -> Checkpoint:
    """Return the checkpoint that a note holds, if the policy accepts it.

    Raises TamperError when no known log signed it or a signature is false, UnavailableError when the quorum is not met.
    """
    try:
        checkpoint = parse_checkpoint(note.text)
        policy.require(note)
    except NotWitnessedError as error:
        raise UnavailableError(str(error)) from error
    except NoteError as error:
        raise TamperError(str(error)) from error
    return checkpoint


def require_extends(checkpoint: Checkpoint, pin: Checkpoint) -> None:
    """Refuse a checkpoint that cannot extend the pinned one.

    Raises TamperError when it is shorter, UnavailableError when it is of another log.
    """
    if pin.origin != checkpoint.origin:
        raise UnavailableError(
            f"the pin is of another log, {pin.origin}, and says nothing of {checkpoint.origin}"
        )
    if pin.size > checkpoint.size:
        raise TamperError(
            f"ROLLBACK {pin.size}>{checkpoint.size}: the log is shorter than it was", index=checkpoint.size
        )


def require_pinned_root(root: bytes | None, pin: Checkpoint) -> None:
    """Compare the root over as many leaves as the pin has with the pinned one. Raises TamperError."""
    if root != pin.root:
        raise TamperError(f"FORK: the first {pin.size} entries are not those that were pinned")


def _verified(
    read: Read, policy: WitnessPolicy, pin: Checkpoint | None, progress: Progress | None
) -> tuple[str, Note]:
    note = _note(read)
    checkpoint = require_signed(note, policy)
    if pin is not None:
        require_extends(checkpoint, pin)
    tree = _Tree(read)
    pinned_root = tree.root() if pin is not None and pin.size == 0 else None
    for first in range(0, checkpoint.size, WIDTH):
        hashes = _leaf_hashes(read, first, min(WIDTH, checkpoint.size - first))
        if pin is not None and first < pin.size <= first + len(hashes):
            pinned_root = tree.root(hashes[: pin.size - first])
        tree.add(hashes)
        if progress is not None:
            progress(first + len(hashes), checkpoint.size)
    tree.require_last_tiles()
    if tree.root() != checkpoint.root:
        raise TamperError("the entries do not lead to the root that was signed")
    if pin is not None:
        require_pinned_root(pinned_root, pin)
    return f"{checkpoint.size} entries, root {checkpoint.root.hex()}", note


class _Tree:
    """The tree as it grows: of each level of tiles, the hashes since the last full tile, and how many tiles were full.

    Every tile is compared with the one that the log serves as soon as it is complete.
    """

    def __init__(self, read: Read) -> None:
        self._read = read
        self._rows: list[list[bytes]] = [[]]
        self._full: list[int] = [0]

    def add(self, hashes: Sequence[bytes]) -> None:
        """Add the leaves of one bundle, whose own tile was compared already. Only the last may hold less than 256."""
        self._rows[0] = list(hashes)
        level = 0
        while len(self._rows[level]) == WIDTH:
            if level:
                self._require_tile(level)
            joined = _joined(self._rows[level])
            self._rows[level] = []
            self._full[level] += 1
            level += 1
            if level == len(self._rows):
                self._rows.append([])
                self._full.append(0)
            self._rows[level].append(joined)

    def require_last_tiles(self) -> None:
        """Compare the tiles at the end of the log, which are not full."""
        for level, row in enumerate(self._rows):
            if level and row:
                self._require_tile(level)

    def root(self, hashes: Sequence[bytes] | None = None) -> bytes:
        """The root of all leaves so far; with `hashes`, of those with these behind them."""
        rows = self._rows if hashes is None else [list(hashes), *self._rows[1:]]
        edge: list[bytes] = []
        for row in reversed(rows):
            for level, index in subtrees(0, len(row)):
                edge.append(_joined(row[index << level : (index + 1) << level]))
        return fold(edge)

    def _require_tile(self, level: int) -> None:
        tile = Tile(level, self._full[level], len(self._rows[level]))
        different = _first_difference(self._rows[level], _content(self._read, tile))
        if different is not None:
            index = (tile.index * WIDTH + different) * WIDTH**level
            raise TamperError(f"{tile.path} does not match its entries", index=index)


def _note(read: Read) -> Note:
    encoded = read(CHECKPOINT)
    if encoded is None:
        raise UnavailableError(_NOT_A_LOG)
    try:
        return parse_note(encoded)
    except NoteError as error:
        raise TamperError(f"the checkpoint is not one: {error}") from error


def _leaf_hashes(read: Read, first: int, width: int) -> list[bytes]:
    """Hash the entries of one bundle and compare each with its leaf hash."""
    bundle, tile = Tile(None, first // WIDTH, width), Tile(0, first // WIDTH, width)
    entries, is_whole = cut_bundle(_content(read, bundle))
    hashes = [leaf_hash(entry) for entry in entries]
    served = _content(read, tile)
    different = _first_difference(hashes[:width], served[: len(hashes) * HASH_BYTES])
    if different is not None:
        index = first + different
        raise TamperError(f"entry {index} does not match its leaf hash", index=index)
    if not is_whole or len(hashes) != width:
        index = first + min(len(hashes), width)
        raise TamperError(f"{bundle.path} does not hold {width} whole entries", index=index)
    if len(served) != width * HASH_BYTES:
        raise TamperError(
            f"{tile.path} does not hold {width} hashes", index=first + len(served) // HASH_BYTES
        )
    return hashes


def _content(read: Read, tile: Tile) -> bytes:
    content = read(tile.path)
    if content is None:
        raise UnavailableError(f"{tile.path} is missing")
    return content


def _first_difference(hashes: Sequence[bytes], served: bytes) -> int | None:
    """Return the place of the first hash that is not the one in a tile; behind the last when the tile has more."""
    if b"".join(hashes) == served:
        return None
    for offset, value in enumerate(hashes):
        if served[offset * HASH_BYTES : (offset + 1) * HASH_BYTES] != value:
            return offset
    return len(hashes)


def _joined(hashes: Sequence[bytes]) -> bytes:
    """The root over a complete subtree, whose size is a power of two."""
    while len(hashes) > 1:
        hashes = [node_hash(left, right) for left, right in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]
