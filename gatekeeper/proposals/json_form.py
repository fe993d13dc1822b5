"""The report's JSON form: strict in, one value out. Never raises anything but InvalidInputError for any bytes."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import orjson

from gatekeeper.errors import FieldError, TooLargeError
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.schema import not_a_report, validate_report

DEFAULT_LIMIT_BYTES = 1_048_576
_INTEGERS = ("severity", "likelihood", "damage", "reversibility")


def parse_json(raw: bytes, *, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> Report:
    """The report in `raw`; raises InvalidInputError naming each faulty field, TooLargeError over the limit."""
    require_within(raw, limit_bytes)
    return report_from_value(_strict_value(raw))


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


def decoded(raw: bytes) -> str:
    """The text of UTF-8 bytes; raises InvalidInputError for anything else."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"is not valid UTF-8 at byte {error.start}"
        raise not_a_report((FieldError("", detail),)) from error


def _strict_value(raw: bytes) -> Any:
    """The JSON value, after refusing what parsers differ on: duplicate keys, NaN, huge numbers, lone surrogates."""
    decoded(raw)
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise not_a_report(_faults_of_lenient(raw) or (FieldError("", f"is not JSON: {error}"),)) from error
    try:
        json.loads(raw, object_pairs_hook=_unique)
    except RecursionError as error:
        raise not_a_report((FieldError("", "is nested too deeply"),)) from error
    except ValueError as error:
        raise not_a_report((FieldError("", f"is not JSON: {error}"),)) from error
    return value


def _faults_of_lenient(raw: bytes) -> tuple[FieldError, ...]:
    """Where a more lenient parser finds values that JSON does not have: NaN, infinities, lone surrogates."""
    try:
        return tuple(_not_json(json.loads(raw), ""))
    except (ValueError, RecursionError):
        return ()


def _not_json(value: object, pointer: str) -> Iterator[FieldError]:
    if isinstance(value, float) and not math.isfinite(value):
        yield FieldError(pointer, "must be a finite number")
    elif isinstance(value, str) and not _is_encodable(value):
        yield FieldError(pointer, "has half of a surrogate pair")
    elif isinstance(value, dict):
        for name, item in value.items():
            if _is_encodable(name):
                yield from _not_json(item, f"{pointer}/{name.replace('~', '~0').replace('/', '~1')[:64]}")
            else:
                yield FieldError(pointer, "has a name with half of a surrogate pair")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _not_json(item, f"{pointer}/{number}")


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise not_a_report((FieldError(f"/{twice[:64]}", "is given twice"),))
    return found


def _with_whole_numbers(value: dict[str, object]) -> dict[str, object]:
    """JSON Schema takes 6.0 for an integer; the value, and so the digest, is the one of 6."""
    return {name: int(item) if name in _INTEGERS else item for name, item in value.items()}  # type: ignore[call-overload]
