"""What everyone has to know now: a freeze, broken glass, a review that is owed, executions whose end is unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from gatekeeper.closures.service import ClosureService
from gatekeeper.executions.execution import ExecutionState
from gatekeeper.executions.service import ExecutionService
from gatekeeper.review.break_glass import BreakGlass, BreakGlassService, BreakGlassState

_REQUEST_SHOWN_FOR = timedelta(hours=1)
_SILENT_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know. `since` is when it began; `proposal_id` where to read on, if anywhere."""

    code: str
    text: str
    since: datetime
    proposal_id: str | None = None


class Notices:
    """Gathers the notices in force; shown on every page and served to every principal."""

    def __init__(
        self, closures: ClosureService, break_glass: BreakGlassService, executions: ExecutionService
    ) -> None:
        self._closures = closures
        self._break_glass = break_glass
        self._executions = executions

    def current(self, now: datetime) -> list[Notice]:
        """The notices of this moment, the gravest kind first."""
        return [*self._freeze(), *self._broken_glass(now), *self._silence()]

    def _freeze(self) -> Iterator[Notice]:
        freeze = self._closures.current()
        if freeze is not None:
            text = f"The gate is frozen: {freeze.reason} ({freeze.frozen_by}). Nothing new is allowed."
            yield Notice("frozen", text, freeze.frozen_at)

    def _broken_glass(self, now: datetime) -> Iterator[Notice]:
        for use in self._break_glass.all():
            since = use.seconded_at or use.requested_at
            if use.state is BreakGlassState.REVIEWED or _is_stale_request(use, now):
                continue
            yield Notice(f"break_glass.{use.state.value}", _glass_text(use, now), since, use.proposal.id)

    def _silence(self) -> Iterator[Notice]:
        states = {ExecutionState.INDETERMINATE}
        silent = self._executions.page(states=states, limit=_SILENT_SHOWN)
        for each in silent.items:
            text = (
                f"Nobody knows how an execution ended: {each.executor} began {each.id} and did not report by "
                f"{each.deadline_at:%Y-%m-%d %H:%M} UTC. Find out, and report its outcome."
            )
            yield Notice("execution.indeterminate", text, each.deadline_at, each.proposal.id)
        if silent.next_cursor is not None:
            counts = self._executions.count_by_state()
            total = counts.get(ExecutionState.INDETERMINATE.value, _SILENT_SHOWN)
            text = f"Nobody knows how {total} executions ended; the latest {_SILENT_SHOWN} are shown here."
            yield Notice("execution.indeterminate", text, silent.items[-1].deadline_at)


def _is_stale_request(use: BreakGlass, now: datetime) -> bool:
    return use.state is BreakGlassState.REQUESTED and now - use.requested_at > _REQUEST_SHOWN_FOR


def _glass_text(use: BreakGlass, now: datetime) -> str:
    if use.state is BreakGlassState.REQUESTED:
        return f"{use.requested_by} asks to break the glass: {use.reason}"
    people = f"{use.requested_by} and {use.seconded_by} broke the glass: {use.reason}"
    if use.expires_at is not None and now < use.expires_at:
        return f"{people} The pass holds until {use.expires_at:%Y-%m-%d %H:%M} UTC."
    late = use.review_due_at is not None and now > use.review_due_at
    return f"{people} A review by somebody else is {'overdue' if late else 'owed'}."
