"""A Merkle tree in memory, and what a log would ask a signer or witness about it."""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.cosigner import Extension
from gatekeeper.ledger.keys import Kind, SigningKey, new_key
from gatekeeper.ledger.merkle import Frontier, Node, consistency_proof, leaf_hash, root
from gatekeeper.ledger.note import Note

ORIGIN = "log.example/log"
LOG_KEY = new_key(ORIGIN, Kind.ED25519, b"L" * 32)
WITNESS_KEY = new_key("witness.example/w", Kind.COSIGNATURE_ED25519, b"W" * 32)
SECONDS = 1_780_000_000


class Tree:
    """Entries and every complete subtree over them."""

    def __init__(self, entries: Sequence[bytes], origin: str = ORIGIN) -> None:
        self.origin = origin
        frontier = Frontier(0, [])
        self._nodes: dict[Node, bytes] = {}
        for entry in entries:
            self._nodes.update(frontier.append(leaf_hash(entry)))

    def nodes(self, wanted: Sequence[Node]) -> list[bytes]:
        return [self._nodes[node] for node in wanted]

    def checkpoint(self, size: int) -> Checkpoint:
        return Checkpoint(self.origin, size, root(size, self.nodes))

    def note(self, size: int, key: SigningKey = LOG_KEY) -> Note:
        checkpoint = self.checkpoint(size)
        return Note(checkpoint.text, (key.sign(checkpoint, SECONDS),))

    def extension(self, old_size: int, size: int) -> Extension:
        return Extension(
            old_size, tuple(consistency_proof(old_size, size, self.nodes)), self.checkpoint(size)
        )

    def request(self, old_size: int, size: int) -> bytes:
        """As the log asks its signer."""
        return self.extension(old_size, size).encoded()

    def signed_request(self, old_size: int, size: int, key: SigningKey = LOG_KEY) -> bytes:
        """As the log asks a witness."""
        return self.extension(old_size, size).encoded(self.note(size, key))


def tree(count: int, fork_at: int | None = None, mark: str = "forked") -> Tree:
    """A log of `count` entries, and another history from `fork_at` on."""
    entries = [f"entry {index}" for index in range(count)]
    if fork_at is not None:
        entries[fork_at] = mark
    return Tree([entry.encode() for entry in entries])
