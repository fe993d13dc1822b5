"""Read and write the rows of proposals and revisions. The only import of their tables.

Every function works inside the caller's transaction. Rows come back whole, with `current_revision` beside them; what
they mean is put together by the slices above.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, insert, or_, select, tuple_, update

from gatekeeper.errors import NotFoundError
from gatekeeper.identity.service import known_principals
from gatekeeper.proposals.revisions import KnownRevision, State, VerdictOutcome
from gatekeeper.proposals.statements import StatedBefore
from gatekeeper.proposals.tables import idempotency_keys, proposals, revisions
from gatekeeper.storage.cursor import decode_cursor, encode_cursor, identifier_of, moment_of

REMEMBERED_REPORTS = 12
_ALL = select(revisions, proposals.c.revision.label("current_revision")).join(
    proposals, proposals.c.id == revisions.c.proposal_id
)
_CURRENT = _ALL.where(revisions.c.revision == proposals.c.revision)
_SortKeys = tuple[tuple[ColumnElement[Any], bool], ...]
_INBOX: _SortKeys = (
    (revisions.c.severity, True),
    (revisions.c.submitted_at, False),
    (revisions.c.proposal_id, False),
)
_NEWEST: _SortKeys = ((revisions.c.submitted_at, True), (revisions.c.proposal_id, False))


@dataclass(frozen=True, slots=True)
class IdempotentAnswer:
    """What an idempotency key was answered with before."""

    digest: str
    proposal_id: str
    revision: int
    created: bool


def revision_row(connection: Connection, proposal_id: str, revision: int | None = None) -> Row[Any]:
    """One revision's row, the current one by default; raises NotFoundError."""
    query = _CURRENT if revision is None else _ALL.where(revisions.c.revision == revision)
    row = connection.execute(query.where(revisions.c.proposal_id == proposal_id)).one_or_none()
    if row is None:
        which = f"revision {revision} of proposal {proposal_id}" if revision else f"proposal {proposal_id}"
        raise NotFoundError(f"There is no {which}.", code="proposal_unknown")
    return row


def revision_rows(connection: Connection, keys: Sequence[tuple[str, int]]) -> Sequence[Row[Any]]:
    """The rows of some revisions (proposal id, revision number), in no promised order."""
    if not keys:
        return []
    key = tuple_(revisions.c.proposal_id, revisions.c.revision)
    return connection.execute(_ALL.where(key.in_(list(keys)))).all()


def current_rows(
    connection: Connection, *, states: Collection[State], cursor: str | None, limit: int, inbox: bool
) -> tuple[Sequence[Row[Any]], str | None]:
    """A page of current revisions and the cursor of the next one.

    `inbox` sorts the gravest first, then the longest waiting; otherwise the latest come first.
    """
    keys = _INBOX if inbox else _NEWEST
    query = _CURRENT.order_by(*(key.desc() if falls else key.asc() for key, falls in keys))
    if states:
        query = query.where(revisions.c.state.in_([state.value for state in states]))
    if cursor:
        query = query.where(_after(keys, decode_cursor(cursor, partial(_place, keys))))
    rows = connection.execute(query.limit(limit + 1)).all()
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], encode_cursor(getattr(last, str(key.key)) for key, _ in keys)


def pending_ids(connection: Connection, due_before: datetime | None = None) -> list[str]:
    """Proposals whose current revision waits for people; only those due before a moment, when one is given."""
    query = select(revisions.c.proposal_id).where(revisions.c.state == State.PENDING_REVIEW.value)
    if due_before is not None:
        query = query.where(revisions.c.review_due_at <= due_before)
    return list(connection.execute(query.order_by(revisions.c.submitted_at)).scalars())


def count_by_state(connection: Connection) -> dict[str, int]:
    """How many current revisions are in each state."""
    query = (
        select(revisions.c.state, func.count().label("total"))
        .join(proposals, proposals.c.id == revisions.c.proposal_id)
        .where(revisions.c.revision == proposals.c.revision)
        .group_by(revisions.c.state)
    )
    return {row.state: row.total for row in connection.execute(query)}


def known_revisions(connection: Connection, proposal_ids: Iterable[str]) -> dict[str, list[KnownRevision]]:
    """The stored revisions of some proposals, oldest first."""
    rows = connection.execute(
        select(
            revisions.c.proposal_id,
            revisions.c.revision,
            revisions.c.digest,
            revisions.c.state,
            revisions.c.submitted_by,
        )
        .where(revisions.c.proposal_id.in_(set(proposal_ids)))
        .order_by(revisions.c.revision)
    ).all()
    persons = known_principals(connection, [row.submitted_by for row in rows])
    known: dict[str, list[KnownRevision]] = defaultdict(list)
    for row in rows:
        person = persons[row.submitted_by].person
        known[row.proposal_id].append(KnownRevision(row.revision, row.digest, State(row.state), person))
    return known


