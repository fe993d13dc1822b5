"""Keys and signed tokens: private keys in every armour, web tokens that somebody signed.

Owns the reading of what such a key says about itself: a web token must decode, and how long it is good for counts.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from functools import partial

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import Rule, examine
from gatekeeper.assessment.secrets.checksums import decoded_object
from gatekeeper.assessment.secrets.likeness import is_placeholder_token
from gatekeeper.assessment.secrets.token_format import made_up
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import Match, Pattern, compile_pattern

SHOWN_CHARACTERS = 12
SHORT_LIVED_SECONDS = 86_400

_HEAD = "-----BEGIN PRIVATE " + "KEY-----"


def _web_token(**claims: object) -> str:
    parts = ({"alg": "HS256", "typ": "JWT"}, claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return ".".join((*encoded, made_up(43)))


_PRIVATE_KEY = Rule(
    id="secrets.private_key",
    hazard=Hazard.SECRET_EXPOSURE,
    title="A private key",
    confidence=0.95,
    examples=(
        f"{_HEAD}\nMIIEvQIBADANBgkqhkiG9w0BAQ{made_up(32)}",
        "-----BEGIN RSA PRIVATE " + f"KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIEpAIBAAKCAQEA{made_up(32)}",
        f'"private_key": "{_HEAD}\\nMIIEvQIBADANBgkqhkiG9w0BAQ{made_up(32)}\\n"',
        "-----BEGIN PGP PRIVATE " + f"KEY BLOCK-----\nVersion: GnuPG v2\n\nlQOYBF{made_up(64)}",
        f"PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\nAAAAI{made_up(43)}",
    ),
    lookalikes=(
        f"{_HEAD}\n...\n",
        "-----BEGIN PUBLIC " + f"KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ{made_up(32)}",
        "-----BEGIN CERTIFICATE-----\n" + f"MIIEvQIBADANBgkqhkiG9w0BAQ{made_up(32)}",
        f"if text.startswith('{_HEAD}'):\n    raise ValueError('no private key here')",
    ),
)
_CLIENT_KEY = Rule(
    id="secrets.client_key",
    hazard=Hazard.SECRET_EXPOSURE,
    title="A private key inside a file of access data",
    confidence=0.9,
    examples=(
        "client-key-data: " + made_up(120),
        "```json\n" + '{"d": "' + made_up(43) + '", "kty": "EC"}\n```',
    ),
    lookalikes=(
        "client-certificate-data: " + made_up(120),
        "client-key-data: REDACTED",
        '{"d": "' + made_up(43) + '"}',
    ),
)
_SIGNED = Rule(
    id="secrets.signed_token",
    hazard=Hazard.SECRET_EXPOSURE,
    title="A signed web token that stays good for long",
    confidence=0.8,
    examples=(
        _web_token(sub="u-77", role="admin"),
        f"const t = '{_web_token(iat=1700000000, exp=2015360000)}';",
    ),
    lookalikes=(
        f"eyJ{made_up(16)}.eyJ{made_up(20)}.{made_up(32)} does not decode",
        _web_token(sub="u-77", iat=1700000000, exp=1700003600),
        _web_token(sub="1234567890", name="John Doe", iat=1516239022),
    ),
)
_SERVICE_ROLE = Rule(
    id="secrets.service_role_token",
    hazard=Hazard.SECRET_EXPOSURE,
    title="A signed web token of a service that may do everything",
    confidence=0.95,
    examples=(
        _web_token(iss="supabase", ref="qkzt", role="service_role", iat=1700000000, exp=2015360000),
        f"SUPABASE_KEY={_web_token(role='supabase_admin', exp=2015360000)}",
    ),
    lookalikes=(_web_token(iss="supabase", role="anon", exp=2015360000), "role: service_role"),
)
_SHORT_LIVED = Rule(
    id="secrets.session_token",
    hazard=Hazard.SECRET_EXPOSURE,
    title="A signed web token that is good for a day at most",
    confidence=0.5,
    examples=(
        _web_token(sub="u-77", iat=1700000000, exp=1700003600),
        f"Authorization: Bearer {_web_token(sub='u-78', iat=1700000000, exp=1700000900)}",
    ),
    lookalikes=(_web_token(sub="u-77", iat=1700000000), "Authorization: Bearer eyJ"),
)

RULES: tuple[Rule, ...] = (_PRIVATE_KEY, _CLIENT_KEY, _SIGNED, _SERVICE_ROLE, _SHORT_LIVED)

_BREAK = r"(?:\s|\\+n|\\+r|[\"'+,>])"
_KEY = (
    rf"(?:-----\s?BEGIN\s+(?:[A-Z0-9]+\s+){{0,3}}PRIVATE\s+KEY(?:\s+BLOCK)?\s?-----|"
    rf"PuTTY-User-Key-File-[^$]{{10,600}}Private-Lines:\s+[0-9]+)"
    rf"{_BREAK}{{1,24}}(?:(?:Proc-Type|DEK-Info|Version|Comment|Charset|"
    rf"Hash):[^\n\\]{{0,120}}{_BREAK}{{1,8}}){{0,5}}([A-Za-z0-9+/=]{{24,64}})"
)
_CLIENT = (
    r"\bclient-key-data[\"']?:\s*[\"']?([A-Za-z0-9+/=]{40,})|"
    r"\"d\"\s*:\s*\"([A-Za-z0-9_-]{40,700})\"[^{}]{0,900}\"kty\"|"
    r"\"kty\"[^{}]{0,900}\"d\"\s*:\s*\"([A-Za-z0-9_-]{40,700})\""
)
_WEB = r"\b(eyJ[A-Za-z0-9_-]{10,600})\.(eyJ[A-Za-z0-9_-]{8,900})\.[A-Za-z0-9_-]{20,}"
_ANY = SIGNS.add(r"PRIVATE\s+KEY|Private-Lines|client-key-data|\"kty\"|\beyJ")
_UNPRIVILEGED = ("anon", "authenticated")
_PRIVILEGED = ("service_role", "supabase_admin")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the private keys and signed tokens that a proposal gives away."""
    if not document.shows(_ANY):
        return
    for pattern, rule_for in _PATTERNS:
        matches = pattern.finditer(document.reading)
        yield from examine(document, matches, partial(_judged, document, rule_for), kinds=len(RULES))


