"""Votes as values and rows. The only import of the reviews table. Whether votes suffice is for policy to say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select, tuple_

from gatekeeper.errors import FieldError, InvalidInputError
from gatekeeper.identity.principal import Principal, Role
from gatekeeper.identity.service import known_principals
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.review.tables import reviews


class VoteKind(StrEnum):
    """For or against."""

    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Vote:
    """One vote. `person` stands behind the reviewer; `may_review` says whether they hold the role at this moment."""

    reviewer_id: str
    reviewer: str
    person: str
    may_review: bool
    vote: VoteKind
    reason: str
    digest: str
    at: datetime


def vote_of(voter: Principal, kind: VoteKind, reason: str, digest: str, now: datetime) -> Vote:
    """The vote a principal is about to cast."""
    return Vote(voter.id, voter.name, voter.person, voter.has(Role.REVIEWER), kind, reason, digest, now)


def checked_kind(word: str) -> VoteKind:
    """The kind of vote a word names; raises InvalidInputError."""
    try:
        return VoteKind(word)
    except ValueError as error:
        detail = "must be approve or reject"
        raise InvalidInputError(f"The vote {detail}.", errors=[FieldError("/vote", detail)]) from error


def record_vote(connection: Connection, proposal: ProposalRef, vote: Vote, leaf: int) -> None:
    """Store a vote beside its leaf's index."""
    connection.execute(
        insert(reviews).values(
            proposal_id=proposal.id,
            revision=proposal.revision,
            digest=vote.digest,
            reviewer=vote.reviewer_id,
            vote=vote.vote.value,
            reason=vote.reason,
            at=vote.at,
            leaf=leaf,
        )
    )


def votes_of(
    connection: Connection, keys: Collection[tuple[str, int]]
) -> dict[tuple[str, int], tuple[Vote, ...]]:
    """The votes of some revisions (proposal id, revision number), oldest first."""
    if not keys:
        return {}
    rows = connection.execute(
        select(reviews)
        .where(tuple_(reviews.c.proposal_id, reviews.c.revision).in_(list(keys)))
        .order_by(reviews.c.id)
    ).all()
    reviewers = known_principals(connection, [row.reviewer for row in rows]) if rows else {}
    found: dict[tuple[str, int], tuple[Vote, ...]] = defaultdict(tuple)
    for row in rows:
        vote = vote_of(reviewers[row.reviewer], VoteKind(row.vote), row.reason, row.digest, row.at)
        found[row.proposal_id, row.revision] += (vote,)
    return found


def with_votes(connection: Connection, proposal_ids: Collection[str]) -> list[str]:
    """Those of some proposals that anybody has voted on, in the order given."""
    if not proposal_ids:
        return []
    query = select(reviews.c.proposal_id).where(reviews.c.proposal_id.in_(proposal_ids)).distinct()
    voted = set(connection.execute(query).scalars())
    return [proposal_id for proposal_id in proposal_ids if proposal_id in voted]
