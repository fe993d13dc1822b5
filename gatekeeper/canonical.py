"""RFC 8785 bytes and SHA-256 names of JSON values: what every digest of the house is made over."""

from __future__ import annotations

import hashlib
from typing import Any, cast

import orjson
import rfc8785

_SAFE_INTEGER = 2**53 - 1
_SMALLEST_SHARE = 0.001


def canonical_json(value: object) -> bytes:
    """The RFC 8785 serialisation of a JSON value. Raises ValueError for what the standard cannot carry."""
    if _is_plain(value):
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return bytes(rfc8785.dumps(cast(Any, value)))


def sha256_name(content: bytes) -> str:
    """`sha256:` and the hex digest of some bytes."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def _is_plain(value: object) -> bool:
    """Whether orjson's sorted output is RFC 8785 to the byte: ASCII keys, safe integers, shares of one as floats."""
    if isinstance(value, str):
        return True
    if isinstance(value, bool) or value is None:
        return True
    if isinstance(value, int):
        return -_SAFE_INTEGER <= value <= _SAFE_INTEGER
    if isinstance(value, float):
        return _SMALLEST_SHARE <= value < 1  # where both write the shortest digits and no exponent
    if isinstance(value, dict):
        return all(isinstance(key, str) and key.isascii() and _is_plain(item) for key, item in value.items())
    if isinstance(value, list | tuple):
        return all(map(_is_plain, value))
    return False