def _judged(document: Document, rule_for: _RuleFor, match: Match) -> Finding | None:
    rule = rule_for(match)
    if rule is None:
        return None
    return rule.finding(document, match.start(), match.start() + SHOWN_CHARACTERS)


def _private_key(match: Match) -> Rule | None:
    return None if is_placeholder_token(match.group(1)) else _PRIVATE_KEY


def _client_key(match: Match) -> Rule | None:
    value = next(each for each in match.groups() if each is not None)
    return None if is_placeholder_token(value) else _CLIENT_KEY


def _web_token_rule(match: Match) -> Rule | None:
    header, body = match.group(1), match.group(2)
    claims = decoded_object(body)
    if "alg" not in decoded_object(header) or not claims or _is_documented(claims):
        return None
    role = claims.get("role")
    if role in _PRIVILEGED:
        return _SERVICE_ROLE
    if role in _UNPRIVILEGED:
        return None
    issued, expires = claims.get("iat"), claims.get("exp")
    if isinstance(issued, int) and isinstance(expires, int) and expires - issued <= SHORT_LIVED_SECONDS:
        return _SHORT_LIVED
    return _SIGNED


def _is_documented(claims: dict[str, object]) -> bool:
    return claims.get("sub") == "1234567890" or claims.get("name") == "John Doe"


_RuleFor = Callable[[Match], Rule | None]
_PATTERNS: tuple[tuple[Pattern, _RuleFor], ...] = (
    (compile_pattern(_KEY), _private_key),
    (compile_pattern(_CLIENT), _client_key),
    (compile_pattern(_WEB), _web_token_rule),
)