def stated_before(connection: Connection, submitter_id: str) -> dict[str, StatedBefore]:
    """What the submitter's latest reports state, by proposal id; at most REMEMBERED_REPORTS of them."""
    query = (
        select(revisions.c.proposal_id, revisions.c.report)
        .where(revisions.c.submitted_by == submitter_id)
        .order_by(revisions.c.submitted_at.desc())
        .limit(REMEMBERED_REPORTS)
    )
    reports = ((row.proposal_id, orjson.loads(row.report)) for row in connection.execute(query))
    return {
        proposal_id: StatedBefore(tuple(report["risks"]), tuple(report["mitigations"]))
        for proposal_id, report in reports
    }


def insert_revisions(connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
    """Store new revisions and make each the current one of its proposal. Later rows win over earlier ones."""
    latest = {str(row["proposal_id"]): row["revision"] for row in rows}
    is_first = {str(row["proposal_id"]) for row in rows if row["revision"] == 1}
    if is_first:
        connection.execute(
            insert(proposals), [{"id": name, "revision": latest[name]} for name in latest if name in is_first]
        )
    for name in latest.keys() - is_first:
        connection.execute(update(proposals).where(proposals.c.id == name).values(revision=latest[name]))
    if rows:
        connection.execute(insert(revisions), [dict(row) for row in rows])


def settle_revision(
    connection: Connection,
    proposal_id: str,
    revision: int,
    *,
    state: State,
    verdict: VerdictOutcome,
    reasons: str,
    at: datetime,
    leaf: int,
    expires_at: datetime | None = None,
) -> None:
    """Give a pending revision its verdict. A settled one is left alone and reported as a programming error."""
    settled = connection.execute(
        update(revisions)
        .where(
            revisions.c.proposal_id == proposal_id,
            revisions.c.revision == revision,
            revisions.c.state == State.PENDING_REVIEW.value,
        )
        .values(
            state=state.value,
            verdict=verdict.value,
            verdict_reasons=reasons,
            verdict_at=at,
            verdict_leaf=leaf,
            verdict_expires_at=expires_at,
            review_due_at=None,
        )
    )
    if settled.rowcount != 1:
        raise RuntimeError(f"revision {revision} of {proposal_id} was settled before")


def passes(proposal_id: str, revision: int, digest: str, now: datetime) -> ColumnElement[bool]:
    """SQL: this revision is the current one of its proposal, it passed, and its pass has not run out."""
    return exists().where(
        proposals.c.id == proposal_id,
        proposals.c.revision == revision,
        revisions.c.proposal_id == proposals.c.id,
        revisions.c.revision == proposals.c.revision,
        revisions.c.digest == digest,
        revisions.c.state == State.PASSED.value,
        revisions.c.verdict == VerdictOutcome.PASS.value,
        or_(revisions.c.verdict_expires_at.is_(None), revisions.c.verdict_expires_at > now),
    )


def earlier_answer(connection: Connection, principal_id: str, key: str) -> IdempotentAnswer | None:
    """What this principal's idempotency key was answered with, if it was used before."""
    row = connection.execute(
        select(idempotency_keys).where(
            idempotency_keys.c.principal_id == principal_id, idempotency_keys.c.key == key
        )
    ).one_or_none()
    return IdempotentAnswer(row.digest, row.proposal_id, row.revision, bool(row.created)) if row else None


def remember_answer(connection: Connection, principal_id: str, key: str, answer: IdempotentAnswer) -> None:
    """Bind an idempotency key to its answer."""
    connection.execute(
        insert(idempotency_keys).values(
            principal_id=principal_id,
            key=key,
            digest=answer.digest,
            proposal_id=answer.proposal_id,
            revision=answer.revision,
            created=int(answer.created),
        )
    )


def _after(keys: _SortKeys, values: Sequence[object]) -> ColumnElement[bool]:
    """Rows that sort behind `values`: equal in the first keys, further on in the next."""
    cases = []
    for position, (key, falls) in enumerate(keys):
        equal = [earlier == value for (earlier, _), value in zip(keys, values, strict=True)][:position]
        step = key < values[position] if falls else key > values[position]
        cases.append(and_(*equal, step))
    return or_(*cases)


def _place(keys: _SortKeys, values: Any) -> list[object]:
    *severity, submitted_at, proposal_id = values
    if len(values) != len(keys):
        raise ValueError("another order's cursor")
    if any(type(value) is not int or not 0 <= value <= 75 for value in severity):
        raise ValueError("not a severity")
    return [*severity, moment_of(submitted_at), identifier_of(proposal_id)]
