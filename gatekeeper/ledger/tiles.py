"""C2SP tlog-tiles v0.1.0: how a tree is cut into files that any static server can serve.

Owns names of tiles and bundles and their bytes. A tile holds 256 hashes of one level of the tree cut every 8 levels; an
entry bundle holds 256 entries, each behind its length. The last of a row may be partial.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gatekeeper.ledger.merkle import Node

WIDTH = 256
HEIGHT = 8
MOST_ENTRY_BYTES = 0xFFFF
_PATH = re.compile(r"tile/(entries|0|[1-9]\d?)/((?:x\d{3}/)*\d{3})(?:\.p/([1-9]\d{0,2}))?")
_LEVELS = 64


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile of hashes at `level` of the cut tree, or a bundle of entries (no `level`); a full one is 256 wide."""

    level: int | None
    index: int
    width: int

    @property
    def path(self) -> str:
        """Its name below the log's address."""
        level = "entries" if self.level is None else str(self.level)
        groups = [f"{self.index % 1000:03d}"]
        rest = self.index // 1000
        while rest:
            groups.insert(0, f"x{rest % 1000:03d}")
            rest //= 1000
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{'/'.join(groups)}{partial}"

    @property
    def nodes(self) -> list[Node]:
        """The complete subtrees whose hashes a tile holds, in order."""
        if self.level is None:
            raise ValueError("a bundle holds entries, not hashes")
        first = self.index * WIDTH
        return [(self.level * HEIGHT, first + offset) for offset in range(self.width)]


def parse_path(path: str) -> Tile | None:
    """Return the tile that a path names, or None: every tile has exactly one name."""
    match = _PATH.fullmatch(path)
    if match is None:
        return None
    level = None if match[1] == "entries" else int(match[1])
    index = int(match[2].replace("x", "").replace("/", ""))
    tile = Tile(level, index, int(match[3] or WIDTH))
    known = (level is None or level < _LEVELS) and tile.width <= WIDTH
    return tile if known and tile.path == path else None


def tiles_between(before: int, size: int) -> Iterator[Tile]:
    """Yield the tiles and bundles of a tree of `size` leaves that a tree of `before` leaves did not have yet."""
    for level in (None, *range(_LEVELS // HEIGHT)):
        shift = HEIGHT * (level or 0)
        old, new = before >> shift, size >> shift
        if not new:
            return
        for index in range(old // WIDTH, new // WIDTH):
            yield Tile(level, index, WIDTH)
        if new % WIDTH and new != old:
            yield Tile(level, new // WIDTH, new % WIDTH)


def is_within(tile: Tile, size: int) -> bool:
    """Tell whether a tree of `size` leaves has all that the tile holds."""
    return (tile.index * WIDTH + tile.width) << (HEIGHT * (tile.level or 0)) <= size


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return entries as a bundle. Raises ValueError for one longer than 65,535 bytes."""
    if any(len(entry) > MOST_ENTRY_BYTES for entry in entries):
        raise ValueError(f"an entry may have {MOST_ENTRY_BYTES} bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def cut_bundle(bundle: bytes) -> tuple[list[bytes], bool]:
    """Return the entries that a bundle has whole, and whether it ends with the last of them."""
    entries: list[bytes] = []
    at, end = 0, len(bundle)
    while at + 2 <= end:
        after = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if after > end:
            break
        entries.append(bundle[at + 2 : after])
        at = after
    return entries, at == end
