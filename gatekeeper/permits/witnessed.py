"""Whether witnesses have seen a leaf: the proof of it in a stored checkpoint that the witness policy accepts.

The proof is checked against the leaf's own bytes, so a tree that was rewritten proves nothing. Waits for publication,
which another thread or process does; the only file of this slice that looks at a running clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from gatekeeper.ledger import log
from gatekeeper.ledger.checkpoints import checkpoints_over
from gatekeeper.ledger.installation import LogInstallation
from gatekeeper.ledger.merkle import inclusion_proof
from gatekeeper.ledger.note import NoteError
from gatekeeper.ledger.progress import PUBLISHED_WITHIN, unwitnessed_since
from gatekeeper.ledger.proof import Proof, ProofError
from gatekeeper.ledger.witness_policy import WitnessPolicy
from gatekeeper.permits.waiting import MOST_PLACES, Places
from gatekeeper.storage.database import Database

_PAUSE_SECONDS = 0.05
_MOST_LOOKED_AT = 100
T = TypeVar("T")


class WitnessedLog:
    """The log as far as witnesses have seen it, and the places to wait for them, of which a process has a few."""

    def __init__(
        self, database: Database, installation: LogInstallation, most_waiting: int = MOST_PLACES
    ) -> None:
        self._database = database
        self._installation = installation
        self.places = Places(most_waiting)

    def prove(self, leaf: int, patience_seconds: float) -> tuple[bytes, Proof] | None:
        """A leaf's bytes and the proof of it, waiting at most so long for witnesses; None when they have not seen it.

        Raises UnavailableError when the policy cannot be read.
        """
        return self._awaited(lambda connection, policy: _proven(connection, policy, leaf), patience_seconds)

    def is_behind(self, now: datetime, patience_seconds: float) -> bool:
        """Whether a leaf waits for witnesses for longer than publication may take, and does after so many seconds."""
        return self._awaited(partial(_is_abreast, now), patience_seconds) is None

    def _awaited(
        self, look: Callable[[Connection, WitnessPolicy], T | None], patience_seconds: float
    ) -> T | None:
        """What is seen when it is looked again and again; None when that was nothing so long."""
        until = time.monotonic() + patience_seconds
        while True:
            policy = self._installation.policy()
            if policy is not None:
                with self._database.read() as connection:
                    found = look(connection, policy)
                if found is not None:
                    return found
            if time.monotonic() >= until:
                return None
            time.sleep(_PAUSE_SECONDS)


def _is_abreast(now: datetime, connection: Connection, policy: WitnessPolicy) -> bool | None:
    try:
        since = unwitnessed_since(connection, policy)
    except NoteError:
        return None
    return True if since is None or now - since <= PUBLISHED_WITHIN else None


def _proven(connection: Connection, policy: WitnessPolicy, leaf: int) -> tuple[bytes, Proof] | None:
    """The newest of the latest checkpoints that is good enough and in which the leaf is."""
    try:
        for published in checkpoints_over(connection, leaf, _MOST_LOOKED_AT):
            if not policy.accepts(published.note):
                continue
            hashes = inclusion_proof(leaf, published.checkpoint.size, partial(log.nodes, connection))
            (entry,) = log.entries(connection, leaf, leaf + 1)
            proof = Proof(leaf, tuple(hashes), published.note)
            proof.require(entry)
            return entry, proof
    except (NoteError, ProofError, KeyError):  # what was published is not what is stored
        return None
    return None
