"""What became of a pass: each permit of a proposal with the execution it began, as the page shows them. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gatekeeper.executions.execution import Execution
from gatekeeper.permits.record import PermitRecord

if TYPE_CHECKING:
    from gatekeeper.web.routing import Visit

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Use:
    """A permit, unless the viewer may not see it, and the execution that spending it began, if it was spent."""

    permit: PermitRecord | None
    execution: Execution | None


def uses_of(visit: Visit, proposal_id: str) -> list[Use]:
    """Return the permits that the viewer may see and all executions, the latest first, at most SHOWN of each."""
    gatekeeper = visit.gatekeeper
    permits = gatekeeper.permits.of_proposal(proposal_id, visit.viewer, visit.now)[:SHOWN]
    executions = gatekeeper.executions.page(proposal_id=proposal_id, limit=SHOWN).items
    begun = {execution.permit_id: execution for execution in executions}
    uses = [Use(permit, begun.pop(permit.permit.id, None)) for permit in permits]
    return [*uses, *(Use(None, execution) for execution in begun.values())]
