"""Reports for tests, written by us: harmless unless a test asks for something else."""

from __future__ import annotations

import uuid
from itertools import count

from gatekeeper.proposals.report import Report

_numbers = count(1)


def proposal_id(number: int) -> str:
    """A valid proposal id that is the same for the same number."""
    return f"fsar_{uuid.UUID(int=(4 << 76) | (8 << 60) | number)}"


def a_report(**changes: object) -> Report:
    """A valid, harmless report; `changes` replace its fields."""
    fields: dict[str, object] = {
        "id": proposal_id(next(_numbers)),
        "timestamp": "2026-03-01T09:30:00.000Z",
        "severity": 4,
        "block_execution": False,
        "proposal": "Reword the greeting of the weekly summary so that it names the month.",
        "risks": ("The greeting could be longer than the subject line allows",),
        "mitigations": ("Keep the greeting under forty characters; revert the one-line change",),
    }
    return Report(**(fields | changes))  # type: ignore[arg-type]


def a_blocked_report(**changes: object) -> Report:
    """Claims a severity that policy blocks."""
    return a_report(**({"severity": 60} | changes))


def a_report_for_review(**changes: object) -> Report:
    """Claims a severity that needs a plan, and has none."""
    return a_report(**({"severity": 30, "mitigations": ()} | changes))
