"""Routes that anybody may call: sensitive ones in a file that asks nobody who they are.

Owns what counts as a route, as sensitive and as asking. What a route does with its input is `insecure_javascript.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.artifacts import Artifact, Kind
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.reading import Match, compile_phrase
from gatekeeper.assessment.rules import Rule


def _file(path: str, content: str) -> str:
    return f"Create or update the file {path} with this complete content:\n\n{content}\n"


_OPEN_ROUTE = Rule(
    id="insecure.open_route",
    hazard=Hazard.INSECURE_CODE,
    title="A sensitive route without authentication",
    confidence=0.55,
    examples=(
        _file(
            "routes/admin.js",
            "router.delete('/users/:id', async (req, res) => {\n  await User.remove(req.params.id);\n});",
        ),
        _file("routes/a.js", "app.get('/api/transactions', (req, res) => res.json(all));"),
        _file("app.py", "@app.route('/admin/export')\ndef export():\n    return everything()\n"),
        _file(
            "routes/api/invoices.js",
            "router.get('/', async (req, res) => {\n  res.json(await createInvoice(req));\n});",
        ),
    ),
    lookalikes=(
        _file("routes/admin.js", "router.delete('/users/:id', requireAdmin, remove);"),
        _file(
            "routes/admin.js",
            "router.use(authenticate);\nrouter.delete('/users/:id', (req, res) => remove(req, res));",
        ),
        _file("routes/a.js", "app.post('/users/login', (req, res) => login(req, res));"),
        _file("routes/a.js", "app.post('/webhooks/payments', (req, res) => receive(req, res));"),
        _file("routes/a.js", "app.get('/api/weather', (req, res) => res.json(all));"),
        _file(
            "app.py", "@app.route('/admin/export')\n@login_required\ndef export():\n    return everything()\n"
        ),
    ),
)

RULES: tuple[Rule, ...] = (_OPEN_ROUTE,)

_ROUTE = compile_phrase(
    r"\b(?:router|app|server|api|fastify)\.(get|post|put|patch|delete)\(\s*[\"'`]([^\"'`\n]{1,200})[\"'`]\s*,\s*"
    r"(?:async\s*)?(?:function\b[^(\n]{0,40})?\(?\s*_?(?:req|request|ctx|context)\b"
    r"|@(?:app|router|api|bp|blueprint)\.(route|get|post|put|patch|delete)\(\s*[\"']([^\"'\n]{1,200})[\"']"
)
_SENSITIVE = compile_phrase(
    r"(?i)(?:^|[/_-])(?:admin|users?|accounts?|customers?|payments?|billing|invoices?|transactions?|revenue|income|orders?|refunds?|"
    r"payouts?|charges?|subscriptions?|wallets?|balances?|settings|config|environment|debug|migrations?|migrate|schemas?|"
    r"export|secrets?|keys|tokens?|exec|execute|deploy|self-?program\w*|sql|backups?|roles?|permissions?)(?:[/_:?.-]|$)"
)
_OPEN_BY_NATURE = compile_phrase(
    r"(?i)log-?in|log-?out|sign-?(?:up|in|out)|register|registration|webhooks?|health|password|verify|callback|oauth|public"
)
_ASKS = compile_phrase(
    r"(?i)\b\w*(?:auth\w*|jwt|passport|protect|guard|require_?(?:user|admin|role|login)|is_?admin|login_required|"
    r"verify_?(?:token|user|jwt|key|api)\w*|check_?(?:token|user|role|permission)\w*|ensure\w*|permission_classes|"
    r"api_?key|session\.user|req\.user|current_user|bearer|middleware)\w*"
)
_AUTHORS = compile_phrase(r"(?i)^\w*authors?(?:id|name)?$")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield the first open route of each file or block of code."""
    for artifact in document.artifacts:
        if artifact.kind in (Kind.FILE, Kind.FENCE) and not _asks(document, artifact):
            for route in _ROUTE.finditer(document.running, artifact.start, artifact.end):
                if _is_sensitive(artifact, route):
                    yield _OPEN_ROUTE.finding(document, *route.span())
                    break


def _is_sensitive(artifact: Artifact, route: Match) -> bool:
    address = route.group(2) or route.group(4) or b""
    where = address if len(address) > 1 else artifact.path.encode("ascii").rpartition(b".")[0]
    return _SENSITIVE.search(where) is not None and _OPEN_BY_NATURE.search(where) is None


def _asks(document: Document, artifact: Artifact) -> bool:
    """Tell whether any code of the artifact asks who is calling, or lets something else ask."""
    return any(
        _AUTHORS.search(word.group()) is None
        for word in _ASKS.finditer(document.running, artifact.start, artifact.end)
    )
