"""One checked input and its JSON form, which is what other people's automation reads. Prints nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from gatekeeper.assessment.assessment_json import finding_to_json
from gatekeeper.cli.exits import ExitCode, of_error, of_outcome
from gatekeeper.cli.report_inputs import ReportInput
from gatekeeper.errors import GatekeeperError, InvalidInputError, UnavailableError
from gatekeeper.judge import Judge, Judgement
from gatekeeper.policy.decision_json import decision_to_json
from gatekeeper.proposals.forms import parse_report


@dataclass(frozen=True, slots=True)
class Checked:
    """What the gate says of one input: a judgement, or why there is none."""

    source: str
    answer: Judgement | GatekeeperError

    @property
    def exit_code(self) -> ExitCode:
        """The exit code that this one alone would have."""
        if isinstance(self.answer, GatekeeperError):
            return of_error(self.answer)
        return of_outcome(self.answer.decision.outcome.value)


def check_inputs(
    inputs: Iterable[ReportInput], judge: Judge, now: datetime, limit_bytes: int
) -> Iterator[Checked]:
    """Judge each input as it comes. A fault of the program costs its own report's answer, nobody else's."""
    for item in inputs:
        try:
            yield Checked(item.source, _judged(item, judge, now, limit_bytes))
        except GatekeeperError as error:
            yield Checked(item.source, error)
        except Exception as error:
            detail = f"A fault of the program ({type(error).__name__}); nothing was decided."
            yield Checked(item.source, UnavailableError(detail, code="internal"))


def _judged(item: ReportInput, judge: Judge, now: datetime, limit_bytes: int) -> Judgement:
    if isinstance(item.content, GatekeeperError):
        raise item.content
    return judge.judge(parse_report(item.content, item.media_type, limit_bytes=limit_bytes), now)


def checked_to_json(checked: Checked) -> dict[str, object]:
    """The object that `--format json` and `--format ndjson` print for one input."""
    answer = checked.answer
    if isinstance(answer, GatekeeperError):
        return {"source": checked.source, "error": error_to_json(answer)}
    severity = answer.assessment.severity
    decision = decision_to_json(answer.decision)
    return {
        "source": checked.source,
        "id": answer.report.id,
        "digest": answer.digest,
        "outcome": decision["outcome"],
        "severity": {
            "claimed": severity.claimed,
            "assessed": severity.assessed,
            "effective": severity.effective,
            "likelihood": severity.likelihood,
            "damage": severity.damage,
            "reversibility": severity.reversibility,
        },
        "findings": [finding_to_json(finding) for finding in answer.assessment.findings],
        "reasons": decision["reasons"],
        "policy": decision["policy"],
    }


def error_to_json(error: GatekeeperError) -> dict[str, object]:
    """A stable code and what is wrong where; the whole input is the empty pointer."""
    faults = [{"pointer": "", "detail": error.detail}]
    if isinstance(error, InvalidInputError):
        faults = [{"pointer": fault.pointer, "detail": fault.detail} for fault in error.errors]
    return {"code": error.code, "errors": faults}
