"""A proposal's life, in order: report -> assessment -> decision -> recorded verdict, or people's review.

Gather, decide, apply: reports are judged outside the transaction; then, holding the writer's lock, the gate checks
that it is open or frozen as it was when they were judged, and records everything of the call at once. What several
threads submit at the same moment is committed together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from sqlalchemy import Connection

from gatekeeper.canonical import canonical_json
from gatekeeper.closures.service import ClosureService, is_frozen
from gatekeeper.dossier import Dossier
from gatekeeper.dossiers import load_dossiers
from gatekeeper.errors import FieldError, GatekeeperError, InvalidInputError, UnavailableError
from gatekeeper.identity.principal import Principal, Role
from gatekeeper.judge import Judge, Judgement
from gatekeeper.ledger import log
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.decision_json import reasons_to_json
from gatekeeper.policy.in_force import require_in_force
from gatekeeper.policy.records import keep_bundle, keep_inputs
from gatekeeper.proposals import store
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.revisions import State, VerdictOutcome
from gatekeeper.proposals.statements import StatedBefore
from gatekeeper.storage.database import Database
from gatekeeper.storage.group_commit import GroupCommit
from gatekeeper.submission import SUPERSEDED, Recorded, SubmissionPlan, plan_submissions

_ATTEMPTS = 5
_SUPERSEDED_REASONS = canonical_json(reasons_to_json([SUPERSEDED])).decode()
_Judged = Judgement | UnavailableError
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Submission:
    """The answer to one report: its dossier, and whether this call created the revision."""

    dossier: Dossier
    created: bool


class Gate:
    """The front door for automation."""

    def __init__(
        self,
        database: Database,
        closures: ClosureService,
        judge: Judge,
        bundle: PolicyBundle,
        review_lifetime: timedelta,
    ) -> None:
        self._database = database
        self._commits = GroupCommit(database)
        self._closures = closures
        self._judge = judge
        self._bundle = bundle
        self._review_lifetime = review_lifetime

    def judge(self, report: Report, now: datetime) -> Judgement:
        """What the gate would say of a report at this moment. Records nothing."""
        return self._judge.judge(report, now, frozen=self._closures.current() is not None)

    def submit(
        self, report: Report, submitter: Principal, now: datetime, *, idempotency_key: str | None = None
    ) -> Submission:
        """Judge and record one report; the same revision again is answered with what was recorded.

        Raises NotPermittedError, InvalidInputError for an idempotency key that belongs to another report, and
        UnavailableError when it could not be decided or recorded. Then nothing is stored.
        """
        submitter.require(Role.SUBMITTER, "submit proposals")

        def record(connection: Connection, judged: Sequence[_Judged]) -> Submission:
            if isinstance(judged[0], UnavailableError):
                raise judged[0]
            earlier = idempotency_key and store.earlier_answer(connection, submitter.id, idempotency_key)
            if earlier:
                return _same_answer(connection, earlier, judged[0].digest)
            (answer,) = self._record(connection, judged, submitter, now)
            if isinstance(answer, GatekeeperError):
                raise answer
            if idempotency_key:
                dossier = answer.dossier
                bound = store.IdempotentAnswer(dossier.digest, dossier.id, dossier.revision, answer.created)
                store.remember_answer(connection, submitter.id, idempotency_key, bound)
            return answer

        return self._judged_then(record, [report], submitter, now)

    def submit_many(
        self, reports: Sequence[Report], submitter: Principal, now: datetime
    ) -> list[Submission | GatekeeperError]:
        """Judge and record reports in order in one transaction; an error stands in the place of its report."""
        submitter.require(Role.SUBMITTER, "submit proposals")
        return self._judged_then(
            lambda connection, judged: self._record(connection, judged, submitter, now),
            reports,
            submitter,
            now,
        )

    def _judged_then(
        self,
        record: Callable[[Connection, Sequence[_Judged]], T],
        reports: Sequence[Report],
        submitter: Principal,
        now: datetime,
    ) -> T:
        for _ in range(_ATTEMPTS):
            with self._database.read() as connection:
                frozen = is_frozen(connection)
                before = store.stated_before(connection, submitter.id)
            judged = [self._judge_or_error(report, now, frozen, before) for report in reports]
            if recorded := self._commits.run(partial(_if_still, frozen, record, judged)):
                return recorded[0]
        raise UnavailableError(
            "The gate was frozen and thawed while this was judged. Try again.", code="unsteady"
        )

    def _judge_or_error(
        self, report: Report, now: datetime, frozen: bool, stated: Mapping[str, StatedBefore]
    ) -> _Judged:
        before = [each for proposal_id, each in stated.items() if proposal_id != report.id]
        try:
            return self._judge.judge(report, now, frozen=frozen, before=before)
        except UnavailableError as error:
            return error

    def _record(
        self, connection: Connection, judged: Sequence[_Judged], submitter: Principal, now: datetime
    ) -> list[Submission | GatekeeperError]:
        judgements = [item for item in judged if isinstance(item, Judgement)]
        plan = plan_submissions(
            judgements,
            store.known_revisions(connection, [judgement.report.id for judgement in judgements]),
            submitter,
            now,
            now + self._review_lifetime,
            log.size(connection),
        )
        if plan.rows:
            require_in_force(connection, self._bundle.revision)
            keep_bundle(connection, self._bundle)
            keep_inputs(connection, plan.policy_inputs)
        _apply(connection, plan, now)
        answers = iter(_answers(connection, plan))
        return [item if isinstance(item, GatekeeperError) else next(answers) for item in judged]


def _if_still(
    frozen: bool,
    record: Callable[[Connection, Sequence[_Judged]], T],
    judged: Sequence[_Judged],
    connection: Connection,
) -> list[T]:
    """What `record` answers; nothing when the gate was frozen or thawed since it was judged."""
    return [record(connection, judged)] if is_frozen(connection) == frozen else []


def _apply(connection: Connection, plan: SubmissionPlan, now: datetime) -> None:
    log.append(connection, plan.events)
    store.insert_revisions(connection, plan.rows)
    for ended in plan.supersessions:
        store.settle_revision(
            connection,
            ended.proposal_id,
            ended.revision,
            state=State.FAILED,
            verdict=VerdictOutcome.FAIL,
            reasons=_SUPERSEDED_REASONS,
            at=now,
            leaf=ended.leaf,
        )


def _answers(connection: Connection, plan: SubmissionPlan) -> list[Submission | GatekeeperError]:
    recorded = [answer for answer in plan.answers if isinstance(answer, Recorded)]
    dossiers = load_dossiers(connection, [(answer.proposal_id, answer.revision) for answer in recorded])
    return [
        Submission(dossiers[answer.proposal_id, answer.revision], answer.created)
        if isinstance(answer, Recorded)
        else answer
        for answer in plan.answers
    ]


def _same_answer(connection: Connection, earlier: store.IdempotentAnswer, digest: str) -> Submission:
    if earlier.digest != digest:
        detail = "was used before for another report"
        raise InvalidInputError(
            f"This idempotency key {detail}.",
            errors=[FieldError("", f"the Idempotency-Key {detail}")],
            code="idempotency_key_reused",
        )
    key = (earlier.proposal_id, earlier.revision)
    return Submission(load_dossiers(connection, [key])[key], earlier.created)
