"""Break-glass: two people pass one blocked revision for at most an hour, even while frozen; a review is owed.

Rego decides whether request and second suffice. Everyone is told by a notice for as long as the pass holds and until
the review is written by somebody who took no part.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from gatekeeper.clock import unix_seconds
from gatekeeper.errors import ConflictError, NotFoundError, NotPermittedError, UnavailableError
from gatekeeper.identity.principal import Principal
from gatekeeper.identity.service import known_principals
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType, ProposalRef
from gatekeeper.policy.answers import judge_break_glass
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.decision import ReviewResult, ReviewState
from gatekeeper.policy.engine import PolicyEngine, Question
from gatekeeper.policy.in_force import require_in_force
from gatekeeper.proposals.revisions import State
from gatekeeper.review.approvals import GLASS_BREAKERS
from gatekeeper.review.case import Case, load_case
from gatekeeper.review.settlement import SALT_BYTES, Asked, Settlement, settle
from gatekeeper.review.tables import break_glass
from gatekeeper.stated_reason import stated_reason
from gatekeeper.storage.database import Database


class BreakGlassState(StrEnum):
    """Asked for, in force or over but not yet reviewed, and done."""

    REQUESTED = "requested"
    ACTIVATED = "activated"
    REVIEWED = "reviewed"


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """One use of break-glass. People are names."""

    id: str
    proposal: ProposalRef
    state: BreakGlassState
    reason: str
    ttl_seconds: int
    requested_by: str
    requested_at: datetime
    seconded_by: str | None
    seconded_at: datetime | None
    expires_at: datetime | None
    review_due_at: datetime | None
    reviewed_by: str | None
    reviewed_at: datetime | None
    review_reason: str | None


class BreakGlassService:
    """The use-cases of break-glass. `entropy(n)` gives n random bytes."""

    def __init__(
        self,
        database: Database,
        engine: PolicyEngine,
        bundle: PolicyBundle,
        review_owed_within: timedelta,
        entropy: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._database = database
        self._engine = engine
        self._bundle = bundle
        self._review_owed_within = review_owed_within
        self._entropy = entropy

    def request(
        self, proposal_id: str, digest: str, reason: str, ttl_seconds: int, by: Principal, now: datetime
    ) -> BreakGlass:
        """The first person asks. Raises ConflictError with policy's reasons when it refuses at once."""
        _require_role(by)
        reason = stated_reason(reason)
        request_id = "bg_" + self._entropy(12).hex()
        with self._database.read() as connection:
            case = load_case(connection, proposal_id)
            overdue = _overdue(connection, now)
        _require_usable(case, digest, by)
        asked = _asked(reason, ttl_seconds, now, by)
        self._require(self._ask(_question(case, asked, [], overdue, now)), ReviewState.UNDECIDED)
        with self._database.write() as connection:
            _require_usable(load_case(connection, proposal_id), digest, by)
            require_in_force(connection, self._bundle.revision)
            connection.execute(
                insert(break_glass).values(
                    id=request_id,
                    proposal_id=case.proposal.id,
                    revision=case.proposal.revision,
                    digest=digest,
                    state=BreakGlassState.REQUESTED.value,
                    reason=reason,
                    ttl_seconds=ttl_seconds,
                    requested_by=by.id,
                    requested_at=now,
                )
            )
            _record(connection, EventType.BREAK_GLASS_REQUESTED, case.proposal, request_id, by, now)
            return _load(connection, request_id)

    def second(self, request_id: str, by: Principal, now: datetime) -> BreakGlass:
        """The second person agrees: the revision passes until the time asked for is over."""
        _require_role(by)
        with self._database.read() as connection:
            row = _row(connection, request_id)
            case = load_case(connection, row.proposal_id)
            requester = known_principals(connection, [row.requested_by])[row.requested_by]
            overdue = _overdue(connection, now)
        _require_usable(case, row.digest, by)
        asked = _asked(row.reason, row.ttl_seconds, row.requested_at, requester)
        question = _question(case, asked, [_person(by)], overdue, now)
        result = self._ask(question)
        self._require(result, ReviewState.APPROVED)
        passed = self._passed(request_id, question, result, now + timedelta(seconds=row.ttl_seconds))
        with self._database.write() as connection:
            if load_case(connection, row.proposal_id) != case or _row(connection, request_id) != row:
                raise UnavailableError("The proposal changed at this moment. Look again.", code="contended")
            connection.execute(
                update(break_glass)
                .where(break_glass.c.id == request_id)
                .values(
                    state=BreakGlassState.ACTIVATED.value,
                    seconded_by=by.id,
                    seconded_at=now,
                    expires_at=passed.expires_at,
                    review_due_at=now + self._review_owed_within,
                )
            )
            _record(connection, EventType.BREAK_GLASS_ACTIVATED, case.proposal, request_id, by, now)
            settle(connection, case.proposal, passed, by.id, now)
            return _load(connection, request_id)

    def record_review(self, request_id: str, reason: str, by: Principal, now: datetime) -> BreakGlass:
        """Somebody who took no part writes down what they make of it; this ends the debt."""
        _require_role(by)
        reason = stated_reason(reason)
        with self._database.write() as connection:
            row = _row(connection, request_id)
            case = load_case(connection, row.proposal_id)
            takers = known_principals(connection, [row.requested_by, row.seconded_by]).values()
            if by.person in {taker.person for taker in takers} | set(case.authors):
                raise NotPermittedError(
                    f"{by.name} took part, so somebody else has to review it.", code="took_part"
                )
            if row.state != BreakGlassState.ACTIVATED.value:
                raise ConflictError("There is no review owed for this.", code="no_review_owed")
            connection.execute(
                update(break_glass)
                .where(break_glass.c.id == request_id)
                .values(
                    state=BreakGlassState.REVIEWED.value,
                    reviewed_by=by.id,
                    reviewed_at=now,
                    review_reason=reason,
                )
            )
            reference = ProposalRef(row.proposal_id, row.revision, row.digest)
            _record(connection, EventType.BREAK_GLASS_REVIEWED, reference, request_id, by, now)
            return _load(connection, request_id)

    def all(self) -> list[BreakGlass]:
        """Every use of break-glass, latest first."""
        with self._database.read() as connection:
            rows = connection.execute(select(break_glass).order_by(break_glass.c.requested_at.desc())).all()
            return _values(connection, rows)

    def _passed(
        self, request_id: str, question: dict[str, object], result: ReviewResult, expires_at: datetime
    ) -> Settlement:
        asked = Asked(
            Question.BREAK_GLASS,
            question,
            result.policy.engine,
            self._engine.version,
            self._entropy(SALT_BYTES).hex(),
            {"break_glass": request_id},
        )
        return Settlement(State.PASSED, result.reasons, self._bundle, asked, expires_at)

    def _ask(self, question: dict[str, object]) -> ReviewResult:
        return judge_break_glass(self._engine, self._bundle.revision, question)

    def _require(self, result: ReviewResult, state: ReviewState) -> None:
        if result.state is not state:
            because = " ".join(f"{reason.message} {reason.remedy}" for reason in result.reasons)
            raise ConflictError(f"Break-glass is refused. {because}".strip(), code="break_glass_refused")


