"""Passwords, keys and tokens given as values: assigned, defaulted to, passed to what signs, or told in a sentence.

Owns which names mean a secret and how a value is told from a placeholder for one. A value that a generator made is a
secret wherever it stands; a password that somebody thought up is one where code or a command uses it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from gatekeeper.assessment.analyzers.secrets.tokens import is_token
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import Rule, examine
from gatekeeper.assessment.secrets.likeness import (
    is_common_word,
    is_digest,
    is_placeholder,
    is_placeholder_password,
    is_public,
    looks_random,
    looks_thought_up,
)
from gatekeeper.assessment.secrets.names import (
    ANY,
    CHOSEN_WORDS,
    ISSUED_WORDS,
    NAME,
    is_password_name,
    names_something_else,
)
from gatekeeper.assessment.secrets.token_format import made_up, made_up_hex
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import Match, Pattern, compile_pattern

_GENERATED = "tR7#pVq9" + "2kLx"

ASSIGNED = Rule(
    id="secrets.assigned_value",
    hazard=Hazard.SECRET_EXPOSURE,
    title="A password, key or token given as a value",
    confidence=0.75,
    examples=(
        f"```js\nconst dbPassword = '{_GENERATED}';\n```",
        f"```env\nAPI_SECRET={made_up(24)}\n```",
        '```yaml\nadmin_password: "Qm4!xZ81' + 'vTnb"\n```',
        f"The admin password is {_GENERATED} until Monday.",
        f'```json\n{{"client_secret": "{made_up_hex(64)}"}}\n```',
        f"```ts\nconst key = process.env.JWT_SECRET || '{made_up(32)}';\n```",
    ),
    lookalikes=(
        "```js\nconst password = process.env.DB_PASSWORD;\n```",
        "```js\nconst password = 'your_password_here';\n```",
        "```js\nconst token = jwt.sign(payload1, key2Value, options3);\n```",
        "```env\nSECRET_KEY=changeme123\n```",
        "```js\nconst passwordField = 'input-password';\n```",
        "```sql\nINSERT INTO logins (password_hash) VALUES "
        "('$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy');\n```",
        f'```json\n{{"integrity": "sha512-{made_up(86)}==", "tokenHash": "{made_up_hex(64)}"}}\n```',
        f"```ts\nconst publicKey = '{made_up(43)}';\nconst csrfToken = '{made_up(32)}';\n```",
        "```yaml\nenv:\n  TOKEN: ${{ secrets.DEPLOY_TOKEN_2 }}\n  password:\n    secretKeyRef: {name: "
        "db-access-2, key: password1}\n```",
        "```yaml\nkind: SealedSecret\nspec:\n  encryptedData:\n    password: " + made_up(86) + "\n```",
        "```js\nconst TOKEN_KEY_V2 = 'session.token.key.v2';\n```",
    ),
)
THOUGHT_UP = Rule(
    id="secrets.weak_password",
    hazard=Hazard.SECRET_EXPOSURE,
    title="A password that somebody thought up, written where it is used",
    confidence=0.7,
    examples=(
        "```js\nconst pool = new Pool({ host: 'db', user: 'shop', password: 'Summer" + "2024!' });\n```",
        "```python\nPASSWORD = 'adm" + "in123'\n```",
        "```js\nconst t = jwt.sign({ id: user.id }, 'shop-signing-phrase');\n```",
        "```js\napp.use(session({ secret: 'keyboard cat', resave: false }));\n```",
        "```js\nconst secret = process.env.JWT_SECRET || 'shop-signing-phrase';\n```",
        "```sql\nCREATE USER reporting WITH PASSWORD 'Rep0rts!';\n```",
    ),
    lookalikes=(
        "```js\nconst labels = { password: 'Password', hint: 'At least 8 characters' };\n```",
        "```js\nif (!password) errors.password = 'required';\n```",
        "```js\ndescribe('login', () => {\n  it('refuses', () => login({ password: 'Wr0ng!pass' }));\n});\n```",
        '```html\n<input type="password" name="password" placeholder="Password1!">\n```',
        "```js\nconst t = jwt.sign({ id: user.id }, process.env.JWT_SECRET);\n```",
        "```yaml\nPOSTGRES_PASSWORD: postgres\n```",
        "```python\npassword = request.form['password']\n```",
        "```js\nconst schema = { password: 'string', passwordMinLength: '8' };\n```",
    ),
)
RULES: tuple[Rule, ...] = (ASSIGNED, THOUGHT_UP)

_VALUE = (
    r"(?:[fbru@]?\"([^\"\n]{4,256})\"|[fbru]?'([^'\n]{4,256})'|`([^`\n$]{4,256})`|"
    r"([A-Za-z0-9+/_~^&*!?#%@.$=-]{6,256})(?:[ \t]*[,;}]?[ \t]*(?:\r?\n|$|#|//)|[ \t]+[A-Za-z./$(\\]))"
)
_ASSIGNED = compile_pattern(
    rf"(?i)({NAME})[\"'`]?\]?(?:[ \t]*(?::[ \t]*(?:str|string|&str|const char\*?)[ \t]*=|=>|:=|={{1,3}}|\|\|=|\?\?=|:)|"
    rf"(?:[\"'`][ \t]*,|[\"']?\s*[{{,]?\s*(?:type\s*=\s*string\s*)?(?:default|value)[\"'`]?[ \t]*[:=]))[ \t]*{_VALUE}"
)
_DEFAULTED = compile_pattern(
    rf"(?i)(?:process\.env\.(\w{{0,40}}(?:{CHOSEN_WORDS}|{ISSUED_WORDS})\w{{0,20}})[ \t]*(?:\|\||\?\?)|"
    rf"(?:environ\.get|getenv|\benv|\bconfig|env\.get)\([ \t]*[\"'](\w{{0,40}}(?:{CHOSEN_WORDS}|"
    rf"{ISSUED_WORDS})\w{{0,20}})[\"'][ \t]*"
    r"(?:,(?:[ \t]*default[ \t]*=)?|\)[ \t]*(?:or\b|\|\||\?\?|\?:)))[ \t]*[\"'`]([^\"'`\n$]{4,200})[\"'`]|"
    rf"\$\{{(\w{{0,40}}(?:{CHOSEN_WORDS}|{ISSUED_WORDS})\w{{0,20}}):-([^}}\n$]{{4,200}})\}}"
)
_SIGNING = compile_pattern(
    r"(?im)\bjwt\.(?:sign|verify|encode|"
    r"decode)\([^;\n]{1,160}?,[ \t]*(?:key[ \t]*=[ \t]*)?[\"'`]([^\"'`\n$]{3,200})[\"'`]|"
    r"\b(?:session|cookieSession|expressSession|"
    r"expressJwt)\([^;)]{0,160}?secret[\"']?[ \t]*:[ \t]*[\"'`]([^\"'`\n$]{3,200})[\"'`]|"
    r"\bcookieParser\([\"'`]([^\"'`\n$]{3,200})[\"'`]|"
    r"\bcreateHmac\([\"'`]\w+[\"'`],[ \t]*[\"'`]([^\"'`\n$]{3,200})[\"'`]|"
    r"(?:secret_key_base|app\.secret_key|\[[\"']secret_key|^secret_key|jwt_?secret(?:_?key)?|"
    r"session_?secret)[\"'\]]*[ \t]*[:=][ \t]*[\"']([^\"'\n$]{4,200})[\"']"
)
_IN_SQL = compile_pattern(
    r"(?i)\b(?:create|alter)(?:\s|/\*[^*]*\*/)+(?:user|role|login)[\s/][^;]{1,160}?password[\s=/*x]*'([^'\n]{4,128})'|"
    r"\bidentified\s+(?:with\s+\w+\s+)?by\s+'([^'\n]{4,128})'|\bset\s+password\s[^;']{0,80}'([^'\n]{4,128})'"
)
_TOLD = compile_pattern(
    r"(?i)\b(password|passphrase|passcode|pwd|(?:api|secret|access|auth|signing)[ -]?key|(?:api|access|bot|"
    r"deploy)[ -]?token|token|"
    r"secret|credentials?|login|log in|sign in)\b[\"'*`)]{0,2}(?:(?:\s+(?:for|of|on)\s+[\w .@/-]{1,40}?)?"
    r"(?:\s+(?:is(?:\s+now)?|was|will\s+be|to|set\s+to|using|are|with|as)\s+|\s*[=:]\s*)|\s+)"
    r"([\w.@-]{2,40}[ \t]*[/:|][ \t]*)?[\"'`*]{0,2}([^\s\"'`*,;<>()@][^\s\"'`*,;<>()]{5,200})"
)
_ANY = SIGNS.add(rf"(?i){ANY}|log ?in|sign ?in")
_TESTING = compile_pattern(
    r"\b(?:describe|it|test|expect|context)\s*[.(]|def test_|@pytest|@Test\b|unittest|func Test[A-Z]|"
    r"assert[A-Z(_ ]|\bmock|faker\."
)
_TEST_FILE = compile_pattern(
    r"(?i)(?:^|/)(?:tests?|__tests__|specs?|docs?|examples?|samples?|fixtures|e2e)/|[._](?:test|spec)\.\w+$"
)
_SEALED = compile_pattern(
    r"(?m)^kind: SealedSecret\b(?s:.*)^[ \t]+encryptedData:[ \t]*\n(?:[ \t]{3,}[^\n]*\n)*[^\n]*\z"
)
_AROUND = 600
_CODE = ("javascript", "python", "go", "ruby", "sql", "rego")
_LEAST_SIGNING = 6
_JOINING = (b"-", b"_", b".", b":", b"/")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the values that a proposal gives away as passwords, keys and tokens."""
    if not document.shows(_ANY):
        return
    seen: set[int] = set()
    for pattern, judge in _JUDGES:
        matches = pattern.finditer(document.reading)
        yield from examine(document, matches, partial(_judged, document, judge, seen), kinds=len(RULES))


