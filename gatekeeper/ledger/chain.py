"""Append to and verify the event chain: each digest covers the one before it.

`append` is the only writer of events and runs inside the caller's write transaction, so a state change and its
record commit together or not at all. `verify` re-hashes every stored byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from sqlalchemy import Connection, insert, select, update

from gatekeeper.ledger.event import GENESIS, Event, chained_digest
from gatekeeper.ledger.tables import chain_head, events
from gatekeeper.storage.database import Database


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What verification found. `first_bad_index` names the first event that does not match, None when whole."""

    size: int
    head: str
    ok: bool
    first_bad_index: int | None = None
    detail: str = "every event matches its digest and follows the one before it"


def size(connection: Connection) -> int:
    """How many events are recorded: the index the next one gets, when asked inside a write transaction."""
    return int(connection.execute(select(chain_head.c.size)).scalar_one())


def append(connection: Connection, recorded: Sequence[Event]) -> list[int]:
    """Record events in order inside an open write transaction; returns their indices, counted from 0."""
    head = connection.execute(select(chain_head.c.size, chain_head.c.digest)).one()
    first, digest = head.size, head.digest
    rows = []
    for offset, step in enumerate(recorded):
        body = step.body(first + offset)
        digest = chained_digest(digest, body)
        rows.append(
            {
                "leaf": first + offset,
                "type": step.type.value,
                "at": step.at,
                "proposal_id": step.proposal.id if step.proposal else None,
                "body": body.decode(),
                "digest": digest,
            }
        )
    if rows:
        connection.execute(insert(events), rows)
        connection.execute(update(chain_head).values(size=first + len(rows), digest=digest))
    return list(range(first, first + len(rows)))


def proposal_events(connection: Connection, proposal_id: str) -> list[tuple[dict[str, object], str]]:
    """Every recorded event of one proposal, oldest first: its body as JSON and its digest."""
    found = connection.execute(
        select(events.c.body, events.c.digest)
        .where(events.c.proposal_id == proposal_id)
        .order_by(events.c.leaf)
    )
    return [(orjson.loads(row.body), row.digest) for row in found]


def verify(database: Database) -> ChainReport:
    """Re-hash the whole chain from its stored bytes and compare with the head."""
    with database.read() as connection:
        head = connection.execute(select(chain_head.c.size, chain_head.c.digest)).one_or_none()
        if head is None:
            return ChainReport(
                0, GENESIS, ok=False, first_bad_index=0, detail="the chain's head row is missing"
            )
        digest, expected = GENESIS, 0
        ordered = select(events).order_by(events.c.leaf)
        with connection.execution_options(yield_per=1000).execute(ordered) as rows:
            for row in rows:
                digest = chained_digest(digest, row.body.encode())
                fault = _fault(row.leaf, row.digest, row.type, row.body, expected, digest)
                if fault:
                    return ChainReport(expected, digest, ok=False, first_bad_index=expected, detail=fault)
                expected += 1
        if (expected, digest) != (head.size, head.digest):
            detail = f"the head says {head.size} events, the chain has {expected}"
            return ChainReport(
                expected, digest, ok=False, first_bad_index=min(expected, head.size), detail=detail
            )
        return ChainReport(expected, digest, ok=True)


def _fault(index: int, stored: str, kind: str, body: str, expected: int, digest: str) -> str | None:
    if index != expected:
        return f"event {expected} is missing"
    if stored != digest:
        return f"event {index} does not match its digest"
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        return f"event {index} is not JSON"
    if (value.get("index"), value.get("type")) != (index, kind):
        return f"event {index} says it is {value.get('type')} number {value.get('index')}"
    return None
