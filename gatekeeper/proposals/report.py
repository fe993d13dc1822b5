"""The FSAR report as an immutable value. Owns its fields; refuses to read or write any form of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Action:
    """What the automation would do, bound by digest: type and target in its own words, `sha256:` of the parameters."""

    type: str
    target: str
    params_digest: str


@dataclass(frozen=True, slots=True)
class Truth:
    """The author's own statement of what is assumed, unknown and falsifiable; `confidence` is 0 to 1."""

    assumptions: tuple[str, ...]
    unknowns: tuple[str, ...]
    falsifiable_claims: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Report:
    """One valid FSAR report. `severity` (0-75), factors and `p_fail` are the author's CLAIMS, not the gate's findings.

    Built only by the parsers of this package, which have validated every field.
    """

    id: str
    timestamp: str
    severity: int
    block_execution: bool
    proposal: str
    risks: tuple[str, ...]
    mitigations: tuple[str, ...]
    likelihood: int | None = None
    damage: int | None = None
    reversibility: int | None = None
    ai_model: str | None = None
    action: Action | None = None
    rollback: tuple[str, ...] | None = None
    truth: Truth | None = None
    p_fail: float | None = None

    @classmethod
    def from_json(cls, value: Mapping[str, object]) -> Report:
        """Build a report from an already validated JSON value."""
        fields = dict(value)
        for name in ("risks", "mitigations", "rollback"):
            if name in fields:
                fields[name] = tuple(fields[name])  # type: ignore[arg-type]  # the schema says so
        if isinstance(action := fields.get("action"), Mapping):
            fields["action"] = Action(**action)
        if isinstance(truth := fields.get("truth"), Mapping):
            fields["truth"] = Truth(
                tuple(truth["assumptions"]),
                tuple(truth["unknowns"]),
                tuple(truth["falsifiable_claims"]),
                truth["confidence"],
            )
        return cls(**fields)  # type: ignore[arg-type]  # as above
