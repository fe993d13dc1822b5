"""The severity model: likelihood x damage x reversibility, from named contributions in one table.

Owns every weight. Each finding is weighed where it stands (a live file, a scratch file, a stated way back); the
finding that comes out worst gives the factors, so that one finding's certainty never multiplies another's damage.
Each factor starts at 1. Definition of the factors: the severity rubric (likelihood 1-5, damage 1-5, reversibility 1-3).
"""

from __future__ import annotations

from collections.abc import Sequence

from gatekeeper.assessment.artifacts import Artifact
from gatekeeper.assessment.assessment import Contribution, Factor, Finding, Hazard, Severity
from gatekeeper.assessment.content import is_another_language
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.severity_table import WEIGHTS, WEIGHTS_BY_HAZARD, Weight

MODEL_VERSION = "evidence-2"

HIGHEST = {Factor.LIKELIHOOD: 5, Factor.DAMAGE: 5, Factor.REVERSIBILITY: 3}


# where a finding stands, for hazards that take effect by running; told secrets and evasions take effect by being there
LIVE_FILE = Contribution(Factor.LIKELIHOOD, +1, "model.live_file_overwritten")
LIVE_FILE_BROKEN = Contribution(Factor.DAMAGE, +1, "model.live_file_broken")
SCRATCH_FILE = Contribution(Factor.LIKELIHOOD, -1, "model.nothing_loads_the_file")
SCRATCH_FILE_IDLE = Contribution(Factor.DAMAGE, -1, "model.nothing_runs_the_file")
CANNOT_RUN = Contribution(Factor.LIKELIHOOD, -1, "model.holds_another_language")
BREAKS_WHAT_LOADS_IT = frozenset({Hazard.INCOHERENT})
LOADED_AS_CODE = frozenset({"javascript", "python", "ruby", "go", "sql", "shell"})
IDLE_UNLESS_LOADED = frozenset({Hazard.INCOHERENT, Hazard.INSECURE_CODE, Hazard.FINANCIAL_FLOW})
TAKE_EFFECT_UNRUN = frozenset({Hazard.SECRET_EXPOSURE, Hazard.OVERSIGHT_EVASION})

# a concrete way back in the text, for hazards that it can undo
WAY_BACK = Contribution(Factor.REVERSIBILITY, -1, "model.rollback_stated")
UNDONE_BY_WAY_BACK = frozenset(
    {Hazard.DESTRUCTIVE_DATA, Hazard.SCHEMA_MIGRATION, Hazard.INFRA_CHANGE, Hazard.INCOHERENT}
)

# a loosely described programme that can do several kinds of harm at once: nobody can watch all of them
PROGRAMME = "scope.many_changes_at_once"
MANY_KINDS = Contribution(Factor.LIKELIHOOD, +1, "model.many_kinds_of_harm")
LEAST_KINDS = 3
LIKELY = 3
KINDS_OF_HARM = frozenset(Hazard) - {Hazard.SCOPE_OVERREACH, Hazard.INCOHERENT}


def weight_of(finding: Finding) -> Weight:
    """Return the model's weight for a finding: its rule's, its family's or its hazard's."""
    family = finding.rule.partition(".")[0]
    return WEIGHTS.get(finding.rule) or WEIGHTS.get(family) or WEIGHTS_BY_HAZARD[finding.hazard]


def weigh(
    document: Document, findings: Sequence[Finding], *, claimed: int, rollback_stated: bool
) -> tuple[Severity, tuple[Contribution, ...]]:
    """Return the severity and the contributions of the worst finding. Claims only raise `effective`."""
    standing = _Standing(document)
    many_kinds = _has_many_kinds(findings)
    worst = _Factors(())
    for finding in findings:
        contributions = [*_own(finding), *standing.of(finding)]
        if rollback_stated and finding.hazard in UNDONE_BY_WAY_BACK and weight_of(finding).reversibility:
            contributions.append(WAY_BACK)
        if many_kinds and finding.hazard in KINDS_OF_HARM and weight_of(finding).likelihood < LIKELY:
            contributions.append(MANY_KINDS)
        here = _Factors(tuple(contributions))
        if here.product > worst.product:
            worst = here
    severity = Severity(
        claimed=claimed,
        assessed=worst.product,
        effective=max(claimed, worst.product),
        likelihood=worst.value(Factor.LIKELIHOOD),
        damage=worst.value(Factor.DAMAGE),
        reversibility=worst.value(Factor.REVERSIBILITY),
    )
    return severity, worst.contributions


def _has_many_kinds(findings: Sequence[Finding]) -> bool:
    if all(finding.rule != PROGRAMME for finding in findings):
        return False
    return len({finding.hazard for finding in findings} & KINDS_OF_HARM) >= LEAST_KINDS


def _own(finding: Finding) -> list[Contribution]:
    weight = weight_of(finding)
    amounts = (
        (Factor.LIKELIHOOD, weight.likelihood),
        (Factor.DAMAGE, weight.damage),
        (Factor.REVERSIBILITY, weight.reversibility),
    )
    return [Contribution(factor, amount, finding.rule) for factor, amount in amounts if amount]


class _Standing:
    """What the file that holds a finding adds, worked out once for each file."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._cannot_run: dict[Artifact, bool] = {}

    def of(self, finding: Finding) -> list[Contribution]:
        if finding.hazard in TAKE_EFFECT_UNRUN:
            return []
        artifact = self._document.artifact_of(finding.start)
        if artifact is None or not artifact.path:
            return []
        found: list[Contribution] = []
        if artifact.live:
            found.append(LIVE_FILE)
            breaks = finding.hazard in BREAKS_WHAT_LOADS_IT and artifact.language in LOADED_AS_CODE
            found += [LIVE_FILE_BROKEN] if breaks else []
        elif artifact.inert:
            found.append(SCRATCH_FILE)
            found += [SCRATCH_FILE_IDLE] if finding.hazard in IDLE_UNLESS_LOADED else []
        return [*found, CANNOT_RUN] if self._is_unrunnable(artifact) else found

    def _is_unrunnable(self, artifact: Artifact) -> bool:
        if artifact not in self._cannot_run:
            self._cannot_run[artifact] = is_another_language(self._document.reading, artifact)
        return self._cannot_run[artifact]


class _Factors:
    """Contributions added up over a base of 1 and kept within each factor's range."""

    def __init__(self, contributions: tuple[Contribution, ...]) -> None:
        self.contributions = contributions
        self.product = 1
        for factor in Factor:
            self.product *= self.value(factor)

    def value(self, factor: Factor) -> int:
        total = 1 + sum(each.amount for each in self.contributions if each.factor is factor)
        return max(1, min(HIGHEST[factor], total))
