"""Whether witnesses have seen a leaf: the proof of it in a stored checkpoint that the witness policy accepts.

The proof is checked against the leaf's own bytes, so a tree that was rewritten proves nothing. Waits for publication,
which another thread or process does; the only file of this slice that looks at a running clock.
"""

from __future__ import annotations

import time
from functools import partial

from sqlalchemy import Connection

from gatekeeper.ledger import log
from gatekeeper.ledger.checkpoints import checkpoints_over
from gatekeeper.ledger.installation import LogInstallation
from gatekeeper.ledger.merkle import inclusion_proof
from gatekeeper.ledger.note import NoteError
from gatekeeper.ledger.proof import Proof, ProofError
from gatekeeper.ledger.witness_policy import WitnessPolicy
from gatekeeper.storage.database import Database

_PAUSE_SECONDS = 0.05
_MOST_LOOKED_AT = 100


class WitnessedLog:
    """The log as far as witnesses have seen it."""

    def __init__(self, database: Database, installation: LogInstallation) -> None:
        self._database = database
        self._installation = installation

    def prove(self, leaf: int, patience_seconds: float) -> tuple[bytes, Proof] | None:
        """A leaf's bytes and the proof of it, waiting at most so long for witnesses; None when they have not seen it.

        Raises UnavailableError when the policy cannot be read.
        """
        until = time.monotonic() + patience_seconds
        while True:
            policy = self._installation.policy()
            if policy is not None:
                with self._database.read() as connection:
                    found = _proven(connection, policy, leaf)
                if found is not None:
                    return found
            if time.monotonic() >= until:
                return None
            time.sleep(_PAUSE_SECONDS)


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
