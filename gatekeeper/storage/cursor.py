"""Where a page of a list ends, as a text that whoever reads the list hands back for the next one. Pure.

Owns the coding. What a list did not give itself is wrong input; which values are a list's is for the list to say.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

import orjson

from gatekeeper.clock import from_rfc3339, rfc3339
from gatekeeper.errors import FieldError, InvalidInputError

T = TypeVar("T")


def encode_cursor(values: Iterable[object]) -> str:
    """The values by which the last row of a page is sorted (moments, numbers, text) as base64url of JSON."""
    plain = [rfc3339(value) if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(orjson.dumps(plain)).rstrip(b"=").decode()


def decode_cursor(cursor: str, read: Callable[[Any], T]) -> T:
    """What `read` makes of the values; it raises TypeError or ValueError for others than its list's.

    Raises InvalidInputError naming the field.
    """
    try:
        return read(orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))))
    except (ValueError, TypeError, binascii.Error, OverflowError) as error:
        detail = "is not one this list gave"
        raise InvalidInputError(
            f"The cursor {detail}. Begin again without one.", errors=[FieldError("/cursor", detail)]
        ) from error


def moment_of(value: Any) -> datetime:
    """A moment that was encoded. Raises TypeError, ValueError or OverflowError."""
    return from_rfc3339(value).astimezone()


def identifier_of(value: Any) -> str:
    """An identifier that was encoded. Raises ValueError."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError("not an identifier")
    return value
