"""Checks that issuers build into their tokens: checksums, and parts that must decode.

Owns the arithmetic alone, purely; which token has which check is in the tables of formats. Refuses to decide what a
failed check means.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib

_BASE62 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BECH32 = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_STEPS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECK_DIGITS = 6
_ROUTABLE_CHECK_DIGITS = 7
_AWS_ACCOUNTS = 10**12
_LONGEST_DECODED = 8192


def base62_crc32(body: bytes) -> bytes:
    """Return the six base62 digits of a body's CRC-32, as GitHub and npm append them to their tokens."""
    return _crc32_digits(body, 62).rjust(_CHECK_DIGITS, b"0")


def base36_crc32(text: bytes) -> bytes:
    """Return the seven base36 digits of a text's CRC-32, as GitLab appends them to its routable tokens."""
    return _crc32_digits(text, 36).lower().rjust(_ROUTABLE_CHECK_DIGITS, b"0")


def _crc32_digits(text: bytes, base: int) -> bytes:
    number, digits = zlib.crc32(text), b""
    while number:
        number, digit = divmod(number, base)
        digits = _BASE62[digit : digit + 1] + digits
    return digits


def ends_in_crc32(token: bytes) -> bool:
    """Tell whether the last six characters of what follows the first `_` are the CRC-32 of the others."""
    body = token.partition(b"_")[2]
    return base62_crc32(body[:-_CHECK_DIGITS]) == body[-_CHECK_DIGITS:]


def little_endian_crc32(text: bytes) -> bytes:
    """Return the CRC-32 of a text as eight hexadecimal digits, lowest byte first, as Grafana appends it."""
    return zlib.crc32(text).to_bytes(4, "little").hex().encode("ascii")


def is_routable(token: bytes) -> bool:
    """Tell whether a token of three parts ends in the CRC-32 of all that stands before it."""
    text, check = token[:-_ROUTABLE_CHECK_DIGITS], token[-_ROUTABLE_CHECK_DIGITS:]
    return base36_crc32(text) == check


def is_bech32(text: bytes) -> bool:
    """Tell whether a text is a valid bech32 string (BIP 173)."""
    lower = text.lower()
    prefix, _, body = lower.rpartition(b"1")
    places = [_BECH32.find(body[at : at + 1]) for at in range(len(body))]
    if not prefix or min(places, default=-1) < 0:
        return False
    return _bech32_remainder(prefix, places) == 1


def bech32_check(prefix: bytes, places: list[int]) -> bytes:
    """Return the six check characters of `places`, each a number below 32, behind a prefix (BIP 173)."""
    remainder = _bech32_remainder(prefix, [*places, *[0] * _CHECK_DIGITS]) ^ 1
    return bytes(_BECH32[(remainder >> shift) & 31] for shift in (25, 20, 15, 10, 5, 0))


def bech32_characters(places: list[int]) -> bytes:
    """Return the characters that stand for numbers below 32."""
    return bytes(_BECH32[place] for place in places)


def _bech32_remainder(prefix: bytes, places: list[int]) -> int:
    high, low = [byte >> 5 for byte in prefix], [byte & 31 for byte in prefix]
    remainder = 1
    for value in (*high, 0, *low, *places):
        top = remainder >> 25
        remainder = (remainder & 0x1FFFFFF) << 5 ^ value
        for bit, step in enumerate(_BECH32_STEPS):
            remainder ^= step if top >> bit & 1 else 0
    return remainder


def names_aws_account(key: bytes) -> bool:
    """Tell whether an AWS access key can name an account: 40 bits behind its prefix hold twelve decimal digits.

    Keys made before accounts were written into them have no such bits; their fifth letter is below Q.
    """
    body = key[4:20]
    if b"A" <= body[:1] < b"Q":
        return True
    number = int.from_bytes(base64.b32decode(body)[:6], "big")
    return (number & 0x7FFFFFFFFF80) >> 7 < _AWS_ACCOUNTS


def decoded(text: bytes) -> bytes:
    """Return what a base64 text holds, padded or not, of either alphabet; nothing when it holds nothing."""
    compact = text[:_LONGEST_DECODED].translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    try:
        return base64.b64decode(compact + b"=" * (-len(compact) % 4), validate=True)
    except binascii.Error:
        return b""


def decoded_object(text: bytes) -> dict[str, object]:
    """Return the JSON object that a base64 text holds; an empty one when it holds none."""
    try:
        found = json.loads(decoded(text))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
