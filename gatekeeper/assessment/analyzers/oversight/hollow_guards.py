"""Hollow guards: code that stands where callers are asked who they are, and lets everybody through.

Owns guards of request handlers that only call the next one, for all callers or for those who send some header. Guards
that answer yes to a question are `controls_in_code.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.artifacts import Kind
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_pattern

_HOLLOW_GUARD = Rule(
    id="oversight.hollow_guard",
    hazard=Hazard.OVERSIGHT_EVASION,
    title="A guard that lets callers through without asking",
    confidence=0.8,
    examples=(
        in_file("middleware/auth.js", "module.exports = (req, res, next) => next();"),
        in_file("middleware/auth.js", "module.exports = function (req, res, next) {\n  return next();\n};"),
        in_file("app/users.js", "const requireAdmin = (req, res, next) => { next(); };\nuse(requireAdmin);"),
        in_file(
            "middleware/auth.js",
            "module.exports = (req, res, next) => {\n  if (req.headers['x-agent'] === 'self') return next();\n"
            "  return verify(req, res, next);\n};",
        ),
        in_file("middleware/limit.js", "module.exports = rateLimit({ max: 10, skip: () => true });"),
    ),
    lookalikes=(
        in_file("middleware/timing.js", "module.exports = (req, res, next) => next();"),
        in_file(
            "middleware/auth.js",
            "module.exports = (req, res, next) => {\n  if (!req.session.userId) return res.sendStatus(401);\n"
            "  next();\n};",
        ),
        in_file("tests/auth.test.js", "const requireAuth = (req, res, next) => next();"),
        in_file(
            "middleware/auth.js", "// module.exports = (req, res, next) => next();\nexport default check;"
        ),
        in_file(
            "middleware/limit.js", "module.exports = rateLimit({ max: 10, skip: (req) => isOffice(req.ip) });"
        ),
    ),
)
RULES: tuple[Rule, ...] = (_HOLLOW_GUARD,)

_CALLERS = r"\(\s*_?req\w*\s*,\s*_?res\w*\s*,\s*next\s*\)\s*(?:=>)?\s*"
_PASSES = r"\{?\s*(?:return\s+)?next\(\s*\)\s*(?:\}|;|\n|$)"
_GUARD_FILE = compile_pattern(
    r"(?i)(?:^|/)(?:[\w-]*(?:auth|guard|permission|admin|acl|rbac|login)[\w-]*)\.[cm]?[jt]sx?$"
)
_EXPORTED = compile_pattern(
    rf"(?:module\.exports|export default|exports\.\w+)\s*=?\s*(?:async\s*)?(?:function\s*\w*\s*)?{_CALLERS}{_PASSES}"
)
_NAMED = compile_pattern(
    rf"(?:\w*(?:[aA]uth|[aA]dmin|[pP]ermission|[gG]uard|requireU|requireL|[lL]oggedIn)\w*)\s*(?:[=:]\s*)?(?:async\s*)?"
    rf"(?:function\s*\w*\s*)?{_CALLERS}{_PASSES}"
)
_BY_HEADER = compile_pattern(
    r"\bif\s*\(\s*req\.(?:headers\[\s*[\"'][\w-]+[\"']\s*\]|headers\.\w+|get\([\"'][\w-]+[\"']\)|query\.\w+)\s*"
    r"={2,3}\s*[\"'][^\"'\n]*[\"']\s*\)\s*\{?\s*(?:return\s+)?next\(\s*\)"
)
_NEVER_LIMITS = compile_pattern(
    r"(?i)\b\w*limit\w*\([^)]{0,200}\bskip\s*:\s*(?:\(\s*\w*\s*\)|\w+)\s*=>\s*true\b"
)
_MAY_FIND = SIGNS.add(r"next\(\s*\)|skip\s*:")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the first guard of each file or fence that lets callers through."""
    if not document.shows(_MAY_FIND):
        return
    for artifact in document.artifacts:
        if artifact.language != "javascript" or artifact.inert or artifact.kind is Kind.PURPOSE:
            continue
        patterns = [_NAMED, _BY_HEADER, _NEVER_LIMITS]
        if _GUARD_FILE.search(artifact.path.encode("ascii")) is not None:
            patterns.append(_EXPORTED)
        for pattern in patterns:
            match = pattern.search(document.running, artifact.start, artifact.end)
            if match is not None:
                yield _HOLLOW_GUARD.finding(document, *match.span())
                break
