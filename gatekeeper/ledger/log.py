"""The log of everything that happened: append to it inside the transaction of the change, read proofs, verify it whole.

`append` is the only writer of events and runs inside the caller's write transaction, so a state change and its leaf
commit together or not at all. The tree is kept as its complete subtrees; nothing that was written ever changes.
`verify` re-hashes every stored byte.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Row,
    String,
    bindparam,
    exists,
    select,
    text,
    type_coerce,
    update,
)

from gatekeeper.clock import from_rfc3339
from gatekeeper.errors import TamperError
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.ledger.merkle import HASH_BYTES, Frontier, Node, leaf_hash
from gatekeeper.ledger.tables import POLICY_CHANGES, events, log_head, log_nodes
from gatekeeper.storage.bulk_insert import insert_rows
from gatekeeper.storage.database import Database

_READ_AT_ONCE = 1000
_ASKED_AT_ONCE = 500
_ENTRIES = select(
    events.c.leaf,
    events.c.type,
    events.c.proposal_id,
    type_coerce(events.c.at, DateTime(timezone=True).with_variant(String(), "sqlite")).label("at"),
    events.c.body,
)
_NODES = select(log_nodes.c.position, log_nodes.c.hash).where(
    log_nodes.c.position.in_(bindparam("wanted", expanding=True))
)

_NEWEST_POLICY_CHANGE = select(events.c.body).where(POLICY_CHANGES).order_by(events.c.leaf.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class LogReport:
    """What verification found. `first_bad_index` names the first leaf that does not match, None when whole."""

    size: int
    root: bytes
    ok: bool
    first_bad_index: int | None = None
    detail: str = "every entry matches its hash in the tree, and the tree its root"


def size(connection: Connection) -> int:
    """How many leaves there are: the index the next one gets, when asked inside a write transaction."""
    return int(connection.execute(select(log_head.c.size)).scalar_one())


def last_at(connection: Connection) -> datetime | None:
    """When the newest leaf was recorded, as it says itself, by the clock of whoever recorded it; None before the first.

    Raises TamperError for a leaf that says no time.
    """
    newest = select(events.c.body).order_by(events.c.leaf.desc()).limit(1)
    body = connection.execute(newest).scalar_one_or_none()
    try:
        return None if body is None else from_rfc3339(orjson.loads(body)["at"])
    except (ValueError, KeyError, TypeError) as error:
        raise TamperError("The newest entry of the log is damaged. Stop, and call an operator.") from error


def append(connection: Connection, recorded: Sequence[Event]) -> list[int]:
    """Record events in order inside an open write transaction; returns their leaf indices, counted from 0."""
    if not recorded:
        return []
    frontier = _frontier(connection)
    first = frontier.size
    rows, hashes = [], []
    for index, step in enumerate(recorded, first):
        body = step.body(index)
        hashes += [value for _, value in frontier.append(leaf_hash(body))]
        rows.append(
            {
                "leaf": index,
                "type": step.type.value,
                "at": step.at,
                "proposal_id": step.proposal.id if step.proposal else None,
                "body": body.decode(),
            }
        )
    insert_rows(connection, events, rows)
    nodes = [{"position": at, "hash": value} for at, value in enumerate(hashes, position((0, first)))]
    insert_rows(connection, log_nodes, nodes)
    connection.execute(update(log_head).values(size=frontier.size, edge=b"".join(frontier.edge)))
    return list(range(first, frontier.size))


def root(connection: Connection) -> tuple[int, bytes]:
    """The size of the log and the root over it, at this moment."""
    frontier = _frontier(connection)
    return frontier.size, frontier.root()


def nodes(connection: Connection, wanted: Sequence[Node]) -> list[bytes]:
    """Return the hashes of complete subtrees, in the order asked for. Raises KeyError for one that does not exist."""
    positions = [position(node) for node in wanted]
    found: dict[int, bytes] = {}
    for start in range(0, len(positions), _ASKED_AT_ONCE):
        some = positions[start : start + _ASKED_AT_ONCE]
        rows = connection.execute(_NODES, {"wanted": some})
        found.update((at, bytes(value)) for at, value in rows)
    return [found[each] for each in positions]


def entries(connection: Connection, start: int, end: int) -> list[bytes]:
    """Return the bytes of the leaves `start:end`. Raises KeyError when one is missing."""
    rows = connection.execute(
        select(events.c.leaf, events.c.body).where(events.c.leaf >= start, events.c.leaf < end)
    )
    found = {row.leaf: row.body.encode() for row in rows}
    return [found[index] for index in range(start, end)]


def recorded_since(kind: EventType, leaf: int, named: str = "") -> ColumnElement[bool]:
    """SQL: an event of this kind, which names an identifier if one is given, was recorded after a leaf."""
    names_it = events.c.body.contains(f'"{named}"' if named else "", autoescape=True)
    return exists().where(events.c.leaf > leaf, events.c.type == kind.value, names_it)


def proposal_events(connection: Connection, proposal_id: str) -> list[tuple[dict[str, object], str]]:
    """Every recorded event of one proposal, oldest first: its body as JSON and the name of its leaf's hash."""
    found = connection.execute(
        select(events.c.body).where(events.c.proposal_id == proposal_id).order_by(events.c.leaf)
    )
    return [(orjson.loads(row.body), "sha256:" + leaf_hash(row.body.encode()).hex()) for row in found]


