"""Put dossiers together from what the slices have stored: one, a page, a history. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Connection, Row

from gatekeeper.assessment.assessment_json import assessment_from_json
from gatekeeper.dossier import Dossier, HistoryEntry, Verdict
from gatekeeper.errors import NotFoundError
from gatekeeper.identity.principal import Principal
from gatekeeper.identity.service import known_principals
from gatekeeper.ledger.log import proposal_events
from gatekeeper.policy.decision import Decision, Outcome, PolicyRef
from gatekeeper.policy.decision_json import reasons_from_json
from gatekeeper.proposals import store
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.revisions import State, VerdictOutcome
from gatekeeper.review.votes import Vote, votes_of
from gatekeeper.storage.database import Database

MAX_PAGE = 200


@dataclass(frozen=True, slots=True)
class Page:
    """Some dossiers in order; `next_cursor` continues, None at the end."""

    items: tuple[Dossier, ...]
    next_cursor: str | None


class Dossiers:
    """The reading side of the gate."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, proposal_id: str, revision: int | None = None) -> Dossier:
        """One revision (the current one by default); raises NotFoundError."""
        with self._database.read() as connection:
            return _assemble(connection, [store.revision_row(connection, proposal_id, revision)])[0]

    def page(
        self,
        *,
        states: Collection[State] = (),
        cursor: str | None = None,
        limit: int = 50,
        inbox: bool = False,
    ) -> Page:
        """Current revisions, latest first; as an inbox, the gravest first and then the longest waiting."""
        limit = max(1, min(limit, MAX_PAGE))
        with self._database.read() as connection:
            rows, following = store.current_rows(
                connection, states=states, cursor=cursor, limit=limit, inbox=inbox
            )
            return Page(tuple(_assemble(connection, rows)), following)

    def count_by_state(self) -> dict[str, int]:
        """How many proposals are in each state now."""
        with self._database.read() as connection:
            return store.count_by_state(connection)

    def history(self, proposal_id: str) -> list[HistoryEntry]:
        """Every recorded event of a proposal, oldest first; raises NotFoundError when there is no such proposal."""
        with self._database.read() as connection:
            recorded = proposal_events(connection, proposal_id)
            if not recorded:
                raise NotFoundError(f"There is no proposal {proposal_id}.", code="proposal_unknown")
            actors = [str(body["actor"]) for body, _ in recorded if body["actor"]]
            known = known_principals(connection, actors)
        return [_history_entry(body, digest, known) for body, digest in recorded]


def load_dossiers(connection: Connection, keys: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Dossier]:
    """The dossiers of some stored revisions (proposal id, revision number) as this transaction sees them."""
    rows = store.revision_rows(connection, keys)
    return {(dossier.id, dossier.revision): dossier for dossier in _assemble(connection, rows)}


def _assemble(connection: Connection, rows: Sequence[Row[Any]]) -> list[Dossier]:
    votes = votes_of(connection, [(row.proposal_id, row.revision) for row in rows])
    submitters = known_principals(connection, [row.submitted_by for row in rows])
    return [
        _dossier(row, submitters[row.submitted_by], votes.get((row.proposal_id, row.revision), ()))
        for row in rows
    ]


def _dossier(row: Row[Any], submitter: Principal, votes: tuple[Vote, ...]) -> Dossier:
    return Dossier(
        id=row.proposal_id,
        revision=row.revision,
        digest=row.digest,
        state=State(row.state),
        submitted_by=submitter.name,
        submitter_person=submitter.person,
        submitted_at=row.submitted_at,
        current=row.revision == row.current_revision,
        report=Report.from_json(orjson.loads(row.report)),
        assessment=assessment_from_json(orjson.loads(row.assessment)),
        decision=Decision(
            Outcome(row.outcome),
            reasons_from_json(orjson.loads(row.reasons)),
            PolicyRef(row.policy_revision, row.policy_engine),
        ),
        decided_at=row.decided_at,
        votes=votes,
        verdict=Verdict(
            VerdictOutcome(row.verdict),
            reasons_from_json(orjson.loads(row.verdict_reasons)),
            row.verdict_at,
            row.verdict_leaf,
            row.verdict_expires_at,
        ),
        review_due_at=row.review_due_at,
    )


def _history_entry(body: dict[str, Any], digest: str, known: dict[str, Principal]) -> HistoryEntry:
    actor = known[body["actor"]].name if body["actor"] else None
    revision = body["proposal"]["revision"]
    return HistoryEntry(body["index"], body["type"], body["at"], actor, revision, body["facts"], digest)
