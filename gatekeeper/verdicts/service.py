"""Gather a verdict file from what is on record: one state of the database, nothing left out, nothing made up.

What was not kept when it was decided, or is not published yet, is null in the file: its verification says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection, Row, text

from gatekeeper.clock import rfc3339
from gatekeeper.errors import NotFoundError
from gatekeeper.ledger import log
from gatekeeper.ledger.checkpoints import (
    Published,
    checkpoint_of_size,
    checkpoints_over,
    first_checkpoints_over,
)
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.ledger.installation import LogInstallation
from gatekeeper.ledger.merkle import inclusion_proof
from gatekeeper.ledger.witness_policy import WitnessPolicy
from gatekeeper.policy.decision import ReviewState
from gatekeeper.policy.records import kept_bundle, kept_input
from gatekeeper.proposals import store
from gatekeeper.proposals.revisions import VerdictOutcome
from gatekeeper.storage.database import Database
from gatekeeper.verdicts.course import Course, course_of, entry_of, rests_on
from gatekeeper.verdicts.verdict_file import LoggedEntry, VerdictFile

_CHECKPOINTS = 20  # of the first and of the newest that cover a verdict, one of which is witnessed


class Verdicts:
    """Verdict files of what is on record."""

    def __init__(self, database: Database, installation: LogInstallation) -> None:
        self._database = database
        self._installation = installation

    def export(
        self, proposal_id: str, revision: int | None = None, checkpoint_size: int | None = None
    ) -> VerdictFile:
        """The verdict of one revision, the current one by default.

        Its entries are proven in the first checkpoint that covers them and is witnessed, or in the published one of
        `checkpoint_size` entries, for whoever pinned that. Raises NotFoundError, and TamperError when the log lacks
        what has to be there.
        """
        policy = self._installation.policy()
        with self._database.read() as connection:
            if not self._database.is_sqlite:
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            row = store.revision_row(connection, proposal_id, revision)
            values = _entries(connection, row)
            place = ProposalRef(row.proposal_id, row.revision, row.digest)
            course = course_of([entry_of(value) for value in values], place)
            published = _checkpoint(connection, values[-1]["index"], policy, checkpoint_size)
            return _file(connection, row, course, values, published)


def _entries(connection: Connection, row: Row[Any]) -> list[Mapping[str, Any]]:
    """The entries on which the revision's verdict rests, as JSON values."""
    bodies: list[Mapping[str, Any]] = [body for body, _ in log.proposal_events(connection, row.proposal_id)]
    own = [body for body in bodies if body["proposal"]["revision"] == row.revision]
    wanted = {each.index for each in rests_on([entry_of(body) for body in own])}
    return [body for body in own if body["index"] in wanted]


def _checkpoint(
    connection: Connection, last: int, policy: WitnessPolicy | None, size: int | None
) -> Published | None:
    if size is not None:
        published = checkpoint_of_size(connection, size)
        if published is None or size <= last:
            raise NotFoundError(
                f"No published checkpoint of {size} entries covers this verdict.", code="checkpoint_unknown"
            )
        return published
    covering = [
        *first_checkpoints_over(connection, last, _CHECKPOINTS),
        *checkpoints_over(connection, last, _CHECKPOINTS),
    ]
    return next((each for each in covering if _is_witnessed(each, policy)), covering[0] if covering else None)


def _is_witnessed(published: Published, policy: WitnessPolicy | None) -> bool:
    return policy is not None and policy.accepts(published.note)


def _file(
    connection: Connection,
    row: Row[Any],
    course: Course,
    values: Sequence[Mapping[str, Any]],
    published: Published | None,
) -> VerdictFile:
    review = _review(connection, row, course)
    revisions = {row.policy_revision} | ({review["policy"]["revision"]} if review else set())
    return VerdictFile(
        proposal=course.submitted.proposal,
        report=orjson.loads(row.report),
        assessment=orjson.loads(row.assessment),
        decision={
            "outcome": row.outcome,
            "reasons": orjson.loads(row.reasons),
            "policy": course.decided.facts["policy"],
            "input": _kept(connection, course.decided.facts.get("input")),
        },
        review=review,
        verdict={
            "outcome": row.verdict,
            "state": row.state,
            "reasons": orjson.loads(row.verdict_reasons),
            "at": row.verdict_at and rfc3339(row.verdict_at),
            "leaf": row.verdict_leaf,
            "expires_at": row.verdict_expires_at and rfc3339(row.verdict_expires_at),
        },
        policies={revision: kept_bundle(connection, revision) for revision in revisions},
        entries=tuple(_proven(connection, value, published) for value in values),
        checkpoint=None if published is None else published.note.encoded.decode(),
    )


def _review(connection: Connection, row: Row[Any], course: Course) -> dict[str, Any] | None:
    """What policy was asked when people settled it; None when they did not, or nobody wrote it down."""
    settled = course.settled
    if settled is None or settled.question is None:
        return None
    passed = row.verdict == VerdictOutcome.PASS
    kept = _kept(connection, settled.facts.get("input")) or {"input": None, "salt": None}
    return {
        "question": settled.question,
        "policy": settled.facts["policy"],
        "input": kept["input"],
        "salt": kept["salt"],
        "result": {
            "state": (ReviewState.APPROVED if passed else ReviewState.REJECTED).value,
            "reasons": orjson.loads(row.verdict_reasons),
        },
    }


def _kept(connection: Connection, digest: object) -> Any:
    return kept_input(connection, digest) if isinstance(digest, str) else None


def _proven(connection: Connection, value: Mapping[str, Any], published: Published | None) -> LoggedEntry:
    if published is None:
        return LoggedEntry(value, None)
    hashes = inclusion_proof(value["index"], published.checkpoint.size, partial(log.nodes, connection))
    return LoggedEntry(value, tuple(hashes))
