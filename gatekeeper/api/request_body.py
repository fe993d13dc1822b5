"""Read request bodies within their limits, in a media type we speak. Never trusts what a header announces.

Limits: a body announced too large is refused unread; one that turns out too large is refused at the limit; one that
ends before its Content-Length is refused whole, because half of a Markdown report can look like a report.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from itertools import islice
from typing import Any

import orjson
from flask import Request

from gatekeeper.api.fields import Field
from gatekeeper.api.json_answer import JSON
from gatekeeper.api.parameters import MAX_FAULTS, nearest, pointer_to
from gatekeeper.api.problems import IncompleteBodyError, LengthRequiredError
from gatekeeper.errors import FieldError, InvalidInputError, TooLargeError, UnsupportedFormError

CHUNK_BYTES = 65_536
SMALL_BODY_BYTES = 65_536
MARKDOWN = "text/markdown"
NDJSON = "application/x-ndjson"
_SHOWS_ITS_END = frozenset({JSON, NDJSON})


def media_type(request: Request, accepted: Collection[str]) -> str:
    """The body's media type without parameters; raises UnsupportedFormError unless accepted, UTF-8 and not encoded."""
    accept = ", ".join(accepted)
    if request.mimetype not in accepted:
        given = f"not {request.mimetype}" if request.mimetype else "and Content-Type says nothing"
        raise UnsupportedFormError(f"The body must be {accept}, {given}.", accept=accept)
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedFormError(f"The body must be UTF-8, not {charset}.", accept=accept)
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise UnsupportedFormError("The body must not be compressed.", accept=accept)
    return request.mimetype


def read_body(request: Request, form: str, limit_bytes: int) -> bytes:
    """The whole body; raises TooLargeError, IncompleteBodyError, or LengthRequiredError."""
    announced = request.content_length
    if announced is None and form not in _SHOWS_ITS_END and "Transfer-Encoding" in request.headers:
        raise LengthRequiredError(f"{form} does not show its own end; send it with Content-Length.")
    if announced is not None and announced > limit_bytes:
        raise _too_large(limit_bytes)
    body = b""
    while chunk := request.stream.read(min(CHUNK_BYTES, limit_bytes + 1 - len(body))):
        body += chunk
        if len(body) > limit_bytes:
            raise _too_large(limit_bytes)
    if announced is not None and len(body) < announced:
        raise IncompleteBodyError(f"Only {len(body)} of {announced} bytes arrived.")
    return body


def _too_large(limit_bytes: int) -> TooLargeError:
    return TooLargeError(f"The body is larger than {limit_bytes} bytes.", limit_bytes=limit_bytes)


def read_object(request: Request, fields: Sequence[Field], optional: Sequence[Field] = ()) -> dict[str, Any]:
    """A small JSON object with these fields and some of the optional ones; each value is as its field takes it.

    Raises InvalidInputError naming every faulty field.
    """
    raw = read_body(request, media_type(request, (JSON,)), SMALL_BODY_BYTES)
    value = _parse(raw)
    known = [field.name for field in (*fields, *optional)]
    unknown = islice((name for name in value if name not in known), MAX_FAULTS)
    errors = [FieldError(pointer_to(name), f"is unknown{nearest(name, known)}") for name in unknown]
    for field in (*fields, *optional):
        if field.name not in value:
            fault = "is missing" if field in fields else None
        else:
            fault = field.fault(value[field.name])
        if fault:
            errors.append(FieldError(f"/{field.name}", fault))
    if errors:
        raise InvalidInputError("The body is not valid.", errors=errors)
    return value


def optional_object(request: Request, optional: Sequence[Field]) -> dict[str, Any]:
    """For calls whose body may be left out: no body, or an object with some of these fields."""
    if request.content_length or "Transfer-Encoding" in request.headers:
        return read_object(request, (), optional)
    return {}


def refuse_body(request: Request) -> None:
    """For calls that need no body: allow none, or an empty JSON object."""
    optional_object(request, ())


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _not_json(f"is not JSON: {error.msg} at character {error.pos}") from error
    if not isinstance(value, dict):
        raise _not_json("must be a JSON object")
    try:
        json.loads(raw, object_pairs_hook=_distinct)
    except RecursionError as error:
        raise _not_json("is nested too deeply") from error
    return value


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    distinct: dict[str, object] = {}
    for name, content in pairs:
        if name in distinct:
            fault = FieldError(pointer_to(name), "is given more than once")
            raise InvalidInputError("The body is not valid.", errors=[fault])
        distinct[name] = content
    return distinct


def _not_json(detail: str) -> InvalidInputError:
    return InvalidInputError(f"The body {detail}.", errors=[FieldError("", detail)])
