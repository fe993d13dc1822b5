"""The report's JSON form: strict in, one value out. Raises nothing but InvalidInputError, whatever the bytes.

Numbers are values, not spellings: JSON Schema takes 6.0 for an integer, so it is read as 6 and has the digest of 6.
"""

from __future__ import annotations

from gatekeeper.errors import TooLargeError
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.schema import not_a_report, validate_report
from gatekeeper.proposals.strict_json import NotStrictJsonError, read_json

DEFAULT_LIMIT_BYTES = 1_048_576
_INTEGERS = ("severity", "likelihood", "damage", "reversibility")


def parse_json(raw: bytes, *, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> Report:
    """The report in `raw`; raises InvalidInputError naming each faulty field, TooLargeError over the limit."""
    require_within(raw, limit_bytes)
    try:
        value = read_json(raw)
    except NotStrictJsonError as error:
        raise not_a_report(error.faults) from error
    return report_from_value(value)


def report_from_value(value: object) -> Report:
    """The report a JSON value is; raises InvalidInputError naming each faulty field."""
    validate_report(value)
    assert isinstance(value, dict)  # noqa: S101  # the schema admits nothing else
    return Report.from_json(_with_whole_numbers(value))


def report_to_json(report: Report) -> dict[str, object]:
    """The report's JSON value; optional fields that are absent are left out."""
    value: dict[str, object] = {
        "id": report.id,
        "timestamp": report.timestamp,
        "severity": report.severity,
        "block_execution": report.block_execution,
        "proposal": report.proposal,
        "risks": list(report.risks),
        "mitigations": list(report.mitigations),
    }
    for name in ("likelihood", "damage", "reversibility", "ai_model", "p_fail"):
        if (given := getattr(report, name)) is not None:
            value[name] = given
    if report.action is not None:
        action = report.action
        value["action"] = {
            "type": action.type,
            "target": action.target,
            "params_digest": action.params_digest,
        }
    if report.rollback is not None:
        value["rollback"] = list(report.rollback)
    if report.truth is not None:
        truth = report.truth
        value["truth"] = {
            "assumptions": list(truth.assumptions),
            "unknowns": list(truth.unknowns),
            "falsifiable_claims": list(truth.falsifiable_claims),
            "confidence": truth.confidence,
        }
    return value


def require_within(raw: bytes, limit_bytes: int) -> None:
    """Raise TooLargeError when there are more bytes than allowed."""
    if len(raw) > limit_bytes:
        raise TooLargeError(f"The report has {len(raw)} bytes; the limit is {limit_bytes}.")


def _with_whole_numbers(value: dict[str, object]) -> dict[str, object]:
    """Integral floats as the integers they are; of a value that the schema accepts."""
    whole = {name: int(item) for name, item in value.items() if name in _INTEGERS and isinstance(item, float)}
    return {**value, **whole}
