"""A Proposal as a gate answers with it: read strictly, and what automation may do with it. Prints nothing.

Only the current revision with the verdict `pass` that has not run out is allowed; whatever is not understood is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gatekeeper.cli.exits import ExitCode
from gatekeeper.errors import UnavailableError

Proposal = Mapping[str, Any]
_SHAPE: Mapping[str, type | tuple[type, ...]] = {
    "id": str,
    "revision": int,
    "digest": str,
    "current": bool,
    "state": str,
    "report": dict,
    "assessment": dict,
    "decision": dict,
    "reviews": list,
    "verdict": dict,
}


def proposal_answer(value: object) -> Proposal:
    """The answer itself when it is a Proposal; raises UnavailableError for anything else."""
    if isinstance(value, dict) and all(isinstance(value.get(name), kind) for name, kind in _SHAPE.items()):
        return value
    raise UnavailableError(
        "What answers at this address is not a gate: this is no proposal.", code="not_a_gate"
    )


def exit_code_of(proposal: Proposal, now: datetime) -> ExitCode:
    """Passed 0, ended or superseded or blocked 1, waiting for people 3, anything unknown 4."""
    verdict = proposal["verdict"].get("outcome")
    if verdict == "pending":
        blocked = proposal["decision"].get("outcome") != "review"
        return ExitCode.BLOCKED if blocked or not proposal["current"] else ExitCode.AWAITING
    if verdict == "fail":
        return ExitCode.BLOCKED
    if verdict != "pass":
        return ExitCode.UNDECIDED
    return ExitCode.ALLOWED if proposal["current"] and not has_run_out(proposal, now) else ExitCode.BLOCKED


def has_run_out(proposal: Proposal, now: datetime) -> bool:
    """Whether the verdict was a pass for a time that is over (break-glass)."""
    expires_at = proposal["verdict"].get("expires_at")
    if expires_at is None:
        return False
    try:
        return datetime.fromisoformat(expires_at) <= now
    except (TypeError, ValueError):
        return True
