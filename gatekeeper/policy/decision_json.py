"""Decisions and reasons as JSON and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from gatekeeper.policy.decision import Decision, Effect, Reason


def decision_to_json(decision: Decision) -> dict[str, object]:
    """Outcome, reasons and policy."""
    return {
        "outcome": decision.outcome.value,
        "reasons": reasons_to_json(decision.reasons),
        "policy": {"revision": decision.policy.revision, "engine": decision.policy.engine},
    }


def reasons_to_json(reasons: Iterable[Reason]) -> list[dict[str, object]]:
    """Each reason with its code, effect, message and remedy."""
    return [
        {
            "code": reason.code,
            "effect": reason.effect.value,
            "message": reason.message,
            "remedy": reason.remedy,
        }
        for reason in reasons
    ]


def reasons_from_json(values: Iterable[Mapping[str, str]]) -> tuple[Reason, ...]:
    """Read back what `reasons_to_json` wrote."""
    return tuple(
        Reason(value["code"], Effect(value["effect"]), value["message"], value["remedy"]) for value in values
    )