def events_naming(connection: Connection, name: str, first: int) -> list[dict[str, object]]:
    """Every recorded event from leaf `first` on whose body holds `name`, oldest first, wherever it is filed."""
    named = events.c.body.contains(name, autoescape=True)
    found = connection.execute(
        select(events.c.body).where(events.c.leaf >= first, named).order_by(events.c.leaf)
    )
    return [orjson.loads(row.body) for row in found]


def newest_policy_change(connection: Connection) -> dict[str, object] | None:
    """The newest event that says which policy is in force, from an index of only these; None when there is none.

    Raises TamperError for one that is no JSON object.
    """
    body = connection.execute(_NEWEST_POLICY_CHANGE).scalar_one_or_none()
    if body is None:
        return None
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise TamperError("The entry that names the policy in force is damaged. Stop, and call an operator.")
    return value


def verify(database: Database, progress: Callable[[int, int], None] | None = None) -> LogReport:
    """Hash every entry again, and compare each subtree and the head with what is stored.

    `progress` is told how many entries were compared, of how many.
    """
    with database.read() as connection:
        if not database.is_sqlite:
            connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        head = connection.execute(select(log_head)).one_or_none()
        if head is None:
            return _bad(Frontier(0, []), 0, "the log's head is missing")
        frontier = Frontier(0, [])
        ordered = _ENTRIES.order_by(events.c.leaf).execution_options(yield_per=_READ_AT_ONCE)
        with connection.execute(ordered) as found:
            for rows in found.partitions():
                if fault := _grow(connection, frontier, rows):
                    return _bad(frontier, frontier.size, fault)
                if progress is not None:
                    progress(frontier.size, head.size)
        if frontier.size != head.size:
            counts = f"the head says {head.size} entries, the log has {frontier.size}"
            return _bad(frontier, min(frontier.size, head.size), counts)
        if b"".join(frontier.edge) != bytes(head.edge):
            return _bad(frontier, frontier.size, "the head does not match the entries")
        return LogReport(frontier.size, frontier.root(), ok=True)


def position(node: Node) -> int:
    """Where a subtree's hash stands when hashes are written as they come to be (`StoredHashIndex` of Go's tlog)."""
    level, index = node
    last = (
        (index + 1) << level
    ) - 1  # the leaf that completes it; those before it gave 2 * last - bits hashes
    return 2 * last - last.bit_count() + level


def _frontier(connection: Connection) -> Frontier:
    head = connection.execute(select(log_head)).one()
    edge = bytes(head.edge)
    return Frontier(head.size, [edge[at : at + HASH_BYTES] for at in range(0, len(edge), HASH_BYTES)])


def _stored_since(connection: Connection, leaf: int, count: int) -> dict[int, bytes]:
    """The stored hashes that came to be with `count` leaves from `leaf` on."""
    bounds = position((0, leaf)), position((0, leaf + count))
    between = log_nodes.c.position >= bounds[0], log_nodes.c.position < bounds[1]
    found = connection.execute(select(log_nodes.c.position, log_nodes.c.hash).where(*between))
    return {at: bytes(value) for at, value in found}


def _grow(connection: Connection, frontier: Frontier, rows: Sequence[Row[Any]]) -> str | None:
    """Add stored entries to the tree; what does not match with the first that does not, which is not added."""
    stored = _stored_since(connection, frontier.size, len(rows))
    at = position((0, frontier.size))
    for row in rows:
        index, edge = frontier.size, frontier.edge.copy()
        if row.leaf != index:
            return f"entry {index} is missing"
        if fault := _fault(index, row):
            return fault
        grown = [value for _, value in frontier.append(leaf_hash(row.body.encode()))]
        if [stored.get(each) for each in range(at, at + len(grown))] != grown:
            frontier.size, frontier.edge = index, edge
            return f"entry {index} does not match its leaf hash"
        at += len(grown)
    return None


def _fault(index: int, row: Row[Any]) -> str | None:
    """What of a row its body, which is all that is hashed, does not say."""
    try:
        value = orjson.loads(row.body)
    except orjson.JSONDecodeError:
        return f"entry {index} is not JSON"
    if not isinstance(value, dict) or (value.get("index"), value.get("type")) != (index, row.type):
        return f"entry {index} does not say that it is {row.type} number {index}"
    proposal = value.get("proposal", {})
    filed = proposal.get("id") if isinstance(proposal, dict) else proposal
    if filed != row.proposal_id or not _is_moment(row.at, value.get("at")):
        return f"entry {index} is filed under another time or proposal than it says"
    return None


def _is_moment(stored: object, said: object) -> bool:
    """Tell whether a column holds the moment that an entry says: on SQLite as text, in the one spelling of `Moment`."""
    try:
        at = from_rfc3339(str(said))
    except ValueError:
        return False
    return stored == (at.isoformat(timespec="microseconds") if isinstance(stored, str) else at)


def _bad(frontier: Frontier, index: int, detail: str) -> LogReport:
    return LogReport(index, frontier.root(), ok=False, first_bad_index=index, detail=detail)
