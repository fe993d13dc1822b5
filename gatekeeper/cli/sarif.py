"""SARIF 2.1.0 of checked reports, for code scanners and editors: findings with places, reasons, inputs that failed.

A finding's level follows what policy decided of its report. Character offsets count from the beginning of the
proposal's text, which is embedded as the artifact's contents; inputs that are no reports become notifications.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from gatekeeper import __version__
from gatekeeper.assessment.assessment import Finding
from gatekeeper.cli.checked import Checked, error_to_json
from gatekeeper.errors import GatekeeperError
from gatekeeper.judge import Judgement
from gatekeeper.policy.decision import Effect, Reason

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL_OF_OUTCOME = {"block": "error", "review": "warning", "allow": "note"}
_LEVEL_OF_EFFECT = {Effect.BLOCK: "error", Effect.REVIEW: "warning", Effect.NOTE: "note"}
_Json = dict[str, object]


def sarif_document(checked: Iterable[Checked]) -> _Json:
    """One run over all inputs."""
    run = _Run()
    for item in checked:
        if isinstance(item.answer, GatekeeperError):
            run.add_failure(item.source, item.answer)
        else:
            run.add_judgement(item.source, item.answer)
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run.to_json()]}


class _Run:
    def __init__(self) -> None:
        self._rules: dict[str, _Json] = {}
        self._results: list[_Json] = []
        self._artifacts: list[_Json] = []
        self._failures: list[_Json] = []

    def add_judgement(self, source: str, judgement: Judgement) -> None:
        """Every finding and every reason of one report."""
        text = judgement.report.proposal
        self._artifacts.append({"location": _uri(source), "contents": {"text": text}})
        place: _Json = {"artifactLocation": {**_uri(source), "index": len(self._artifacts) - 1}}
        level = _LEVEL_OF_OUTCOME[judgement.decision.outcome.value]
        for finding in judgement.assessment.findings:
            region = {"charOffset": finding.start, "charLength": finding.end - finding.start}
            located: _Json = {**place, "region": {**region, "snippet": {"text": finding.excerpt}}}
            self._add(finding.rule, finding.title, level, _found(finding), located, judgement)
        for reason in judgement.decision.reasons:
            level_of_reason = _LEVEL_OF_EFFECT[reason.effect]
            title = f"Policy: {reason.code}"
            self._add(reason.code, title, level_of_reason, _said(reason), place, judgement)

    def add_failure(self, source: str, error: GatekeeperError) -> None:
        """An input that could not be judged: the run was not successful."""
        value = error_to_json(error)
        self._failures.append(
            {
                "descriptor": {"id": value["code"]},
                "level": "error",
                "message": {"text": error.detail},
                "locations": [{"physicalLocation": {"artifactLocation": _uri(source)}}],
                "properties": {"errors": value["errors"]},
            }
        )

    def to_json(self) -> _Json:
        """The run."""
        driver = {"name": "gatekeeper", "version": __version__, "rules": list(self._rules.values())}
        invocation: _Json = {"executionSuccessful": not self._failures}
        if self._failures:
            invocation["toolExecutionNotifications"] = self._failures
        return {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "invocations": [invocation],
            "artifacts": self._artifacts,
            "results": self._results,
        }

    def _add(
        self, rule: str, title: str, level: str, message: str, place: _Json, judgement: Judgement
    ) -> None:
        self._rules.setdefault(rule, {"id": rule, "shortDescription": {"text": title}})
        self._results.append(
            {
                "ruleId": rule,
                "ruleIndex": list(self._rules).index(rule),
                "level": level,
                "message": {"text": message},
                "locations": [{"physicalLocation": place}],
                "properties": {
                    "proposal": judgement.report.id,
                    "digest": judgement.digest,
                    "outcome": judgement.decision.outcome.value,
                    "severity": judgement.assessment.severity.effective,
                },
            }
        )


def _found(finding: Finding) -> str:
    return f"{finding.title} ({finding.hazard.value}, confidence {finding.confidence:.2f})."


def _said(reason: Reason) -> str:
    return f"{reason.message} {reason.remedy}".strip()


def _uri(source: str) -> _Json:
    """A relative reference stays relative; an absolute path becomes a file URI; line and name stay in it."""
    if Path(source).is_absolute():
        return {"uri": f"file://{quote(source)}"}
    return {"uri": quote(source, safe="/:") if ":" not in source.split("/")[0] else f"./{quote(source)}"}
