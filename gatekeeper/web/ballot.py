"""What somebody may do with a revision, and why not. A courtesy: the services decide again."""

from __future__ import annotations

from dataclasses import dataclass

from gatekeeper.dossier import Dossier
from gatekeeper.identity.principal import Principal, Role
from gatekeeper.proposals.revisions import State
from gatekeeper.review.votes import Vote


@dataclass(frozen=True, slots=True)
class Ballot:
    """`why_not` is empty exactly when the viewer may vote. `own_vote` is the vote they have standing."""

    why_not: str
    own_vote: Vote | None
    is_own: bool
    may_withdraw: bool
    may_break_glass: bool

    @property
    def may_vote(self) -> bool:
        """Whether the form is shown."""
        return not self.why_not


def ballot_of(dossier: Dossier, viewer: Principal) -> Ballot:
    """What `viewer` may do with this revision now."""
    is_open = dossier.current and dossier.state is State.PENDING_REVIEW
    is_own = viewer.person == dossier.submitter_person
    may_help = viewer.has(Role.REVIEWER) or viewer.has(Role.OPERATOR)
    own_votes = [vote for vote in dossier.votes if vote.reviewer_id == viewer.id]
    return Ballot(
        why_not=_why_not(dossier, viewer, is_own),
        own_vote=own_votes[-1] if own_votes else None,
        is_own=is_own,
        may_withdraw=is_open and is_own,
        may_break_glass=is_open and may_help and not is_own,
    )


def _why_not(dossier: Dossier, viewer: Principal, is_own: bool) -> str:
    if not dossier.current:
        return "This is an earlier revision. Only the current one can be voted on."
    if dossier.state is not State.PENDING_REVIEW:
        return "The verdict is settled, and settled verdicts do not change."
    if is_own:
        return (
            "You cannot vote on this proposal: it was submitted by you or by somebody who acts for the same person. "
            "Whoever proposes a change does not approve it."
        )
    if not viewer.has(Role.REVIEWER):
        return (
            "You cannot vote: that needs the role reviewer, which you do not have. "
            "An operator can tell you who has it."
        )
    return ""
