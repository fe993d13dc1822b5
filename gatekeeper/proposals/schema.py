"""Validate a JSON value against the report's JSON Schema. Two validators that a test proves to agree.

The compiled one here answers yes or no; when it says no, the reference implementation of `schema_faults.py` says why.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import jsonschema_rs

from gatekeeper.errors import FieldError, InvalidInputError
from gatekeeper.proposals.strict_json import json_faults
from gatekeeper.settings import REPOSITORY

SCHEMA_PATH = REPOSITORY / "proposals" / "schema" / "report.schema.json"
_FACTORS = ("likelihood", "damage", "reversibility")


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


def validate_report(value: object) -> None:
    """Raise InvalidInputError, field by field, unless `value`, a JSON value, is a report."""
    if not compiled_validator().is_valid(value):
        raise not_a_report(json_faults(value) or _explained(value))
    if fault := _factor_fault(value):
        raise not_a_report([fault])


def not_a_report(faults: Iterable[FieldError]) -> InvalidInputError:
    """The error for an input that is no report."""
    return InvalidInputError("This is not an FSAR report.", errors=faults, code="not_a_report")


def _explained(value: object) -> list[FieldError]:
    from gatekeeper.proposals.schema_faults import reference_faults

    return reference_faults(value)


def _factor_fault(value: Any) -> FieldError | None:
    factors = [value[name] for name in _FACTORS if name in value]
    if len(factors) < len(_FACTORS):
        return None
    product, severity = int(factors[0] * factors[1] * factors[2]), int(value["severity"])
    if product == severity:
        return None
    return FieldError("/severity", f"must be likelihood x damage x reversibility = {product}, not {severity}")
