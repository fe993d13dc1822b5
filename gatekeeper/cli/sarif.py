"""Answers of `gatekeeper check` as a SARIF 2.1.0 log, with findings at character offsets of the proposal's text."""

from __future__ import annotations

from collections.abc import Iterable

from gatekeeper import __version__
from gatekeeper.cli.checked import Checked
from gatekeeper.policy.decision import Outcome

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Outcome.BLOCK: "error", Outcome.REVIEW: "warning", Outcome.ALLOW: "note"}


def sarif_log(answers: Iterable[Checked]) -> dict[str, object]:
    """One run over all answers. The level of a finding is that of the decision it is part of."""
    rules: dict[str, dict[str, object]] = {}
    results: list[dict[str, object]] = []
    failures: list[dict[str, object]] = []
    for answer in answers:
        if answer.judgement is None:
            failures.append(_failure(answer))
            continue
        level = _LEVELS[answer.judgement.decision.outcome]
        for finding in answer.judgement.assessment.findings:
            rules.setdefault(finding.rule, {"id": finding.rule, "shortDescription": {"text": finding.title}})
            region = {"charOffset": finding.start, "charLength": finding.end - finding.start}
            results.append(_result(answer, finding.rule, level, finding.title, region))
        for reason in answer.judgement.decision.reasons:
            rules.setdefault(reason.code, {"id": reason.code, "shortDescription": {"text": reason.remedy}})
            results.append(_result(answer, reason.code, level, reason.message, None))
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "Gatekeeper", "version": __version__, "rules": list(rules.values())}
                },
                "invocations": [
                    {"executionSuccessful": not failures, "toolExecutionNotifications": failures}
                ],
                "columnKind": "unicodeCodePoints",
                "results": results,
            }
        ],
    }


def _result(
    answer: Checked, rule: str, level: str, message: str, region: dict[str, int] | None
) -> dict[str, object]:
    location: dict[str, object] = {"artifactLocation": {"uri": answer.source}}
    if region is not None:
        location["region"] = region
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": message},
        "locations": [{"physicalLocation": location}],
    }


def _failure(answer: Checked) -> dict[str, object]:
    detail = answer.error.detail if answer.error else "no answer"
    return {
        "level": "error",
        "message": {"text": detail},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": answer.source}}}],
    }
