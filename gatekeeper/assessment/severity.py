"""The severity model: likelihood x damage x reversibility, from named contributions in one table.

Owns every weight. Each finding is weighed where it stands (a live file, a scratch file, a stated way back); the
finding that comes out worst gives the factors, so that one finding's certainty never multiplies another's damage.
Each factor starts at 1. Definition of the factors: the severity rubric (likelihood 1-5, damage 1-5, reversibility 1-3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from gatekeeper.assessment.assessment import Contribution, Factor, Finding, Hazard, Severity
from gatekeeper.assessment.severity_table import WEIGHTS, WEIGHTS_BY_HAZARD, Weight
from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.content import is_another_language
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.documentation import is_document_file, reads_as_manual
from gatekeeper.assessment.text.paths import is_migration

MODEL_VERSION = "evidence-3"

HIGHEST = {Factor.LIKELIHOOD: 5, Factor.DAMAGE: 5, Factor.REVERSIBILITY: 3}


# a file that is written, whatever stands in it
CENTRAL_FILE_WRITTEN = (
    Contribution(Factor.LIKELIHOOD, +1, "model.central_file_written"),
    Contribution(Factor.DAMAGE, +2, "model.central_file_written"),
)
LIVE_FILE_WRITTEN = (
    Contribution(Factor.LIKELIHOOD, +1, "model.live_file_written"),
    Contribution(Factor.DAMAGE, +1, "model.live_file_written"),
)
SCRATCH_FILE_WRITTEN = (Contribution(Factor.DAMAGE, +1, "model.code_that_could_be_loaded"),)

# a central file (the entry, the manifest, the router, ... of `central_files.py`) no longer does what the service needs
CENTRAL_FILE_LOST = Contribution(Factor.LIKELIHOOD, +1, "model.central_file_lost")
LOSSES = "overwrite"

# where a finding stands, for hazards that take effect by running; told secrets and evasions take effect by being there
LIVE_FILE = Contribution(Factor.LIKELIHOOD, +1, "model.live_file_overwritten")
LIVE_FILE_BROKEN = Contribution(Factor.DAMAGE, +1, "model.live_file_broken")
SCRATCH_FILE = Contribution(Factor.LIKELIHOOD, -1, "model.nothing_loads_the_file")
SCRATCH_FILE_IDLE = (
    Contribution(Factor.DAMAGE, -1, "model.nothing_runs_the_file"),
    Contribution(Factor.REVERSIBILITY, -1, "model.nothing_runs_the_file"),
)
RUNS_BY_ITSELF = Contribution(Factor.LIKELIHOOD, +1, "model.migration_runs_by_itself")
STOP_A_MIGRATION = frozenset(
    {
        "incoherent.fence_in_file",
        "incoherent.file_in_file",
        "incoherent.prose_in_code",
        "incoherent.other_language",
    }
)
CANNOT_RUN = Contribution(Factor.LIKELIHOOD, -1, "model.holds_another_language")
CANNOT_LOAD = Contribution(Factor.LIKELIHOOD, -1, "model.cannot_be_loaded")
KEEP_IT_FROM_LOADING = frozenset({"incoherent.does_not_parse", "incoherent.exports_nothing"})
TAKE_EFFECT_LOADED = frozenset({Hazard.INSECURE_CODE, Hazard.FINANCIAL_FLOW, Hazard.AI_DECISION})
BREAKS_WHAT_LOADS_IT = frozenset({Hazard.INCOHERENT})
LOADED_AS_CODE = frozenset({"javascript", "python", "ruby", "go", "sql", "shell"})
IDLE_UNLESS_LOADED = frozenset({Hazard.INCOHERENT, Hazard.INSECURE_CODE, Hazard.FINANCIAL_FLOW})
TAKE_EFFECT_UNRUN = frozenset({Hazard.SECRET_EXPOSURE, Hazard.OVERSIGHT_EVASION})

# code and commands that stand in a document to be read
ONLY_SHOWN = Contribution(Factor.LIKELIHOOD, -3, "model.only_shown_in_a_document")
SHOWN_HARMLESSLY = frozenset(Hazard) - {
    Hazard.SECRET_EXPOSURE,
    Hazard.OVERSIGHT_EVASION,
    Hazard.SCOPE_OVERREACH,
}

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
    standing = _Standing(document, findings)
    many_kinds = _has_many_kinds(findings)
    worst = max(map(_Factors, standing.of_files()), key=lambda each: each.product, default=_Factors(()))
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
    """What the files that a proposal writes add, by themselves and to the findings in them."""

    def __init__(self, document: Document, findings: Sequence[Finding]) -> None:
        self._document = document
        self._unrunnable = {
            artifact: is_another_language(document.reading, artifact)
            for artifact in document.artifacts
            if artifact.kind is Kind.FILE
        }
        self._unloadable = {
            document.artifact_of(finding.start)
            for finding in findings
            if finding.rule in KEEP_IT_FROM_LOADING
        }

    def _is_only_shown(self, artifact: Artifact | None) -> bool:
        if artifact is not None and artifact.path:
            return is_document_file(artifact) and artifact.language not in LOADED_AS_CODE
        return self._is_manual

    @cached_property
    def _is_manual(self) -> bool:
        return reads_as_manual(self._document)

    def of_files(self) -> Iterator[tuple[Contribution, ...]]:
        """Yield what writing each file weighs, whatever stands in it."""
        for artifact, unrunnable in self._unrunnable.items():
            if artifact.part is not None:
                yield CENTRAL_FILE_WRITTEN
            elif artifact.live:
                yield LIVE_FILE_WRITTEN
            elif artifact.language in LOADED_AS_CODE and not unrunnable and artifact not in self._unloadable:
                yield SCRATCH_FILE_WRITTEN

    def of(self, finding: Finding) -> list[Contribution]:
        """Return what the file that holds a finding adds to it."""
        if finding.hazard in TAKE_EFFECT_UNRUN:
            return []
        artifact = self._document.artifact_of(finding.start)
        if finding.hazard in SHOWN_HARMLESSLY and self._is_only_shown(artifact):
            return [ONLY_SHOWN]
        if artifact is None or not artifact.path:
            return []
        found: list[Contribution] = []
        if finding.rule.partition(".")[0] == LOSSES:
            return [CENTRAL_FILE_LOST]
        if artifact.live:
            found.append(LIVE_FILE)
            breaks = finding.hazard in BREAKS_WHAT_LOADS_IT and artifact.language in LOADED_AS_CODE
            found += [LIVE_FILE_BROKEN] if breaks else []
            stops = finding.rule in STOP_A_MIGRATION and is_migration(artifact.path)
            found += [RUNS_BY_ITSELF] if stops else []
        elif artifact.inert:
            found.append(SCRATCH_FILE)
            found += SCRATCH_FILE_IDLE if finding.hazard in IDLE_UNLESS_LOADED else ()
        if self._unrunnable.get(artifact, False):
            found.append(CANNOT_RUN)
        elif artifact in self._unloadable and finding.hazard in TAKE_EFFECT_LOADED:
            found.append(CANNOT_LOAD)
        return found


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
