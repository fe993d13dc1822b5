"""Secrets where programs look for them: connection strings, commands, headers and files of access data.

Owns these places. What stands there is a secret unless it only stands for one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import PatternRule, Rule, Where, examine
from gatekeeper.assessment.secrets.checksums import decoded
from gatekeeper.assessment.secrets.likeness import (
    is_common_word,
    is_placeholder,
    is_placeholder_password,
    is_public,
    is_words,
    looks_random,
)
from gatekeeper.assessment.secrets.token_format import made_up, made_up_hex
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import Match, compile_pattern


def _rule(
    name: str,
    title: str,
    confidence: float,
    pattern: str,
    examples: tuple[str, ...],
    lookalikes: tuple[str, ...],
) -> PatternRule:
    return PatternRule(
        id=f"secrets.{name}",
        hazard=Hazard.SECRET_EXPOSURE,
        title=title,
        confidence=confidence,
        examples=examples,
        lookalikes=lookalikes,
        pattern=pattern,
        where=Where.TEXT,
    )


_IN_URL = _rule(
    "password_in_url",
    "A password inside a connection string",
    0.8,
    r"(?i)\b[a-z][a-z0-9+.-]{1,24}://([^\s:/@\"'`<>]{0,64}):([^\s/\"'`<>]{3,128})@([^\s/\"'`?:,]{1,120})",
    (
        "DATABASE_URL=postgres://app:" + made_up(14) + "@db.internal:5432/shop",
        "mongodb+srv://shop:Winter-" + "24x@cluster0.qkzt.mongodb.net/orders",
        "redis://:" + made_up(20) + "@cache:6379/0",
    ),
    (
        "DATABASE_URL=postgres://user:password@localhost:5432/shop",
        "postgres://${DB_USER}:${DB_PASSWORD}@db/shop",
        "postgres://postgres:postgres@localhost:5432/test",
        "https://shop.example/@team:8080/orders",
    ),
)
_IN_PAIRS = _rule(
    "password_in_pairs",
    "A password inside a list of connection settings",
    0.8,
    r"(?i)(?:\b(?:server|data source|datasource|host|driver|endpoint|user id|uid|username|initial catalog|"
    r"database|port|user)\s*=[^\n\"';]{1,200};"
    r"[^\n\"']{0,300}?)\b(?:password|pwd)\s*=\s*([^;\"'\n]{4,128})|"
    r"\bjdbc:[^\s\"'`]{5,300}?[?&;]password=([^&;\s\"'`]{4,128})|"
    r"\bdsn\b[^\n]{0,40}=[^\n]{0,100}\bpassword=([^\s\"';]{4,128})|\bhost=\S+[^;\"']{0,120}?\bpassword=([^\s\"';]{4,128})",
    (
        'conn = "Server=db.internal;Database=shop;User Id=app;Password=Winter' + '24!x;"',
        "jdbc:mysql://db.internal:3306/shop?user=app&password=" + made_up(12),
        "host=db.internal dbname=shop user=app password=" + made_up(12),
    ),
    (
        "Server=db.internal;Database=shop;User Id=app;Password={password};",
        "Server=db;Trusted_Connection=True;Database=shop;",
        "jdbc:mysql://db.internal:3306/shop?user=app&password=${DB_PASSWORD}",
    ),
)
_ON_COMMAND = _rule(
    "password_in_command",
    "A password or token on a command line",
    0.8,
    r"\b(?:mysql|mysqldump|mysqladmin|mariadb|mongo|mongosh|mongodump)\s[^\n|"
    r";]{0,120}?-p([^\s\"'-][^\s\"']{3,80}|'[^']{4,80}'|\"[^\"]{4,80}\")|"
    r"\bsshpass\s+-p\s*[\"']?([^\s\"']{4,80})|\bredis-cli\s[^\n|;]{0,80}-a\s+[\"']?([^\s\"']{4,80})|"
    r"--(?:password|passwd|pass|secret|token|api-key|apikey|access-key|secret-key|db-password|auth-token|"
    r"client-secret)[= ][\"']?([^\s\"'<\[]{5,200})|"
    r"\b(?:curl|wget|http)\s[^\n]{0,300}?(?:-u|-a|--user|--auth)[= ]?\s*[\"']?[\w.@%+-]*:([^\s\"']{3,100})|"
    r"\bdocker\s+login\s[^\n]{0,120}?-p\s+[\"']?([^\s\"']{4,100})|\b-pass(?:in|out)?\s+pass:([^\s\"']{4,80})|"
    r"\bsqlcmd\s[^\n]{0,80}-P\s+[\"']?([^\s\"']{4,80})|\bPGPASSWORD=[\"']?([^\s\"']{4,80})|"
    r"\becho\s+-?n?\s*[\"']?([^\s\"'|]{6,80})[\"']?\s*\|\s*(?:docker\s+login|sudo\s+-S|passwd|chpasswd|kubectl)|"
    r"\bhtpasswd\s+-\w*b\w*\s+\S+\s+\S+\s+([^\s\"']{4,80})",
    (
        "```sh\nmysql -u root -pS3cret" + "-x9 shop < a.sql\n```",
        "```sh\ncurl -s -u deploy:" + made_up(14) + " https://ci.shop.example/run\n```",
        "```sh\nshopctl login --password=Winter" + "24!x\n```",
        "```sh\nPGPASSWORD=" + made_up(12) + " psql -h db.internal\n```",
    ),
    (
        '```sh\nmysql -u root -p"$MYSQL_PASSWORD" shop\n```',
        "```sh\ncurl -u username:password https://ci.shop.example/run\n```",
        "```sh\nshopctl login --password-stdin --token <token>\n```",
        "```sh\nmysql -u root -p shop < a.sql\n```",
        '```sh\ncurl -sL --user "$1:$2" "$3"\n```',
    ),
)
_IN_HEADER = _rule(
    "authorization_header",
    "An authorization header with what authorises",
    0.85,
    r"(?i)\b(?:authorization|x-[\w-]{0,20}(?:key|token|secret)|api-?key|private-token|"
    r"x-vault-token)[\"'`]?\s*[:=,]\s*[\"'`]?(?:(?:bearer|token|api-token|apikey|key)\s+)?"
    r"([A-Za-z0-9_=~@.+/-]{16,400})(?:[\"'`\s,;}]|$)|\bbasic\s+([A-Za-z0-9+/]{8,200}={0,2})(?:[\"'`\s,;}]|$)|"
    r"\bbearer\s+([A-Za-z0-9_=~@.+/-]{16,400})(?:[\"'`\s,;}]|$)",
    (
        "curl -H 'Authorization: Bearer " + made_up(40) + "' https://api.shop.example",
        "headers: { Authorization: 'Basic ZGVwbG95OlMzY3JldC14OQ==' }",
        "X-Api-Key: " + made_up_hex(32),
    ),
    (
        "headers: { Authorization: `Bearer ${token}` }",
        "Authorization: Basic ...",
        "Authorization: Bearer <token>",
        "Authorization: Basic dXNlcm5hbWU6cGFzc3dvcmQ=",
        "the basic configuration of the shop",
    ),
)
_IN_FILE = _rule(
    "access_file",
    "A file of access data with what gives access",
    0.9,
    r"_(?:authToken|auth|password)\s*=\s*[\"']?([A-Za-z0-9+/=_.-]{16,400})|"
    r"(?i)\bmachine\s+\S+\s+login\s+\S+\s+password\s+(\S{4,200})|"
    r"(?m)^[\w.*-]+:(?:[0-9]{2,5}|\*):[\w*-]+:[\w*.@-]+:([^\s:]{6,100})$|"
    r"\"auth\"\s*:\s*\"([A-Za-z0-9+/]{12,400}={0,2})\"|"
    r"<(?:password|secret|apiKey|token)>([^<\s]{6,200})</",
    (
        "```\n//registry.npmjs.org/:_authToken=" + made_up(40) + "\n```",
        "```\nmachine git.shop.example login deploy password " + made_up(20) + "\n```",
        '```json\n{"auths": {"ghcr.io": {"auth": "ZGVwbG95OlMzY3JldC14OS1hbmQtbW9yZQ=="}}}\n```',
        "```\ndb.internal:5432:shop:app:" + made_up(16) + "\n```",
        "```xml\n<server><username>ci</username><password>" + made_up(16) + "</password></server>\n```",
    ),
    (
        "```\n//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n```",
        '```json\n{"auth": "dXNlcm5hbWU6cGFzc3dvcmQ="}\n```',
        "```\nmachine git.shop.example login deploy password YOUR_PASSWORD\n```",
        "```xml\n<password>${env.CI_PASSWORD}</password>\n```",
    ),
)
_IN_SECRET = _rule(
    "kubernetes_secret",
    "A Kubernetes secret given in plain",
    0.85,
    r"(?im)^[ \t-]*[\"']?[\w.-]+[\"']?:[ \t]*[\"']?([A-Za-z0-9+/]{8,900}={0,2})[\"']?[ \t]*$",
    (
        "```yaml\napiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: UzNjcmV0LXg5LWFuZA==\n```",
        "```yaml\nkind: Secret\nstringData:\n  uri: c2hvcDpXaW50ZXIyNCFYLXNob3A=\n```",
    ),
    (
        "```yaml\nkind: ExternalSecret\ndata:\n  password: UzNjcmV0LXg5LWFuZA==\n```",
        "```yaml\nkind: Secret\ndata:\n  password: cGFzc3dvcmQ=\n```",
        "```yaml\nkind: Secret\nmetadata:\n  name: registry\ntype: Opaque\ndata:\n  htpasswd: ''\n```",
    ),
)

_RULES = (_IN_URL, _IN_PAIRS, _ON_COMMAND, _IN_HEADER, _IN_FILE, _IN_SECRET)
RULES: tuple[Rule, ...] = _RULES
_PATTERNS = tuple((rule, compile_pattern(rule.pattern)) for rule in _RULES)
_ANY = SIGNS.add(
    r"(?i)://[^\s/]{0,80}:[^\s/]{3,128}@|password\s*=|pwd\s*=|\s-p\S|--(?:pass|token|secret|api|access|db-p|"
    r"auth|client)|\s-u\s|--user|authorization|"
    r"\bbasic\s|\bbearer\s|-(?:key|token)[\"']?\s*:|apikey|_auth|machine\s|\"auth\"|<(?:password|secret|apikey|"
    r"token)>|kind:[ \t]*[\"']?secret\b|"
    r":[0-9*]{1,5}:[\w*-]+:[\w*.@-]+:|chpasswd|-pass|echo\s|sshpass|redis-cli|sqlcmd|passwd\s"
)
_KIND_SECRET = compile_pattern(r"(?mi)^[ \t]*kind:[ \t]*[\"']?secret[\"']?[ \t]*$")
_LOCAL = compile_pattern(
    r"(?i)^(?:localhost|127\.|0\.0\.0\.0|\[::1|host\.docker\.internal|example\.|.*\.example(?:\.com|\.org)?$)"
)
_VARIABLE = compile_pattern(r"^[\"']?[$%{<\[(]|[${}]|^\.{2,}|^\*+$|^x+$|^X+$")
_LEAST_IN_URL = 4


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the secrets that stand where programs look for them."""
    if not document.shows(_ANY):
        return
    for rule, pattern in _PATTERNS:
        if rule is _IN_SECRET and _KIND_SECRET.search(document.reading) is None:
            continue
        yield from examine(document, pattern.finditer(document.reading), partial(_judged, document, rule))


