"""Query parameters and headers, read strictly: an unknown or repeated parameter is an error, never ignored."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches

from flask import Request

from gatekeeper.errors import FieldError, InvalidInputError, NotFoundError

MAX_REVISION = 2**31 - 1
MAX_KEY_CHARACTERS = 255
MAX_FAULTS = 50
_MAX_NAME_CHARACTERS = 64
_KEY = re.compile(r"[!-~]{1,255}\Z")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
_DECIMAL = re.compile(r"[0-9]{1,10}\Z")


def refuse(pointer: str, detail: str) -> InvalidInputError:
    """The error for one faulty parameter or field."""
    name = pointer.rpartition("/")[2]
    return InvalidInputError(f"{name or 'The body'} {detail}.", errors=[FieldError(pointer, detail)])


def pointer_to(name: str) -> str:
    """The JSON Pointer (RFC 6901) of a member by its name, of which only the beginning is given back."""
    return "/" + name[:_MAX_NAME_CHARACTERS].replace("~", "~0").replace("/", "~1")


def nearest(name: str, known: Collection[str]) -> str:
    """`; did you mean ...?` when a known name is close, else nothing."""
    close = get_close_matches(name[:_MAX_NAME_CHARACTERS], known, n=1)
    return f'; did you mean "{close[0]}"?' if close else ""


def check_names(request: Request, known: Collection[str], repeatable: Collection[str] = ()) -> None:
    """Refuse query parameters that are not `known`, or repeated though not `repeatable`."""
    errors = []
    for name, values in request.args.lists():
        if name not in known:
            detail = f"is not a parameter here{nearest(name, known)}"
            errors.append(FieldError(pointer_to(name), detail))
        elif len(values) > 1 and name not in repeatable:
            errors.append(FieldError(f"/{name}", "is given more than once"))
        if len(errors) == MAX_FAULTS:
            break
    if errors:
        raise InvalidInputError("The query is not valid.", errors=errors)


def integer(request: Request, name: str, low: int, high: int) -> int | None:
    """A whole number from `low` to `high`, or None when it is not given."""
    text = request.args.get(name)
    if text is None:
        return None
    if not _DECIMAL.match(text) or not low <= int(text) <= high:
        raise refuse(f"/{name}", f"must be a whole number from {low} to {high}")
    return int(text)


def choice(name: str, text: str, words: Iterable[str]) -> str:
    """One of some words."""
    known = list(words)
    if text not in known:
        raise refuse(f"/{name}", f"must be one of {', '.join(known)}{nearest(text, known)}")
    return text


def identifier(text: str) -> str:
    """An identifier from the path; one that could never be ours is simply not found."""
    if not _IDENTIFIER.match(text):
        raise NotFoundError("There is nothing with this identifier.", code="identifier_unknown")
    return text


def queried_identifier(request: Request, name: str) -> str | None:
    """An identifier from the query, or None when it is not given."""
    text = request.args.get(name)
    if text is not None and not _IDENTIFIER.match(text):
        raise refuse(f"/{name}", "must be 1 to 64 letters, digits, underscores or hyphens")
    return text


def idempotency_key(request: Request) -> str | None:
    """The Idempotency-Key header: 1 to 255 visible ASCII characters, or None when it is not given."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.match(key):
        raise refuse("/Idempotency-Key", f"must be 1 to {MAX_KEY_CHARACTERS} visible ASCII characters")
    return key
