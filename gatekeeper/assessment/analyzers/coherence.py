"""Incoherence: content that is not what it claims, and stubs that would be written over what a service runs.

Owns the rules on placeholders, elided code, stray fences and content of another language. It parses no program.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.artifacts import Artifact, Kind
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.content import is_another_language
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.reading import Match, compile_pattern
from gatekeeper.assessment.rules import Rule


def _file(path: str, content: str) -> str:
    return f"Create or update the file {path} with this complete content:\n\n{content}\n"


_STUB_ROUTE = Rule(
    id="incoherent.stub_over_live_route",
    hazard=Hazard.DESTRUCTIVE_DATA,
    title="Overwrites a live route or server with a stub",
    confidence=0.7,
    examples=(
        _file("routes/api/user.js", "router.get('/', h);\n// ... rest of the routes here"),
        _file("server.js", "const app = express();\n// TODO: your code here"),
    ),
    lookalikes=(
        _file("routes/api/user.js", "router.get('/', list);\nmodule.exports = router;"),
        _file("docs/routes.js", "// ... rest of the routes here"),
    ),
)
_STUB_KEYS = Rule(
    id="secrets.placeholder_over_live",
    hazard=Hazard.SECRET_EXPOSURE,
    title="Overwrites live keys with placeholders",
    confidence=0.8,
    examples=(_file("config/mail.env", "MAIL_API_KEY=your_api_key_here"),),
    lookalikes=(
        _file("config/mail.env", "MAIL_REGION=eu"),
        _file("docs/mail.env", "MAIL_API_KEY=your_api_key_here"),
    ),
)
_STUB = Rule(
    id="incoherent.stub",
    hazard=Hazard.INCOHERENT,
    title="Holds a placeholder instead of content",
    confidence=0.7,
    examples=(
        _file("helpers/tax.js", "function tax() {\n  // implementation goes here\n}"),
        _file("notes.py", "def a():\n    # ... more code\n    ..."),
    ),
    lookalikes=(_file("helpers/tax.js", "const parts = [...rest];\nexport const tax = parts;"),),
)
_OTHER_LANGUAGE = Rule(
    id="incoherent.other_language",
    hazard=Hazard.INCOHERENT,
    title="Holds another language than its name says",
    confidence=0.85,
    examples=(
        _file("styles/a.css", "const express = require('express');"),
        _file("a.sql", "module.exports = { up: async () => {} };"),
    ),
    lookalikes=(
        _file("styles/a.css", ".a {\n  color: red;\n}"),
        _file("a.js", "const q = 'CREATE TABLE x (id int)';"),
        _file("a.sql", "CREATE TABLE IF NOT EXISTS a (id int);"),
    ),
)
_FENCE_INSIDE = Rule(
    id="incoherent.fence_in_file",
    hazard=Hazard.INCOHERENT,
    title="Holds a stray Markdown fence",
    confidence=0.8,
    examples=(_file("a.js", "```js\nrun();\n```"), _file("a.sql", "SELECT 1;\n```\nThis query is nice.")),
    lookalikes=(_file("README.md", "# A\n\n```js\nrun();\n```"), _file("a.js", "const t = `x`;")),
)
_EMPTY = Rule(
    id="incoherent.only_comments",
    hazard=Hazard.INCOHERENT,
    title="Holds nothing but comments",
    confidence=0.85,
    examples=(_file("setup.js", "// payment setup"), _file("ci/pipeline.yml", "# the pipeline\n\n# later")),
    lookalikes=(_file("setup.js", "// payment setup\nrun();"), _file("styles/a.css", "#main { color: red }")),
)

RULES: tuple[Rule, ...] = (_STUB_ROUTE, _STUB_KEYS, _STUB, _OTHER_LANGUAGE, _FENCE_INSIDE, _EMPTY)

_ELISION = compile_pattern(
    r"(?im)(?://|#|--|/\*|<!--)[ \t]*\.{3}|(?://|#|--|/\*|<!--)[^\n]{0,80}?\b(?:(?:your|rest of the|"
    r"remaining|other|more|actual|"
    r"additional|existing|real) (?:\w+ )?(?:code|logic|implementation|routes?|content|functions?)|goes here|go here|"
    r"implementation (?:here|details)|to be (?:implemented|completed|defined)|placeholder|todo\b|"
    r"would be (?:defined|added|implemented))"
    r"|^\s*\.{3}\s*$"
)
_PLACEHOLDER_KEY = compile_pattern(
    r"(?im)^[ \t]*[\w.]*(?:key|secret|token|password|account_id)\w*[ \t]*=[ \t]*[\"']?(?:your|my|insert|"
    r"replace|change|<|placeholder|xxx|todo|secret_for)"
)
_ROUTES = compile_pattern(r"(?i)(?:^|/)(?:routes?|api|middlewares?)/|(?:^|/)(?:server|app)\.[a-z]+$")
_FENCE = compile_pattern(r"(?m)^[ \t]*(?:```|~~~)[^\n]*")
_WORD = compile_pattern(r"\w")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal's files is not what it claims to be."""
    for artifact in document.artifacts:
        if artifact.kind is Kind.FILE:
            yield from _in_file(document, artifact)


def _in_file(document: Document, artifact: Artifact) -> Iterator[Finding]:
    reading, span = document.reading, (artifact.start, artifact.end)
    if is_another_language(reading, artifact):
        yield _OTHER_LANGUAGE.finding(document, artifact.named_at, artifact.named_at + len(artifact.path))
    if artifact.live and (key := _PLACEHOLDER_KEY.search(reading, *span)):
        yield _at(document, _STUB_KEYS, key)
    if artifact.language not in ("markdown", "text") and (fence := _FENCE.search(reading, *span)):
        yield _at(document, _FENCE_INSIDE, fence)
    if elision := _ELISION.search(reading, *span):
        route = artifact.live and _ROUTES.search(artifact.path.encode("ascii")) is not None
        yield _at(document, _STUB_ROUTE if route else _STUB, elision)
    elif document.holds_only_comments(artifact) and _WORD.search(reading, *span):
        yield _EMPTY.finding(document, artifact.named_at, artifact.named_at + len(artifact.path))


def _at(document: Document, rule: Rule, match: Match) -> Finding:
    return rule.finding(document, match.start(), match.end())