def _judged(document: Document, rule: Rule, match: Match) -> Finding | None:
    at = _JUDGES[rule.id](match)
    return rule.finding(document, match.start(), at) if at else None


def _value(match: Match) -> tuple[bytes, int]:
    groups = match.groups()
    last = max((number for number, value in enumerate(groups, start=1) if value is not None), default=0)
    return match.group(last).strip(b"\"'"), match.start(last)


def _stands_for_one(value: bytes) -> bool:
    return (
        _VARIABLE.search(value) is not None
        or is_placeholder_password(value)
        or is_common_word(value)
        or is_public(value)
    )


def _in_url(match: Match) -> int:
    user, value, host = match.group(1), match.group(2), match.group(3)
    if _stands_for_one(value) or value == user or len(value) < _LEAST_IN_URL or value.isdigit():
        return 0
    if _LOCAL.match(host) is not None and not (looks_random(value) and not is_placeholder(value)):
        return 0
    return match.start(2)


def _plain(match: Match) -> int:
    value, at = _value(match)
    return 0 if _stands_for_one(value) else at


def _on_command(match: Match) -> int:
    value, at = _value(match)
    if _stands_for_one(value) or (is_words(value) and not any(48 <= byte <= 57 for byte in value)):
        return 0
    return at


def _in_header(match: Match) -> int:
    value, at = _value(match)
    if match.start(2) >= 0:
        return at if _is_pair(decoded(value)) else 0
    random = looks_random(value) and not is_placeholder(value) and not is_public(value)
    return at if random else 0


def _in_file(match: Match) -> int:
    value, at = _value(match)
    if match.start(4) >= 0:
        return at if _is_pair(decoded(value)) else 0
    return 0 if _stands_for_one(value) or is_words(value) else at


def _in_secret(match: Match) -> int:
    value, at = _value(match)
    text = decoded(value)
    hidden = text.isascii() and len(text) >= _LEAST_SECRET and text.decode("ascii").isprintable()
    return at if hidden and not _stands_for_one(text) and not text.isalpha() else 0


def _is_pair(text: bytes) -> bool:
    """Tell whether a text is a user and a password that is one."""
    user, colon, value = text.partition(b":")
    printable = text.isascii() and text.decode("ascii").isprintable()
    return bool(colon) and printable and not _stands_for_one(value or user)


_LEAST_SECRET = 6
_Judge = Callable[[Match], int]
_JUDGES: dict[str, _Judge] = {
    _IN_URL.id: _in_url,
    _IN_PAIRS.id: _plain,
    _ON_COMMAND.id: _on_command,
    _IN_HEADER.id: _in_header,
    _IN_FILE.id: _in_file,
    _IN_SECRET.id: _in_secret,
}
