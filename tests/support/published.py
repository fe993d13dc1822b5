"""A stranger who fetches a published log over HTTP and believes nothing but the keys."""

from __future__ import annotations

from dataclasses import dataclass

from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.merkle import Frontier, leaf_hash
from gatekeeper.ledger.note import NoteError, parse_note
from gatekeeper.ledger.tiles import WIDTH, Tile, cut_bundle
from gatekeeper.ledger.witness_policy import WitnessPolicy, parse_policy
from tests.support.ports import wait_until
from tests.support.server import RunningGate


@dataclass(frozen=True)
class Stranger:
    """Reads the log of a gate that runs."""

    gate: RunningGate

    def fetch(self, path: str, method: str = "GET") -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body."""
        answer = self.gate.http.request(method, f"{self.gate.url}/log/{path}")
        return answer.status, {name.lower(): text for name, text in answer.headers.items()}, answer.data

    def policy(self) -> WitnessPolicy:
        return parse_policy(self.fetch("policy")[2].decode())

    def checkpoint(self) -> Checkpoint | None:
        """The newest checkpoint when it is witnessed as the policy asks."""
        status, _, encoded = self.fetch("checkpoint")
        if status == 404:
            return None
        note = parse_note(encoded)
        self.policy().require(note)
        return parse_checkpoint(note.text)

    def entries(self, size: int) -> list[bytes]:
        """Every entry, from the bundles."""
        found: list[bytes] = []
        for first in range(0, size, WIDTH):
            tile = Tile(None, first // WIDTH, min(WIDTH, size - first))
            entries, is_whole = cut_bundle(self.fetch(tile.path)[2])
            assert is_whole, tile.path
            found += entries
        return found

    def wait_for(self, size: int) -> Checkpoint:
        """The first witnessed checkpoint of at least this size; its root is that of the entries."""
        wait_until(
            lambda: self._published() >= size, 20, f"{size} entries are not published: {self.gate.output()}"
        )
        checkpoint = self.checkpoint()
        assert checkpoint is not None
        frontier = Frontier(0, [])
        for entry in self.entries(checkpoint.size):
            list(frontier.append(leaf_hash(entry)))
        assert (frontier.size, frontier.root()) == (checkpoint.size, checkpoint.root)
        return checkpoint

    def _published(self) -> int:
        try:
            checkpoint = self.checkpoint()
        except NoteError:  # signed, and not witnessed yet
            return 0
        return checkpoint.size if checkpoint else 0
