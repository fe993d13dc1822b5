"""What policy says of the votes so far: what is still needed before there is a verdict. Asks; changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gatekeeper.dossier import Dossier
from gatekeeper.errors import UnavailableError
from gatekeeper.policy.decision import Reason
from gatekeeper.proposals.revisions import State

if TYPE_CHECKING:
    from gatekeeper.app import Gatekeeper


@dataclass(frozen=True, slots=True)
class Standing:
    """Policy's reasons why there is no verdict yet; `is_known` is false when policy gives no answer at the moment."""

    reasons: tuple[Reason, ...]
    is_known: bool = True


def standing_of(gatekeeper: Gatekeeper, dossier: Dossier, now: datetime) -> Standing | None:
    """Where a pending proposal stands; None for a revision that nobody decides on any more."""
    if not dossier.current or dossier.state is not State.PENDING_REVIEW:
        return None
    try:
        result = gatekeeper.reviews.standing(dossier.id, now)
    except UnavailableError:
        return Standing((), is_known=False)
    return None if result is None else Standing(result.reasons)
