"""The case before the reviewers: one revision as it stands, and the question it puts to policy. Pure values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from gatekeeper.clock import unix_seconds
from gatekeeper.closures.service import is_frozen
from gatekeeper.errors import ConflictError, NotPermittedError
from gatekeeper.identity.principal import Principal
from gatekeeper.identity.service import known_principals
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.proposals import store
from gatekeeper.proposals.revisions import State
from gatekeeper.review.votes import Vote, votes_of


@dataclass(frozen=True, slots=True)
class Case:
    """A revision and everything that a settlement depends on. Two equal cases settle alike."""

    proposal: ProposalRef
    outcome: str
    state: State
    frozen: bool
    submitted_at: datetime
    submitter: str
    authors: tuple[str, ...]
    votes: tuple[Vote, ...]

    def require_open(self, digest: str) -> None:
        """Raise ConflictError unless this revision still waits for people and is the one with `digest`."""
        if digest != self.proposal.digest:
            raise ConflictError(
                "The proposal has changed since you read it; read the current revision and decide again.",
                code="digest_not_current",
                current_digest=self.proposal.digest,
            )
        if self.state is not State.PENDING_REVIEW:
            raise ConflictError(
                f"The proposal is settled: {self.state.value}.", code="settled", state=self.state.value
            )

    def require_independent(self, principal: Principal, to_do: str) -> None:
        """Raise NotPermittedError for whoever submitted any revision, and anyone acting for them."""
        if principal.person in self.authors:
            raise NotPermittedError(
                f"{principal.name} may not {to_do}: it is their own proposal or that of somebody they act for.",
                code="own_proposal",
            )

    def policy_input(self, votes: Sequence[Vote], now: datetime) -> dict[str, object]:
        """The input of `data.gatekeeper.approval` for these votes at this moment."""
        return {
            "proposal": self.proposal_facts(),
            "reviews": [
                {
                    "reviewer": vote.reviewer_id,
                    "person": vote.person,
                    "role_ok": vote.may_review,
                    "vote": vote.vote.value,
                    "digest": vote.digest,
                    "at": unix_seconds(vote.at),
                }
                for vote in votes
            ],
            "submitter": self.submitter,
            "now": unix_seconds(now),
        }

    def proposal_facts(self) -> dict[str, object]:
        """What policy is told of the proposal itself."""
        return {
            "id": self.proposal.id,
            "revision": self.proposal.revision,
            "digest": self.proposal.digest,
            "outcome": self.outcome,
            "state": self.state.value,
            "frozen": self.frozen,
            "submitted_at": unix_seconds(self.submitted_at),
            "authors": sorted(self.authors),
        }


def load_case(connection: Connection, proposal_id: str) -> Case:
    """The current revision's case as this transaction sees it; raises NotFoundError."""
    row: Row[Any] = store.revision_row(connection, proposal_id)
    submitter = known_principals(connection, [row.submitted_by])[row.submitted_by]
    known = store.known_revisions(connection, [proposal_id])[proposal_id]
    return Case(
        proposal=ProposalRef(row.proposal_id, row.revision, row.digest),
        outcome=row.outcome,
        state=State(row.state),
        frozen=is_frozen(connection),
        submitted_at=row.submitted_at,
        submitter=submitter.person,
        authors=tuple(sorted({revision.person for revision in known})),
        votes=votes_of(connection, [(row.proposal_id, row.revision)]).get(
            (row.proposal_id, row.revision), ()
        ),
    )
