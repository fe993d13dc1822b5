"""The severity model: likelihood x damage x reversibility, from named contributions.

Owns how they add up; every amount is in `severity_table.py`. Each finding is weighed where it stands (a live file, a
scratch file, a document to be read) and beside a stated way back; the finding that comes out worst gives the factors,
so that one finding's certainty never multiplies another's damage. Each factor starts at 1. Definition of the factors:
the severity rubric (likelihood 1-5, damage 1-5, reversibility 1-3).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from math import prod

from gatekeeper.assessment import severity_table as table
from gatekeeper.assessment.assessment import Contribution, Factor, Finding, Severity
from gatekeeper.assessment.severity_table import Weight
from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.documentation import is_document_file, reads_as_manual
from gatekeeper.assessment.text.paths import is_migration

MODEL_VERSION = "evidence-4"

HIGHEST = {Factor.LIKELIHOOD: 5, Factor.DAMAGE: 5, Factor.REVERSIBILITY: 3}


def weight_of(finding: Finding) -> Weight:
    """Return the model's weight for a finding: its rule's, its family's or its hazard's."""
    family = finding.rule.partition(".")[0]
    return (
        table.WEIGHTS.get(finding.rule)
        or table.WEIGHTS.get(family)
        or table.WEIGHTS_BY_HAZARD[finding.hazard]
    )


def weigh(
    document: Document, findings: Sequence[Finding], *, claimed: int, rollback_stated: bool
) -> tuple[Severity, tuple[Contribution, ...]]:
    """Return the severity and the contributions of the worst finding. Claims only raise `effective`."""
    standing = _Standing(document, findings)
    many_kinds = _has_many_kinds(findings)
    worst = max(map(_Factors, standing.of_files()), key=lambda each: each.product, default=_Factors(()))
    for finding in findings:
        weight, hazard = weight_of(finding), finding.hazard
        contributions = [*_own(finding, weight), *standing.of(finding)]
        if rollback_stated and hazard in table.UNDONE_BY_WAY_BACK and weight.reversibility:
            contributions.append(table.WAY_BACK)
        if many_kinds and hazard in table.KINDS_OF_HARM and weight.likelihood < table.LIKELY:
            contributions.append(table.MANY_KINDS)
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
    if all(finding.rule != table.PROGRAMME for finding in findings):
        return False
    return len({finding.hazard for finding in findings} & table.KINDS_OF_HARM) >= table.LEAST_KINDS


def _own(finding: Finding, weight: Weight) -> list[Contribution]:
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
            artifact: document.is_another_language(artifact)
            for artifact in document.artifacts
            if artifact.kind is Kind.FILE
        }
        self._unloadable = {
            document.artifact_of(finding.start)
            for finding in findings
            if finding.rule in table.KEEP_IT_FROM_LOADING
        }

    def _is_only_shown(self, artifact: Artifact | None) -> bool:
        if artifact is not None and artifact.path:
            return is_document_file(artifact) and artifact.language not in table.LOADED_AS_CODE
        return self._is_manual

    @cached_property
    def _is_manual(self) -> bool:
        return reads_as_manual(self._document)

    def of_files(self) -> Iterator[tuple[Contribution, ...]]:
        """Yield what writing each file weighs, whatever stands in it."""
        for artifact, unrunnable in self._unrunnable.items():
            if artifact.part is not None:
                yield table.CENTRAL_FILE_WRITTEN
            elif artifact.live:
                yield table.LIVE_FILE_WRITTEN
            elif (
                artifact.language in table.LOADED_AS_CODE
                and not unrunnable
                and artifact not in self._unloadable
            ):
                yield table.SCRATCH_FILE_WRITTEN

    def of(self, finding: Finding) -> list[Contribution]:
        """Return what the file that holds a finding adds to it."""
        if finding.hazard in table.TAKE_EFFECT_UNRUN:
            return []
        artifact = self._document.artifact_of(finding.start)
        if finding.hazard in table.SHOWN_HARMLESSLY and self._is_only_shown(artifact):
            return [table.ONLY_SHOWN]
        if artifact is None or not artifact.path:
            return []
        found: list[Contribution] = []
        if finding.rule.partition(".")[0] == table.LOSSES:
            return [table.CENTRAL_FILE_LOST]
        if artifact.live:
            found.append(table.LIVE_FILE)
            breaks = (
                finding.hazard in table.BREAKS_WHAT_LOADS_IT and artifact.language in table.LOADED_AS_CODE
            )
            found += [table.LIVE_FILE_BROKEN] if breaks else []
            stops = finding.rule in table.STOP_A_MIGRATION and is_migration(artifact.path)
            found += [table.RUNS_BY_ITSELF] if stops else []
        elif artifact.inert:
            found.append(table.SCRATCH_FILE)
            found += table.SCRATCH_FILE_IDLE if finding.hazard in table.IDLE_UNLESS_LOADED else ()
        if self._unrunnable.get(artifact, False):
            found.append(table.CANNOT_RUN)
        elif artifact in self._unloadable and finding.hazard in table.TAKE_EFFECT_LOADED:
            found.append(table.CANNOT_LOAD)
        return found


class _Factors:
    """Contributions added up over a base of 1 and kept within each factor's range."""

    def __init__(self, contributions: tuple[Contribution, ...]) -> None:
        self.contributions = contributions
        totals = dict.fromkeys(HIGHEST, 1)
        for each in contributions:
            totals[each.factor] += each.amount
        self._values = {factor: max(1, min(HIGHEST[factor], total)) for factor, total in totals.items()}
        self.product = prod(self._values.values())

    def value(self, factor: Factor) -> int:
        return self._values[factor]
