"""Read JSON strictly: what parsers differ on is refused, so that everybody who reads a report reads the same value.

Owns the refusal of duplicate names, NaN and infinite numbers, halves of surrogate pairs, deep nesting and bytes that
are not UTF-8. Knows nothing of reports. Any bytes end in a value or in faults with pointers, in time linear in their
number: what is refused is read a second time, leniently, only to say where it is wrong.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from itertools import islice

import orjson

from gatekeeper.errors import FieldError

MAX_FAULTS = 50
MAX_DEPTH = 64
_MAX_NAME = 128
_MAX_DIGITS = 400


class NotStrictJsonError(ValueError):
    """The bytes are not strict JSON; `faults` says where, sorted by pointer, at most MAX_FAULTS of them."""

    def __init__(self, faults: list[FieldError]) -> None:
        super().__init__(faults[0].detail)
        self.faults = sorted(faults, key=lambda fault: (fault.pointer, fault.detail))


class _Pairs(list[tuple[str, object]]):
    """The members of an object as written, names given twice included."""


class _DuplicateNameError(Exception):
    """Some object gives a name twice."""


def read_json(raw: bytes) -> object:
    """The value of UTF-8 JSON bytes; raises NotStrictJsonError."""
    text = read_utf8(raw)
    try:
        value: object = orjson.loads(raw)
        json.loads(text, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError, _DuplicateNameError) as error:
        raise NotStrictJsonError(_faults(text) or [FieldError("", _summary(error))]) from error
    return value


def read_utf8(raw: bytes) -> str:
    """The text of UTF-8 bytes without a byte order mark; raises NotStrictJsonError."""
    if raw.startswith(b"\xef\xbb\xbf"):
        raise NotStrictJsonError([FieldError("", "begins with a byte order mark; send UTF-8 without one")])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        fault = FieldError("", f"is not valid UTF-8 at byte {error.start}")
        raise NotStrictJsonError([fault]) from error


def json_faults(value: object) -> list[FieldError]:
    """What a value, however it came about, has that strict JSON has not; the first MAX_FAULTS in document order."""
    return list(islice(_walk(value), MAX_FAULTS))


def pointer_to(pointer: str, name: str | int) -> str:
    """RFC 6901: `pointer` and one more step. Very long names, which are never fields of ours, are cut."""
    step = str(name)
    if len(step) > _MAX_NAME:
        step = step[:_MAX_NAME] + "..."
    step = step.encode("utf-8", "backslashreplace").decode()
    return f"{pointer}/{step.replace('~', '~0').replace('/', '~1')}"


def _without_duplicates(pairs: list[tuple[str, object]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise _DuplicateNameError


def _summary(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return f"is nested more than {MAX_DEPTH} levels deep"
    return f"is not JSON: {str(error)[:200]}"


def _faults(text: str) -> list[FieldError]:
    """What a lenient parser finds that strict JSON does not have; nothing when even a lenient one fails."""
    try:
        return json_faults(json.loads(text, object_pairs_hook=_Pairs, parse_int=_integer))
    except (ValueError, RecursionError):
        return []


def _integer(digits: str) -> float:
    """A whole number, of which a double can hold none that has more than 309 digits."""
    return float(digits) if len(digits) <= _MAX_DIGITS else math.inf


def _walk(root: object) -> Iterator[FieldError]:
    waiting: list[tuple[str, int, object]] = [("", 0, root)]
    while waiting:
        pointer, depth, value = waiting.pop()
        if depth > MAX_DEPTH:
            yield FieldError(pointer, f"is nested more than {MAX_DEPTH} levels deep")
            continue
        yield from _own_faults(pointer, value)
        members = reversed(list(_members(value)))
        waiting.extend((pointer_to(pointer, name), depth + 1, item) for name, item in members)


def _members(value: object) -> Iterable[tuple[str | int, object]]:
    if isinstance(value, _Pairs):
        return value
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _own_faults(pointer: str, value: object) -> Iterator[FieldError]:
    if isinstance(value, float) and not math.isfinite(value):
        yield FieldError(pointer, "must be a finite number")
    elif isinstance(value, str) and not _is_whole(value):
        yield FieldError(pointer, "has half of a surrogate pair")
    elif isinstance(value, _Pairs):
        seen: set[str] = set()
        for name, _ in value:
            if name in seen:
                yield FieldError(pointer_to(pointer, name), "is given twice")
            elif not _is_whole(name):
                yield FieldError(pointer_to(pointer, name), "has half of a surrogate pair in its name")
            seen.add(name)


def _is_whole(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
