"""Say what is wrong with a value that is no report, field by field: the reference validator's part.

Imported only when there is something to say: the reference implementation is slow to load.
"""

from __future__ import annotations

import calendar
import difflib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice

import jsonschema
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from gatekeeper.errors import FieldError
from gatekeeper.proposals.schema import report_schema
from gatekeeper.proposals.strict_json import MAX_FAULTS, pointer_to

_MAX_READ = 4 * MAX_FAULTS
_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
_LAST_MINUTE = 23 * 60 + 59


@cache
def reference_validator() -> Draft202012Validator:
    """The reference validator, source of the error texts."""
    return Draft202012Validator(report_schema(), format_checker=_format_checker())


def reference_faults(value: object) -> list[FieldError]:
    """The first faults that the reference finds, sorted: hostile input may have a million of them."""
    found = (fault for error in reference_validator().iter_errors(value) for fault in _explain(error))
    unique = sorted(set(islice(found, _MAX_READ)), key=lambda fault: (fault.pointer, fault.detail))
    return unique[:MAX_FAULTS] or [FieldError("", "does not match the report's schema")]


def _explain(error: ValidationError) -> Iterator[FieldError]:
    pointer = ""
    for step in error.absolute_path:
        pointer = pointer_to(pointer, step)
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        yield from (FieldError(pointer_to(pointer, name), "is required") for name in missing)
    elif error.validator == "additionalProperties":
        known = error.schema["properties"]
        for name in sorted(error.instance.keys() - known.keys())[:MAX_FAULTS]:
            yield FieldError(pointer_to(pointer, name), _unknown(name, known))
    else:
        yield FieldError(pointer, _detail(error))


def _unknown(name: str, known: Mapping[str, object]) -> str:
    near = difflib.get_close_matches(name[:64].lower(), known, n=1, cutoff=0.5)
    return f"is not a field of a report; did you mean {near[0]}?" if near else "is not a field of a report"


def _detail(error: ValidationError) -> str:
    rule, wanted = str(error.validator), error.validator_value
    title = error.schema.get("title", "as the schema says")
    details = {
        "type": f"must be of type {wanted}",
        "pattern": f"must be {title}",
        "not": f"must be {title}",
        "format": f"must be {title}",
        "minimum": f"must be at least {wanted}",
        "maximum": f"must be at most {wanted}",
        "minLength": "must not be empty",
        "maxLength": f"must have at most {wanted} characters",
        "maxItems": f"must have at most {wanted} items",
    }
    return details.get(rule, f"does not satisfy {rule}")


def _format_checker() -> jsonschema.FormatChecker:
    """`date-time` in our own words: the reference knows it only with an optional dependency."""
    checker = jsonschema.FormatChecker(formats=())
    checker.checks("date-time")(lambda value: not isinstance(value, str) or _is_date_time(value))
    return checker


def _is_date_time(text: str) -> bool:
    """RFC 3339, section 5.6, with a leap second only where UTC has one: at 23:59."""
    if not (match := _DATE_TIME.fullmatch(text)):
        return False
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    sign, offset_hour, offset_minute = match[7], int(match[8] or 0), int(match[9] or 0)
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return False
    if max(hour, offset_hour) > 23 or max(minute, offset_minute) > 59:
        return False
    ahead = (offset_hour * 60 + offset_minute) * (-1 if sign == "-" else 1)
    return second < 60 or (second == 60 and (hour * 60 + minute - ahead) % 1440 == _LAST_MINUTE)