def _judged(document: Document, judge: _Judge, seen: set[int], match: Match) -> Finding | None:
    start, end = _place(match)
    if start in seen or is_token(document.reading[start:end]):
        return None
    rule = judge(document, match, (start, end))
    if rule is None:
        return None
    seen.add(start)
    return rule.finding(document, match.start(), start)


def _place(match: Match) -> Span:
    """Where the value stands: the last group that took part."""
    groups = match.groups()
    last = max(number for number, value in enumerate(groups, start=1) if value is not None)
    return match.span(last)


def _assigned(document: Document, match: Match, at: Span) -> Rule | None:
    name, value = match.group(1), document.reading[at[0] : at[1]]
    if names_something_else(name) or is_placeholder_password(value) or _is_sealed(document, at[0]):
        return None
    if is_digest(value):
        return None if is_password_name(name) else ASSIGNED
    bare = match.start(5) >= 0
    if bare and _stands_in_code(document, at[0]):
        return ASSIGNED if _is_generated(value) else None
    if _is_generated(value):
        return ASSIGNED
    thought_up = is_password_name(name) and looks_thought_up(value) and not is_public(value)
    return THOUGHT_UP if thought_up and not _is_tested(document, at[0]) else None


def _is_sealed(document: Document, at: int) -> bool:
    """Tell whether a value is one that only a cluster can open."""
    return _SEALED.search(document.reading[max(0, at - _AROUND) : at]) is not None


