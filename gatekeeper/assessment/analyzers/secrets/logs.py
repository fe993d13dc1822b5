"""Secrets that leave where they are kept: printed, logged, answered, put into addresses and files, committed.

Owns the sinks and the reading of their arguments: a name counts where its value is used, not as a word of a message,
and not when only a mask, a length or a digest of it is shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.code.call_arguments import EXAMINED_CALLS, argument_end, is_made, used_names
from gatekeeper.assessment.prefilter import RULE_PATTERNS
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where, examine
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import Match, compile_pattern

_LOGGED = Rule(
    id="secrets.logged",
    hazard=Hazard.SECRET_EXPOSURE,
    title="Prints or logs a password, key or token",
    confidence=0.8,
    examples=(
        "```js\nconsole.log('password', password);\n```",
        "```py\nprint(f'key {api_key}')\n```",
        "```js\nlogger.info(`Authorization: ${req.headers['authorization']}`);\n```",
        "```js\nlogger.debug({ user, accessToken });\n```",
        '```go\nlog.Printf("token %s", token)\n```',
        "```js\nres.json({ key: process.env.STRIPE_SECRET_KEY });\n```",
    ),
    lookalikes=(
        "```js\nlogger.info('password reset requested');\n```",
        "```js\nlogger.info({ token: '[REDACTED]', used: usage.total_tokens });\n```",
        "```js\nlogger.info('token', mask(token), token.length);\n```",
        "```js\nres.json({ token, expiresIn: 900 });\n```",
        "```py\nprint(f'{num_tokens} tokens for {prompt_name}')\n```",
        "```js\nconsole.log('key set:', Boolean(process.env.STRIPE_SECRET_KEY));\n```",
        "```js\n// console.log(password)\nlogin(password);\n```",
    ),
)


def _rule(
    name: str, title: str, where: Where, pattern: str, examples: tuple[str, ...], lookalikes: tuple[str, ...]
) -> PatternRule:
    return PatternRule(
        f"secrets.{name}", Hazard.SECRET_EXPOSURE, title, 0.7, examples, lookalikes, pattern, where
    )


_IDENTIFIER = r"(?:[a-z_]*(?:password|passwd|secret|api_?key|access_?token|auth_?token|private_?key|token))"
_PATTERN_RULES = (
    _rule(
        "echoed",
        "Prints a secret in a shell or a pipeline",
        Where.ANYWHERE,
        r"(?i)\b(?:echo|printf)\s[^\n|>&;:]{0,80}(?::\s[^\n|>&;]{0,40})?\$(?:\{\{\s*secrets\.\w+\s*\}\}|"
        r"\{?\w{0,40}(?:password|passwd|secret|token|api_?key|access_?key|stripe_key|"
        r"private_?key)(?:_?(?:access|key|value|id|prod\w*|live|staging|test|main|"
        r"\d+)){0,4}\}?)[\"']?[ \t]*(?:\r?\n|$|;|&&)|\b(?:printenv|env|"
        r"set)\s*\|\s*grep\s+(?:-\w+\s+)?[\"']?\w*(?:password|secret|token|key)",
        (
            '```sh\necho "Password is $DB_PASSWORD"\n```',
            "```sh\necho $AWS_SECRET_ACCESS_KEY\n```",
            "```yaml\n- run: echo ${{ secrets.DEPLOY_TOKEN }}\n```",
            "```sh\nprintenv | grep SECRET\n```",
        ),
        (
            '```sh\necho "$TOKEN" | docker login --password-stdin\n```',
            '```sh\necho "::add-mask::$TOKEN"\n```',
            '```sh\necho "Password updated"\n```',
            '```sh\necho "TOKEN_FILE is $TOKEN_FILE"\n```',
            '```sh\necho "$KEY_FILE is there, $TOKEN_COUNT tokens"\n```',
        ),
    ),
    _rule(
        "in_address",
        "Sends a secret inside an address",
        Where.ANYWHERE,
        r"(?i)\b(?:fetch|axios(?:\.\w+)?|requests\.\w+|httpx\.\w+|got(?:\.\w+)?|http\.(?:get|post)|urlopen|"
        r"superagent\.\w+|curl)\b[\s(]{1,4}f?[\"'`]?"
        r"https?://[^\s\"'`]{3,200}[?&](?:api_?key|access_?token|auth_?token|token|secret|password|client_secret)="
        rf"(?:\$\{{?|\{{|[\"']\s*\+\s*|#\{{)(?:[\w.]{{0,40}}\.)?{_IDENTIFIER}",
        (
            "```js\nfetch(`https://feed.shop.io/v1?api_key=${apiKey}`);\n```",
            "```py\nrequests.get(f'http://feed.shop.io/?access_token={access_token}')\n```",
        ),
        (
            "```js\nfetch(`/api/items?page=${page}`);\n```",
            "```js\nsendMail(user, `https://shop.io/reset?token=${resetToken}`);\n```",
            "```js\nfetch('https://feed.shop.io/v1', { headers: { Authorization: `Bearer ${token}` } });\n```",
        ),
    ),
    _rule(
        "written_down",
        "Writes a secret into a file or a browser's store",
        Where.ANYWHERE,
        rf"(?i)\b(?:writeFile|"
        rf"appendFile)(?:Sync)?\([^,\n]{{1,80}},\s*(?:`[^`]{{0,80}}\$\{{)?(?:[\w.]{{0,40}}\.)?{_IDENTIFIER}\s*[,)}}+]|"
        r"\b(?:localStorage|sessionStorage)\.setItem\([^,\n]{1,60},\s*(?:[\w.]{0,40}\.)?(?:password|passwd|"
        r"secret|api_?key|private_?key)\b|"
        r"\bdocument\.cookie\s*=[^;\n]{0,60}(?:password|secret|api_?key)\b",
        (
            "```js\nfs.writeFileSync('/tmp/t.txt', accessToken);\n```",
            "```js\nlocalStorage.setItem('pw', user.password);\n```",
        ),
        (
            "```js\nfs.writeFileSync('/tmp/t.txt', tokenCount);\n```",
            "```js\nlocalStorage.setItem('theme', theme);\n```",
        ),
    ),
    _rule(
        "committed_environment",
        "Puts an environment file with its secrets into the repository or the image",
        Where.ANYWHERE,
        r"(?i)\bgit\s+add\s+(?:-f\s+|--force\s+)?[^\n;&|#]{0,60}?\.env(?:\.(?:production|prod|live|local|"
        r"staging))?(?:\s|$)|"
        r"(?:^|\n)[ \t]*(?:COPY|ADD)\s+(?:--\S+\s+)?\.env(?:\.(?:production|prod|live))?\s|"
        r"\b(?:commit|check in|push|upload)s?\s+(?:the|our|a)\s+`?\.env`?(?:\.(?:production|prod|"
        r"live))?`?\s+(?:file|to|into)\b",
        (
            "```sh\ngit add -f .env && git commit -m env\n```",
            "```dockerfile\nFROM node:22\nCOPY .env .\n```",
            "Commit the .env file to the repository.",
        ),
        (
            "```sh\ngit add .env.example\n```",
            "```dockerfile\nFROM node:22\nCOPY .env.example .\n```",
            "Never commit the .env file to the repository.",
        ),
    ),
    _rule(
        "logs_in_words",
        "Says that secrets will be logged or printed",
        Where.PLAN,
        r"(?i)\b(?:log|print|dump|output|display|echo|write|record)s?\b[^.\n]{0,70}\b(?:passwords?|api keys?|"
        r"secret keys?|access tokens?|auth(?:orization)? (?:tokens?|headers?)|"
        r"bearer tokens?|credentials|secrets|card numbers?|private keys?)\b[^.\n]{0,40}\b(?:in (?:plain|"
        r"clear)(?: |-)?text|unmasked|unredacted|to (?:the )?(?:console|stdout|log|logs)|"
        r"at (?:startup|boot)|for (?:easier )?(?:debugging|troubleshooting|support)|so that)\b",
        (
            "We will log the user's password in plain text.",
            "Print the API key at startup so that support can copy it.",
            "Log every authorization header to the console.",
        ),
        (
            "We never log passwords in plain text.",
            "Log failed password attempts.",
            "Write the tests so that passwords are checked.",
        ),
    ),
)

RULES: tuple[Rule, ...] = (_LOGGED, *_PATTERN_RULES)
_SCANNER = Scanner(_PATTERN_RULES)

_LOG = (
    r"(?:\bconsole\.(?:log|info|warn|error|debug|dir|table|trace)|(?i:\b(?:[\w.]{0,30}log(?:ger|ging|rus)?|"
    r"winston|pino|bunyan|slog|zap|syslog))"
    r"\.(?:log|info|warn|warning|error|debug|trace|fatal|notice|critical|exception|print(?:f|ln)?|Print(?:f|"
    r"ln)?|Info(?:f|w)?|Debug(?:f|w)?|"
    r"Warn(?:f|w)?|Error(?:f|w)?|Fatal(?:f|ln)?)|\bprint(?:ln|f)?!?|\be?println!|\bfmt\.(?:Print|Fprint|"
    r"Sprint)(?:f|ln)?|\bSystem\.(?:out|err)\.print(?:ln|f)?|"
    r"\bvar_dump|\berror_log|\bConsole\.Write(?:Line)?)\s*\(|\bputs\s|\bdbg!\("
)
_ANSWER = (
    r"\b(?:res|response|reply|ctx)(?:\.status\([0-9]+\))?\.(?:send|json|end|write)\(|\bjsonify\(|"
    r"\bctx\.body\s*=\s"
)
_SINK = RULE_PATTERNS.add(rf"({_LOG})|({_ANSWER})")
_GUARDED_WORDS = (
    r"password|passwd|pwd|passphrase|secret|token|api_?key|apikey|private_?key|access_?key|authorization|"
    r"credentials?|cvv|cvc|"
    r"card_?number|cardnumber|card\.number|connection_?string|database_url|set_?cookie"
)
_NAME = compile_pattern(
    rf"(?i)^(?:[\w$]+(?:\?|\(\))?\.)*[\w$]*(?:{_GUARDED_WORDS})(?:_?(?:value|plain|raw|str|string|text|key|base|"
    rf"[0-9])){{0,2}}$|"
    r"^(?:req|request|ctx\.request|ctx)\.headers$|^(?:process\.env|os\.environ)\.[\w$]*(?:key|secret|token|pass\w*)$"
)
_HARMLESS = compile_pattern(
    r"(?i)tokens$|(?:^|\.)(?:has|is|no|max|min|num|total|hashed|masked|encrypted|redacted|reset|missing|invalid|"
    r"next|csrf|use|need)(?-i:[A-Z_])\w*$|"
    r"public|publishable|(?:^|\.)(?:error|err)\.|tokeniz"
)
_ANSWERED = compile_pattern(
    r"(?i)^(?:process\.env|os\.environ|config|settings|env)\.[\w$.]*(?:secret|token|key|password)\w*$|"
    r"^(?:[\w$]+\.)+(?:password|passwd|secret|private_?key)$"
)
_REACH = 400


def analyze(document: Document) -> Iterator[Finding]:
    """Yield where a proposal lets secrets out."""
    yield from _SCANNER.scan(document)
    if document.may_match(_SINK):
        calls = RULE_PATTERNS.pattern(_SINK).finditer(document.running)
        yield from examine(document, calls, partial(_judged, document), most=EXAMINED_CALLS)


def _judged(document: Document, call: Match) -> Finding | None:
    end = argument_end(document.running, call.end(), _REACH)
    lets_out = _lets_out(document.running[call.end() : end], answers=call.start(2) >= 0)
    if not lets_out or not is_made(document, *call.span()):
        return None
    return _LOGGED.finding(document, call.start(), end)


def _lets_out(arguments: bytes, *, answers: bool) -> bool:
    wanted = _ANSWERED if answers else _NAME
    return any(
        wanted.search(name) is not None and _HARMLESS.search(name) is None for name in used_names(arguments)
    )
