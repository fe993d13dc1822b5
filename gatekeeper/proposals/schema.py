"""Validate a JSON value against the report's JSON Schema. Two validators that a test proves to agree.

The compiled one answers yes or no on the hot path; the reference implementation writes the error texts when it says no.
"""

from __future__ import annotations

import difflib
import json
from functools import cache
from typing import Any

import jsonschema
import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from gatekeeper.errors import FieldError, InvalidInputError
from gatekeeper.settings import REPOSITORY

SCHEMA_PATH = REPOSITORY / "proposals" / "schema" / "report.schema.json"
_FACTORS = ("likelihood", "damage", "reversibility")
_MAX_ERRORS = 50


@cache
def report_schema() -> dict[str, Any]:
    """The report's JSON Schema 2020-12."""
    schema: dict[str, Any] = json.loads(SCHEMA_PATH.read_text(encoding="utf-8"))
    return schema


@cache
def compiled_validator() -> jsonschema_rs.Draft202012Validator:
    """The fast validator: formats are checked, patterns run in linear time."""
    return jsonschema_rs.Draft202012Validator(
        report_schema(), validate_formats=True, pattern_options=jsonschema_rs.RegexOptions()
    )


@cache
def reference_validator() -> Draft202012Validator:
    """The reference validator, source of the error texts."""
    return Draft202012Validator(report_schema(), format_checker=_format_checker())


def validate_report(value: object) -> None:
    """Raise InvalidInputError, field by field, unless `value` is a report."""
    if not compiled_validator().is_valid(value):
        raise not_a_report(tuple(_reference_errors(value)))
    if fault := _factor_fault(value):
        raise not_a_report((fault,))


def not_a_report(errors: tuple[FieldError, ...]) -> InvalidInputError:
    """The error for an input that is no report."""
    return InvalidInputError("This is not an FSAR report.", errors=errors, code="not_a_report")


def _reference_errors(value: object) -> list[FieldError]:
    found = [error for fault in reference_validator().iter_errors(value) for error in _explain(fault)]
    unique = sorted(set(found), key=lambda error: (error.pointer, error.detail))
    return unique[:_MAX_ERRORS] or [FieldError("", "does not match the report's schema")]


def _explain(fault: ValidationError) -> list[FieldError]:
    path = [str(part) for part in fault.absolute_path]
    if fault.validator == "required":
        missing = [name for name in fault.validator_value if name not in fault.instance]
        return [FieldError(_pointer([*path, name]), "is required") for name in missing]
    if fault.validator == "additionalProperties":
        known = fault.schema["properties"]
        unknown = [name for name in fault.instance if name not in known]
        return [FieldError(_pointer([*path, name]), _unknown(name, known)) for name in unknown]
    return [FieldError(_pointer(path), _shortened(fault))]


def _unknown(name: str, known: dict[str, object]) -> str:
    near = difflib.get_close_matches(name[:64], known, n=1, cutoff=0.5)
    return f"is not a field of a report; did you mean {near[0]}?" if near else "is not a field of a report"


def _shortened(fault: ValidationError) -> str:
    rule, wanted = fault.validator, fault.validator_value
    texts = {
        "type": f"must be of type {wanted}",
        "pattern": f"must match {wanted}",
        "format": f"must be a {wanted} (RFC 3339)",
        "minimum": f"must be at least {wanted}",
        "maximum": f"must be at most {wanted}",
        "minLength": "must not be empty",
        "maxLength": f"must have at most {wanted} characters",
        "maxItems": f"must have at most {wanted} items",
    }
    return texts.get(str(rule), fault.message[:200])


def _factor_fault(value: Any) -> FieldError | None:
    factors = [value[name] for name in _FACTORS if name in value]
    if len(factors) < len(_FACTORS):
        return None
    product = factors[0] * factors[1] * factors[2]
    if product == value["severity"]:
        return None
    return FieldError(
        "/severity", f"must be likelihood x damage x reversibility = {product}, not {value['severity']}"
    )


def _pointer(parts: list[str]) -> str:
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def _format_checker() -> jsonschema.FormatChecker:
    """`date-time` as the compiled validator understands it, so that both agree."""
    checker = jsonschema.FormatChecker(formats=())
    compiled = jsonschema_rs.Draft202012Validator(
        {"type": "string", "format": "date-time"}, validate_formats=True
    )

    @checker.checks("date-time")
    def is_date_time(value: object) -> bool:
        return not isinstance(value, str) or compiled.is_valid(value)

    return checker
