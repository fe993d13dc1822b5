"""How far the log is published and witnessed, read from the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from gatekeeper.ledger import log
from gatekeeper.ledger.checkpoints import checkpoints_over, latest_checkpoint, published_size
from gatekeeper.ledger.note import NoteError
from gatekeeper.ledger.tables import events
from gatekeeper.ledger.witness_policy import WitnessPolicy
from gatekeeper.storage.database import Database

PUBLISHED_WITHIN = timedelta(seconds=30)
_MOST_LOOKED_AT = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """Leaves there are, leaves that are published, whether that is witnessed; since when the next leaf waits."""

    size: int
    published: int
    is_witnessed: bool
    waiting_since: datetime | None = None

    @property
    def sentence(self) -> str:
        """In words."""
        return f"published {self.published} of {self.size}, {'' if self.is_witnessed else 'not '}witnessed"


def read_progress(connection: Connection, policy: WitnessPolicy) -> Progress:
    """Return how far publication is. Raises NoteError when the newest checkpoint is damaged."""
    newest = latest_checkpoint(connection)
    size = log.size(connection)
    if newest is None:
        return Progress(size, 0, False, _at(connection, 0))
    published = newest.checkpoint.size
    try:
        policy.require(newest.note)
    except NoteError:
        return Progress(size, published, False, _at(connection, published))
    return Progress(size, published, True, _at(connection, published))


def unwitnessed_since(connection: Connection, policy: WitnessPolicy) -> datetime | None:
    """Return when the first leaf was recorded that no witnessed checkpoint covers; None when all are covered.

    When none of the newest checkpoints is witnessed, the leaves that all of these cover are taken for seen. Raises
    NoteError when a checkpoint is damaged.
    """
    sizes = []
    for published in checkpoints_over(connection, 0, _MOST_LOOKED_AT):
        sizes.append(published.checkpoint.size)
        if policy.accepts(published.note):
            return _at(connection, sizes[-1])
    return _at(connection, sizes[-1] if len(sizes) == _MOST_LOOKED_AT else 0)


def published_sizes(database: Database) -> tuple[int, int]:
    """Return how many entries there are, and how many the newest checkpoint covers."""
    with database.read() as connection:
        return log.size(connection), published_size(connection)


def _at(connection: Connection, leaf: int) -> datetime | None:
    return connection.execute(select(events.c.at).where(events.c.leaf == leaf)).scalar()
