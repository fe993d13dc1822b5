"""People's part: vote, withdraw, and settle what is overdue. Rego decides whether the votes suffice.

Policy is asked outside the transaction; the write transaction proceeds only when the case is exactly the one policy
was asked about, and otherwise asks again. So of many votes at the same moment exactly one settles the proposal.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from gatekeeper.errors import ConflictError, NotPermittedError, UnavailableError
from gatekeeper.identity.principal import Principal, Role
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.policy.answers import judge_reviews
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.decision import ReviewResult, ReviewState
from gatekeeper.policy.engine import PolicyEngine, Question
from gatekeeper.policy.in_force import require_in_force
from gatekeeper.proposals import store
from gatekeeper.proposals.revisions import State
from gatekeeper.review.case import Case, load_case
from gatekeeper.review.endings import EXPIRED_CODE, WITHDRAWN
from gatekeeper.review.settlement import SALT_BYTES, Asked, Settlement, settle
from gatekeeper.review.votes import Vote, checked_kind, record_vote, vote_of, with_votes
from gatekeeper.rounds import Round
from gatekeeper.stated_reason import stated_reason
from gatekeeper.storage.database import Database

_ATTEMPTS = 50


class ReviewService:
    """The use-cases of review. `entropy(n)` gives n random bytes."""

    def __init__(
        self,
        database: Database,
        engine: PolicyEngine,
        bundle: PolicyBundle,
        vote_lifetime: timedelta,
        entropy: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._database = database
        self._engine = engine
        self._bundle = bundle
        self._vote_lifetime = vote_lifetime
        self._entropy = entropy
        self._round = Round("proposal")

    def vote(
        self, proposal_id: str, kind: str, reason: str, digest: str, voter: Principal, now: datetime
    ) -> None:
        """Record one vote and, if policy says so, the verdict.

        Raises NotPermittedError (no reviewer, or their own proposal), ConflictError (another digest is current, it is
        settled, or the same vote stands already), InvalidInputError, NotFoundError, UnavailableError.
        """
        voter.require(Role.REVIEWER, "vote on proposals")
        vote = vote_of(voter, checked_kind(kind), stated_reason(reason), digest, now)
        for _ in range(_ATTEMPTS):
            with self._database.read() as connection:
                case = load_case(connection, proposal_id)
            self._require_votable(case, vote, voter)
            votes = (*case.votes, vote)
            result = self._ask(case, votes, now)
            with self._database.write() as connection:
                if load_case(connection, proposal_id) == case:
                    require_in_force(connection, self._bundle.revision)
                    _cast(connection, case, vote)
                    self._apply(connection, case, votes, result, voter.id, now)
                    return
        raise UnavailableError("Too many votes at the same moment. Try again.", code="contended")

    def standing(self, proposal_id: str, now: datetime) -> ReviewResult | None:
        """What policy says of the votes so far; None when nobody decides on the proposal any more."""
        with self._database.read() as connection:
            case = load_case(connection, proposal_id)
        if case.state is not State.PENDING_REVIEW:
            return None
        return self._ask(case, case.votes, now)

    def withdraw(self, proposal_id: str, by: Principal, now: datetime) -> None:
        """End a pending proposal on behalf of those who submitted it."""
        with self._database.write() as connection:
            case = load_case(connection, proposal_id)
            if by.person not in case.authors:
                raise NotPermittedError(
                    f"Only those who submitted the proposal may withdraw it, not {by.name}.",
                    code="not_your_proposal",
                )
            case.require_open(case.proposal.digest)
            ended = Settlement(State.WITHDRAWN, (WITHDRAWN,), self._bundle)
            settle(connection, case.proposal, ended, by.id, now)

    def settle_waiting(self, now: datetime) -> int:
        """Ask policy again where time alone may have decided; returns how many got their verdict.

        That is where the review is overdue, and where there are votes that a freeze may have held back. One that cannot
        be decided is logged, stays as it is, and keeps no other from its verdict.
        """
        with self._database.read() as connection:
            overdue = store.pending_ids(connection, due_before=now)
            voted = with_votes(connection, store.pending_ids(connection))
        return self._round.run([*overdue, *voted], lambda proposal_id: self._settle(proposal_id, now))

    def _settle(self, proposal_id: str, now: datetime) -> bool:
        with self._database.read() as connection:
            case = load_case(connection, proposal_id)
        if case.state is not State.PENDING_REVIEW:
            return False
        result = self._ask(case, case.votes, now)
        if result.state is ReviewState.UNDECIDED:
            return False
        with self._database.write() as connection:
            if load_case(connection, proposal_id) != case:
                return False
            return self._apply(connection, case, case.votes, result, None, now)

    def _require_votable(self, case: Case, vote: Vote, voter: Principal) -> None:
        case.require_independent(voter, "vote on this proposal")
        case.require_open(vote.digest)
        own = [earlier for earlier in case.votes if earlier.reviewer_id == voter.id]
        if own and own[-1].vote is vote.vote and vote.at - own[-1].at <= self._vote_lifetime:
            raise ConflictError(f"{voter.name} has voted {vote.vote.value} already.", code="already_voted")

    def _ask(self, case: Case, votes: tuple[Vote, ...], now: datetime) -> ReviewResult:
        return judge_reviews(self._engine, self._bundle.revision, case.policy_input(votes, now))

    def _apply(
        self,
        connection: Connection,
        case: Case,
        votes: tuple[Vote, ...],
        result: ReviewResult,
        actor: str | None,
        now: datetime,
    ) -> bool:
        if result.state is ReviewState.UNDECIDED:
            return False
        asked = Asked(
            Question.APPROVAL,
            case.policy_input(votes, now),
            result.policy.engine,
            self._engine.version,
            self._entropy(SALT_BYTES).hex(),
        )
        ended = Settlement(_state_of(result), result.reasons, self._bundle, asked)
        settle(connection, case.proposal, ended, actor, now)
        return True


def _cast(connection: Connection, case: Case, vote: Vote) -> None:
    facts = {"vote": vote.vote.value}
    event = Event(EventType.VOTE_CAST, vote.at, vote.reviewer_id, case.proposal, facts)
    (leaf,) = log.append(connection, [event])
    record_vote(connection, case.proposal, vote, leaf)


def _state_of(result: ReviewResult) -> State:
    if result.state is ReviewState.APPROVED:
        return State.PASSED
    expired = any(reason.code == EXPIRED_CODE for reason in result.reasons)
    return State.EXPIRED if expired else State.FAILED
