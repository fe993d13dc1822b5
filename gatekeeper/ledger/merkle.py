"""The Merkle tree of RFC 6962 and RFC 9162 over SHA-256: hashes, roots and proofs. Pure mathematics, no storage.

A tree of n leaves is kept as its complete subtrees: the node at `(level, index)` covers the leaves from
`index * 2**level` up to, not including, `(index + 1) * 2**level`, and exists once all of them do. Appending changes no
node; it adds about two for each leaf. Proofs are read from the nodes that exist, so their cost is logarithmic.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

Node = tuple[int, int]
Nodes = Callable[[Sequence[Node]], Sequence[bytes]]
"""Returns the hashes of complete subtrees, in the order asked for."""

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """MTH({d}) of RFC 6962, 2.1: SHA-256 over 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256 over 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def subtrees(start: int, end: int) -> list[Node]:
    """Return the complete subtrees that the leaves `start:end` fall into, from left to right."""
    found: list[Node] = []
    at = start
    while at < end:
        level = (end - at).bit_length() - 1
        if at:
            level = min(level, (at & -at).bit_length() - 1)
        found.append((level, at >> level))
        at += 1 << level
    return found


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over adjoining subtrees whose sizes fall from left to right: the right ones are joined first."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for each in reversed(hashes[:-1]):
        root = node_hash(each, root)
    return root


def root(size: int, nodes: Nodes) -> bytes:
    """Return the root of the first `size` leaves."""
    return fold(nodes(subtrees(0, size)))


class Frontier:
    """The right edge of a tree: what an append needs to know of it. At most one hash for each level."""

    def __init__(self, size: int, edge: Sequence[bytes]) -> None:
        """`edge` are the hashes of `subtrees(0, size)`."""
        if len(edge) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} subtrees, not {len(edge)}")
        self.size = size
        self.edge = list(edge)

    def append(self, hashed_leaf: bytes) -> Iterator[tuple[Node, bytes]]:
        """Add a leaf; yield each complete subtree that comes to be, the leaf itself first."""
        level, index, joined = 0, self.size, hashed_leaf
        yield (level, index), joined
        while index & 1:
            joined = node_hash(self.edge.pop(), joined)
            level, index = level + 1, index >> 1
            yield (level, index), joined
        self.edge.append(joined)
        self.size += 1

    def root(self) -> bytes:
        """The root over all leaves so far."""
        return fold(self.edge)


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """PATH(index, D[size]) of RFC 6962, 2.1.1: siblings from the leaf to the root. `index` is below `size`."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    return _hashes(_path(index, 0, size), nodes)


def consistency_proof(first: int, second: int, nodes: Nodes) -> list[bytes]:
    """PROOF(first, D[second]) of RFC 6962, 2.1.2; empty when one size is 0 or both are the same."""
    if not 0 <= first <= second:
        raise ValueError(f"{second} leaves do not extend {first}")
    if first in (0, second):
        return []
    return _hashes(_subproof(first, 0, second, whole=True), nodes)


def root_by_inclusion(hashed_leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """Return the root that an inclusion proof leads to (RFC 9162, 2.1.3.2). Raises ValueError for the wrong length."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    at, last, joined = index, size - 1, hashed_leaf
    for sibling in proof:
        if last == 0:
            raise ValueError("the inclusion proof is too long")
        if at & 1 or at == last:
            joined = node_hash(sibling, joined)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            joined = node_hash(joined, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise ValueError("the inclusion proof is too short")
    return joined


def is_consistent(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether the proof shows that the second tree extends the first (RFC 9162, 2.1.4.2)."""
    if first > second:
        return False
    if first in (0, second):
        same = first_root == (EMPTY_ROOT if first == 0 else second_root)
        return same and not proof
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    if not path:
        return False
    at, last = first - 1, second - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        at, last = at >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def _path(index: int, start: int, end: int) -> list[tuple[int, int]]:
    """The ranges of leaves whose roots prove `index`, from the leaf's sibling upwards."""
    ranges: list[tuple[int, int]] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def _subproof(first: int, start: int, end: int, *, whole: bool) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    while first != end:
        middle = start + _split(end - start)
        if first <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, whole = middle, False
    if not whole:
        ranges.append((start, end))
    return ranges[::-1]


def _hashes(ranges: Sequence[tuple[int, int]], nodes: Nodes) -> list[bytes]:
    """Return the root of each range, asking for all of their subtrees at once."""
    parts = [subtrees(start, end) for start, end in ranges]
    found = iter(nodes([node for part in parts for node in part]))
    return [fold([next(found) for _ in part]) for part in parts]