def _require_role(by: Principal) -> None:
    if not any(by.has(role) for role in GLASS_BREAKERS):
        raise NotPermittedError(
            f"{by.name} may not use break-glass: that needs the role reviewer or operator.",
            code="role_missing",
        )


def _require_usable(case: Case, digest: str, by: Principal) -> None:
    case.require_independent(by, "break the glass for this proposal")
    case.require_open(digest)


def _question(
    case: Case,
    request: dict[str, object],
    seconders: Sequence[dict[str, object]],
    overdue_reviews: int,
    now: datetime,
) -> dict[str, object]:
    """The input of `data.gatekeeper.break_glass`."""
    return {
        "proposal": case.proposal_facts(),
        "request": request,
        "seconders": list(seconders),
        "overdue_reviews": overdue_reviews,
        "now": unix_seconds(now),
    }


def _asked(reason: str, ttl_seconds: int, requested_at: datetime, by: Principal) -> dict[str, object]:
    return {
        "reason_characters": len(reason),
        "ttl_seconds": ttl_seconds,
        "requested_at": unix_seconds(requested_at),
    } | _person(by)


def _person(principal: Principal) -> dict[str, object]:
    return {"person": principal.person, "role_ok": any(principal.has(role) for role in GLASS_BREAKERS)}


def _record(
    connection: Connection, kind: EventType, proposal: ProposalRef, request: str, by: Principal, now: datetime
) -> None:
    log.append(connection, [Event(kind, now, by.id, proposal, {"break_glass": request})])


def _overdue(connection: Connection, now: datetime) -> int:
    query = select(func.count()).where(
        break_glass.c.state == BreakGlassState.ACTIVATED.value, break_glass.c.review_due_at < now
    )
    return int(connection.execute(query).scalar_one())


def _row(connection: Connection, request_id: str) -> Row[Any]:
    row = connection.execute(select(break_glass).where(break_glass.c.id == request_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"There is no break-glass request {request_id}.", code="break_glass_unknown")
    return row


def _load(connection: Connection, request_id: str) -> BreakGlass:
    return _values(connection, [_row(connection, request_id)])[0]


def _values(connection: Connection, rows: Sequence[Row[Any]]) -> list[BreakGlass]:
    people = {person for row in rows for person in (row.requested_by, row.seconded_by, row.reviewed_by)}
    names = {key: principal.name for key, principal in known_principals(connection, people - {None}).items()}
    return [
        BreakGlass(
            id=row.id,
            proposal=ProposalRef(row.proposal_id, row.revision, row.digest),
            state=BreakGlassState(row.state),
            reason=row.reason,
            ttl_seconds=row.ttl_seconds,
            requested_by=names[row.requested_by],
            requested_at=row.requested_at,
            seconded_by=names.get(row.seconded_by),
            seconded_at=row.seconded_at,
            expires_at=row.expires_at,
            review_due_at=row.review_due_at,
            reviewed_by=names.get(row.reviewed_by),
            reviewed_at=row.reviewed_at,
            review_reason=row.review_reason,
        )
        for row in rows
    ]
