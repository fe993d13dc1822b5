"""Whether a value can be a secret: placeholders, public values and words told apart from what somebody made up.

Owns the judgement of a value alone. What the value is called, and where it stands, is for the analyzers.
"""

from __future__ import annotations

import math
from collections import Counter

from gatekeeper.assessment.text.reading import compile_pattern

LEAST_ENTROPY_BITS = 3.0
LEAST_DISTINCT = 8
LEAST_RANDOM_CHARACTERS = 12
LEAST_THOUGHT_UP = 6
_PASSWORD_SIGNS = frozenset(b"!@#%^&*?+=~$")

_STANDS_FOR = (
    r"your|example|placeholder|change[_-]?(?:me|it|this)|xxxx|dummy|sample|todo|_here|-here|replace|insert|"
    r"redacted|fake|"
    r"\.\.\.|\*\*\*|<[\w .:/-]+>|\$\{|\$\(|\{\{|#\{|%\(|process\.env|os\.environ|getenv|secretkeyref|valuefrom|"
    r"secrets?\.|vault:|keyring:|op://|ssm:|arn:aws|\benc\[|^env[.:(]|^var\.|^data\.|^local\.|^\$[a-z_]\w*$|"
    r"^%[a-z_]+%$|"
    r"^\[.*\]$|^\{.*\}$|^<.*>$|none$|null$|undefined$|not[_-]?set|mysecret|mytoken|\bfoo|foobar|lorem"
)
_SEQUENCES = r"1234567|abcdef|qwerty|0{6}|1{6}|a{6}|9876543|deadbeef|cafebabe"
_PLACEHOLDER = compile_pattern(
    rf"(?i){_STANDS_FOR}|{_SEQUENCES}|password|passwd|secret|hunter2|req\.|test_|^[\w.]+\(.*\)$|^[<{{(]"
)
_PLACEHOLDER_TOKEN = compile_pattern(rf"(?i){_STANDS_FOR}|{_SEQUENCES}|[<>{{}}]")
_PLACEHOLDER_PASSWORD = compile_pattern(
    rf"(?i){_STANDS_FOR}|\breq\.|\bthis\.|password_|_password|(?:my|the|new|old|some|any|user|db|admin|root|"
    rf"real|super)[_-]?"
    r"(?:pass(?:word|wd)?|secret)(?:[_-]|$)"
)
_PUBLIC = compile_pattern(
    r"(?i)^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|"  # a UUID
    r"\$(?:2[abxy]?|argon2\w*|pbkdf2[\w-]*|scrypt|[156]|y|7)\$.*|\{(?:ssha|sha|bcrypt|pbkdf2)[^}]*\}.*|"
    r"pbkdf2[_:].*|scrypt[:$].*|argon2.*|md5[0-9a-f]{32}|"
    r"(?:sha(?:1|224|256|384|512)|md5)[-:=].*|h1:.*|"
    r"ssh-(?:rsa|ed25519|dss).*|ecdsa-sha2.*|https?://.*|/[\w./-]+|\.{1,2}/.*|(?:pk|price|prod|cus|acct)_\w+)$"
)
_COMMON = compile_pattern(
    r"(?i)^(?:(?:current|new|old|confirm|repeat|wrong|invalid|valid|correct|plain|user|db|"
    r"admin)?[ _-]?(?:pass(?:word)?|secret|"
    r"token|string|text|number|required|optional|hidden|bearer|basic|refresh|access|test|default|none|null|true|"
    r"false|any|"
    r"varchar.*|char.*|postgres|root|admin|user|guest|email|username|forbidden|unauthorized)|sha-?[0-9]+|"
    r"bcrypt.*|base64.*|"
    r"utf-?8|oauth2?|argon2\w*|md5|[hr]s256|es256|aes.*|jwt|x?api-?key|min[0-9].*|v[0-9].*|[0-9.]+[a-z]{0,3})$"
)
_HEX = compile_pattern(r"^(?:[0-9a-f]+|[0-9A-F]+)$")
_WORD = r"(?:[A-Z]?[a-z]{2,}[0-9]{0,4}|[A-Z]{2,}[0-9]{0,3}|[vV][0-9]+)"
_WORDS = compile_pattern(rf"^{_WORD}(?:{_WORD}|[-_.:/ ](?:{_WORD}|[0-9]{{1,4}}|[A-Za-z]))*$")
_DOTTED = compile_pattern(r"^[A-Za-z_]\w*(?:\??\.[A-Za-z_]\w*)+$")


def is_placeholder(value: bytes) -> bool:
    """Tell whether a value only stands where a secret would stand."""
    return _PLACEHOLDER.search(value) is not None or len(set(value)) < LEAST_DISTINCT


def is_placeholder_token(value: bytes) -> bool:
    """Tell whether a token of an issuer's form only shows the form; its prefix may say what it is."""
    return _PLACEHOLDER_TOKEN.search(value) is not None or len(set(value)) < LEAST_DISTINCT


def is_placeholder_password(value: bytes) -> bool:
    """Tell whether a value only stands where a password would stand; a bad password is a password."""
    return _PLACEHOLDER_PASSWORD.search(value) is not None or len(set(value)) < 3


def is_public(value: bytes) -> bool:
    """Tell whether a value is of a kind that anybody may see: digests, identifiers, addresses, public keys."""
    return _PUBLIC.match(value) is not None


def is_digest(value: bytes) -> bool:
    """Tell whether a value has the form of a hexadecimal digest."""
    return len(value) in (32, 40, 56, 64, 96, 128) and _HEX.match(value) is not None


def is_words(value: bytes) -> bool:
    """Tell whether a value is made of words and small numbers, as names are."""
    return _WORDS.match(value) is not None or _DOTTED.match(value) is not None


def looks_random(value: bytes) -> bool:
    """Tell whether a value could come from a generator: kinds of characters, a digit, entropy, and no words."""
    return (
        len(value) >= LEAST_RANDOM_CHARACTERS
        and kinds(value) >= 2
        and any(48 <= byte <= 57 for byte in value)
        and entropy_bits(value) >= LEAST_ENTROPY_BITS
        and not is_words(value)
    )


def looks_thought_up(value: bytes) -> bool:
    """Tell whether a value is what people think up when they must choose a password: letters and something else."""
    return (
        len(value) >= LEAST_THOUGHT_UP
        and any(_kind(byte) < 2 for byte in value)
        and any(_kind(byte) == 2 or byte in _PASSWORD_SIGNS for byte in value)
        and not value.isspace()
        and b" " not in value
        and _COMMON.match(value) is None
        and _DOTTED.match(value) is None
    )


def is_common_word(value: bytes) -> bool:
    """Tell whether a value is a word that forms, types and defaults use in a password's place."""
    return _COMMON.match(value) is not None


def kinds(value: bytes) -> int:
    """Return how many of lower case, upper case, digits and other signs a value has."""
    return len({_kind(byte) for byte in value})


def _kind(byte: int) -> int:
    if 97 <= byte <= 122:
        return 0
    if 65 <= byte <= 90:
        return 1
    return 2 if 48 <= byte <= 57 else 3


def entropy_bits(value: bytes) -> float:
    """Return the Shannon entropy of a value in bits per character."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
