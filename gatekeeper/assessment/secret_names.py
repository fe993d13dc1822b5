"""Names that mean a secret: of variables, keys and settings, in code, configuration and sentences.

Owns the words alone, as parts of patterns. Refuses to look at values.
"""

from __future__ import annotations

from gatekeeper.assessment.reading import compile_pattern

PASSWORD = r"passw(?:or)?ds?|passphrase|passcode|pwd"
KEY = (
    r"secret(?:[_-]?(?:access|key|token|value|base|string))*|tokens?|api[_-]?key|access[_-]?key|private[_-]?key|"
    r"(?:encryption|signing|master|account|storage|service|license|session|cookie|hmac|aes|jwt|webhook|deploy|app|auth|api)"
    r"[_-]?(?:key|secret|token|pass)|credentials?|creds|authorization|user[_-]?auth|client[_-]?secret"
)
_TAIL = r"(?:[_-]?(?:prod|production|live|staging|dev|test|[0-9]{1,3}|value|string|default|text|plain|raw|base|root|admin))*"
NAME = rf"\b[\w.-]{{0,60}}?(?:{PASSWORD}|{KEY}){_TAIL}"

# for a first look: whether any of the above can occur
ANY = (
    rf"{PASSWORD}|secret|token|api[ _-]?key|access[ _-]?key|private[_-]?key|[a-z][_-]?key\b|[_-]pass\b|credential|creds|auth|jwt|"
    r"session\(|cookie|identified\s"
)

_PASSWORD = compile_pattern(rf"(?i)(?:{PASSWORD})")
_OTHER = compile_pattern(
    r"(?i)public|publishable|csrf|xsrf|next|page|cursor|continu|sync_?token|placeholder|label|hint|hash|digest|sha[0-9]|md5|checksum|"
    r"encrypted|masked|primary|foreign|partition|sort|cache|query|translation|bucket|field|column|selector|forgot|reset|"
    r"token_?(?:type|kind|limit|count)|(?:max|min|num|total|input|output|prompt|stop|eos|pad|mask|special)[_-]?tokens?$|author$|"
    r"(?:id|name|type|mode|url|uri|path|file|policy|regex|errors?|length|version|arn|ref|prefix|header)$|^(?:errors?|error_?messages?)\."
)


def is_password_name(name: bytes) -> bool:
    """Tell whether a name means a password, not a key or token."""
    return _PASSWORD.search(name) is not None


def names_something_else(name: bytes) -> bool:
    """Tell whether a name with such a word in it means something that need not be kept secret."""
    return _OTHER.search(name) is not None
