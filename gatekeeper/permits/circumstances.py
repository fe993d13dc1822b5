"""What a permit depends on, read in one transaction: the verdict, who stands for it, the policy, the clock.

Decides nothing but that a clock which runs behind the log decides nothing either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from gatekeeper.clock import Clock
from gatekeeper.closures.service import is_frozen
from gatekeeper.errors import UnavailableError
from gatekeeper.identity.service import known_principals
from gatekeeper.ledger import log
from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.ledger.merkle import root
from gatekeeper.permits.conditions import Pass
from gatekeeper.policy.in_force import require_in_force
from gatekeeper.proposals import store
from gatekeeper.proposals.revisions import State, VerdictOutcome
from gatekeeper.review.approvals import Approvals, approvals_of

MOST_BEHIND = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class OwnPolicy:
    """The policy this process runs, in force or not, and for how long it counts a vote."""

    revision: str
    vote_lifetime: timedelta


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The current revision of a proposal, the approvals behind its verdict, and how both stand."""

    row: Row[Any]
    proposal: ProposalRef
    approvals: Approvals
    revision: Pass


def circumstances_of(connection: Connection, proposal_id: str, policy: OwnPolicy) -> Circumstances:
    """Read them for the current revision. Raises NotFoundError, UnavailableError when another policy is in force."""
    row = store.revision_row(connection, proposal_id)
    require_in_force(connection, policy.revision)
    proposal = ProposalRef(row.proposal_id, row.revision, row.digest)
    leaf = -1 if row.verdict_leaf is None else row.verdict_leaf
    approvals = approvals_of(connection, proposal, leaf, policy.vote_lifetime)
    decided_by = {row.policy_revision, approvals.policy_revision or row.policy_revision}
    stands = Pass(
        passed=(row.state, row.verdict) == (State.PASSED.value, VerdictOutcome.PASS.value),
        expires_at=row.verdict_expires_at,
        frozen=is_frozen(connection),
        same_policy=decided_by == {policy.revision},
        approvals_hold=_hold(connection, approvals),
    )
    return Circumstances(row, proposal, approvals, stands)


def time_of_turn(connection: Connection, clock: Clock) -> datetime:
    """The time that counts, asked inside the write transaction: it is never before the newest leaf's.

    What waited for its turn may have expired meanwhile, and what is expired by the log must not come back. Raises
    UnavailableError when the clock runs further behind the log than a clock may.
    """
    now, newest = clock(), log.last_at(connection)
    if newest is None:
        return now
    if now < newest - MOST_BEHIND:
        raise UnavailableError(
            "The clock of the gate runs behind its log, so no time can be judged. Set it right.",
            code="clock_behind",
        )
    return max(now, newest)


def require_history(connection: Connection, signed: Checkpoint | None, *, is_refused: bool) -> None:
    """Raise UnavailableError when the log does not begin with what was signed of it, or somebody refused to sign it.

    A database that was restored has forgotten what was spent since; the signer and the witnesses have not.
    """
    if is_refused:
        raise _set_back()
    if signed is None or signed.size == 0:
        return
    try:
        begins_so = root(signed.size, partial(log.nodes, connection)) == signed.root
    except KeyError:
        begins_so = False
    if not begins_so:
        raise _set_back()


def _set_back() -> UnavailableError:
    return UnavailableError(
        "The log is not the one that was signed: the database was set back or rewritten. Nothing is issued or spent "
        "until an operator has looked.",
        code="log_set_back",
    )


def _hold(connection: Connection, approvals: Approvals) -> bool:
    if not approvals.is_sound or bool(approvals.approvers) != (approvals.policy_revision is not None):
        return False
    people = known_principals(connection, approvals.approvers).values()
    able = [person for person in people if any(person.has(role) for role in approvals.roles)]
    return len(able) == len(approvals.approvers)