def _defaulted(document: Document, match: Match, at: Span) -> Rule | None:
    name = next(each for each in match.groups() if each is not None)
    if names_something_else(name):
        return None
    return _used(document, match, at)


def _used(document: Document, match: Match, at: Span) -> Rule | None:
    value = document.reading[at[0] : at[1]]
    if is_placeholder_password(value) or is_public(value) or len(value) < _LEAST_SIGNING:
        return None
    if _is_generated(value) or is_digest(value):
        return ASSIGNED
    return None if _is_tested(document, at[0]) or value.isupper() else THOUGHT_UP


def _in_sql(document: Document, match: Match, at: Span) -> Rule | None:
    value = document.reading[at[0] : at[1]]
    if is_placeholder_password(value) or is_public(value) or is_common_word(value):
        return None
    return ASSIGNED if _is_generated(value) else THOUGHT_UP


def _told(document: Document, match: Match, at: Span) -> Rule | None:
    value = document.reading[at[0] : at[1]].rstrip(b".:!?")
    if document.reading[max(0, match.start() - 1) : match.start()] in _JOINING:
        return None
    if is_placeholder_password(value) or is_public(value) or _stands_in_code(document, at[0]):
        return None
    if _is_sealed(document, at[0]):
        return None
    if _is_generated(value):
        return ASSIGNED
    named = is_password_name(match.group(1)) or match.start(2) >= 0
    told = named and looks_thought_up(value) and any(48 <= byte <= 57 for byte in value)
    return THOUGHT_UP if told else None


_Judge = Callable[[Document, Match, Span], Rule | None]
_JUDGES: tuple[tuple[Pattern, _Judge], ...] = (
    (_ASSIGNED, _assigned),
    (_DEFAULTED, _defaulted),
    (_SIGNING, _used),
    (_IN_SQL, _in_sql),
    (_TOLD, _told),
)


def _is_generated(value: bytes) -> bool:
    return looks_random(value) and not is_placeholder(value) and not is_public(value)


def _stands_in_code(document: Document, at: int) -> bool:
    artifact = document.artifact_at(at)
    return artifact is not None and artifact.language in _CODE


def _is_tested(document: Document, at: int) -> bool:
    """Tell whether a value belongs to a test: nobody's password is given away there."""
    artifact = document.artifact_at(at)
    if artifact is not None and _TEST_FILE.search(artifact.path.encode("ascii")) is not None:
        return True
    around = document.reading[max(0, at - _AROUND) : at + _AROUND // 2]
    return _TESTING.search(around) is not None
