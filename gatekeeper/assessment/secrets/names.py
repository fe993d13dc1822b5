"""Names that mean a secret: of variables, keys and settings, in code, configuration and sentences.

Owns the words alone, as parts of patterns. Refuses to look at values.
"""

from __future__ import annotations

from gatekeeper.assessment.text.reading import compile_pattern

CHOSEN_WORDS = r"passw(?:or)?ds?|passphrase|passcode|pwd|\bpass|_pass|(?-i:[a-z]Pass\b)"
ISSUED_WORDS = (
    r"secret(?:[_-]?(?:access|key|token|value|base|string))*|tokens?|api[_-]?key|access[_-]?key|private[_-]?key|"
    r"(?:encryption|signing|master|account|storage|service|license|session|cookie|hmac|aes|jwt|webhook|deploy|"
    r"app|auth|api)"
    r"[_-]?(?:key|secret|token|pass)|credentials?|creds|authorization|user[_-]?auth|client[_-]?secret"
)
_TAIL = (
    r"(?:[_-]?(?:prod|production|live|staging|dev|test|[0-9]{1,3}|value|string|default|text|plain|raw|base|"
    r"root|admin))*"
)
NAME = rf"\b[\w.-]{{0,60}}?(?:{CHOSEN_WORDS}|{ISSUED_WORDS}){_TAIL}"

# for a first look: whether any of the above can occur
ANY = (
    rf"{CHOSEN_WORDS}|secret|token|api[ _-]?key|access[ _-]?key|private[_-]?key|[a-z][_-]?key\b|pass\b|_pass|hmac|"
    rf"credential|creds|auth|jwt|"
    r"session\(|cookie|identified\s"
)

_PASSWORDS = compile_pattern(rf"(?i)(?:{CHOSEN_WORDS})")
_OTHER = compile_pattern(
    r"(?i)public|publishable|csrf|xsrf|next|page|cursor|continu|sync_?token|placeholder|label|hint|hash|digest|"
    r"sha[0-9]|md5|checksum|"
    r"encrypted|masked|primary|foreign|partition|sort|cache|query|translation|bucket|field|column|selector|"
    r"forgot|reset|"
    r"token_?(?:type|kind|limit|count)|(?:max|min|num|total|input|output|prompt|stop|eos|pad|mask|"
    r"special)[_-]?tokens?$|author$|"
    r"(?:id|name|type|mode|url|uri|path|file|policy|regex|errors?|length|version|arn|ref|prefix|header)$|"
    r"^(?:errors?|error_?messages?)\."
)


def is_password_name(name: bytes) -> bool:
    """Tell whether a name means a password, not a key or token."""
    return _PASSWORDS.search(name) is not None


def names_something_else(name: bytes) -> bool:
    """Tell whether a name with such a word in it means something that need not be kept secret."""
    return _OTHER.search(name) is not None
