"""Events of payments that anybody could send: webhooks that check no signature, or check it against a told secret.

Owns what counts as a payment webhook and as checking it, in the languages of the field.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.assessment.analyzers.payments.calls import blocks_of_code
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import compile_phrase

_UNVERIFIED = Rule(
    id="finance.unverified_webhook",
    hazard=Hazard.FINANCIAL_FLOW,
    title="Accepts payment events without checking their signature",
    confidence=0.75,
    examples=(
        "```js\napp.post('/webhook', (req, res) => { if (req.body.type === 'payment_intent.succeeded') "
        "ship(); });\n```",
        "```python\n@app.post('/stripe/webhook')\ndef hook():\n    event = request.get_json()\n    fulfil(event)\n```",
        "```php\n<?php\n$event = json_decode(file_get_contents('php://input'));\n"
        "if ($event->type == 'charge.succeeded') { ship($event); }\n```",
        '```go\nhttp.HandleFunc("/webhook", func(w http.ResponseWriter, r *http.Request) {\n'
        "\tjson.NewDecoder(r.Body).Decode(&stripeEvent)\n})\n```",
        in_file(
            "pages/api/webhook.ts",
            "export default async function handler(req, res) {\n  if (req.body.type === 'invoice.paid') grant();\n}",
        ),
    ),
    lookalikes=(
        "```js\napp.post('/webhook', (req, res) => { const event = "
        "stripe.webhooks.constructEvent(req.body, sig, key); });\n```",
        "```js\napp.post('/orders', (req, res) => { save(req.body.payment); });\n```",
        "```js\napp.post('/webhook', (req, res) => { if (req.body.action === 'opened') label(); });\n```",
        "```python\n@app.post('/webhook')\ndef hook():\n    if not hmac.compare_digest(expected, given):\n"
        "        abort(400)\n    pay(request.get_json())\n```",
        "```php\n<?php\n$event = \\Stripe\\Webhook::constructEvent(file_get_contents('php://input'), $sig, $key);\n```",
    ),
)
_TOLD_SECRET = Rule(
    id="finance.told_webhook_secret",
    hazard=Hazard.FINANCIAL_FLOW,
    title="Checks payment events against a secret that stands in the code",
    confidence=0.7,
    examples=(
        "```js\nconst event = stripe.webhooks.constructEvent(req.body, signature, 'my-secret');\n```",
        "```python\nevent = stripe.Webhook.construct_event(payload, header, 'my-secret')\n```",
    ),
    lookalikes=(
        "```js\nconst event = stripe.webhooks.constructEvent(req.body, signature, process.env.SECRET);\n```",
        "```js\nconst event = stripe.webhooks.constructEvent(req.body, req.headers['stripe-signature'], secret);\n```",
    ),
)

_FORGEABLE = Rule(
    id="insecure.forgeable_events",
    hazard=Hazard.INSECURE_CODE,
    title="Believes payment events that anybody could send",
    confidence=0.6,
    examples=(
        "```js\napp.post('/webhook', (req, res) => { if (req.body.type === 'payment_intent.succeeded') "
        "ship(); });\n```",
    ),
    lookalikes=(
        "```js\napp.post('/webhook', (req, res) => { const event = "
        "stripe.webhooks.constructEvent(req.body, sig, key); });\n```",
    ),
)

RULES: tuple[Rule, ...] = (_UNVERIFIED, _TOLD_SECRET, _FORGEABLE)

_HOOK = SIGNS.add(r"(?i)web_?-?hook|\bipn\b|php://input|stripe_event|notification_?url")
_ROUTE = compile_phrase(
    r"(?i)\.(?:post|all|use|route)\(\s*[\"'`][^\"'`\n]*(?:webhook|ipn|stripe[/_-]events?)[^\"'`\n]*[\"'`]"
    r"|@(?:\w+\.)?(?:route|post|api_view|PostMapping|"
    r"RequestMapping)\(\s*(?:value\s*=\s*)?[\"'][^\"'\n]*(?:webhook|ipn)[^\"'\n]*[\"']"
    r"|\bdef \w*(?:webhook|stripe_event|paypal_ipn)\w*\(|\b(?:HandleFunc|POST|Post)\(\s*\"[^\"\n]*webhook[^\"\n]*\""
    r"|\bpost\s+[\"'][^\"'\n]*webhook[^\"'\n]*[\"']|\bRoute::post\(\s*[\"'][^\"'\n]*webhook[^\"'\n]*[\"']|php://input"
)
_HOOK_PATH = compile_phrase(
    r"(?i)(?:^|/)(?:pages/api|app|api|functions|netlify/functions|server/api)/(?:[^/]+/)*[^/]*webhook"
)
_ENTRY = compile_phrase(
    r"\bexport (?:default (?:async )?function|async function POST|const POST|default \w+)|\bexports\.handler"
)
_PAYMENT = compile_phrase(
    r"(?i)stripe|paypal|payment|charge\.|invoice|paddle|adyen|razorpay|mollie|checkout\.session|subscription"
)
_READS = compile_phrase(
    r"(?i)\b(?:req|request|ctx\.request|event|c|r|ctx)\.(?:raw_?)?(?:body|json|data|get_json|read|form|post|"
    r"text|query|params)\b|"
    r"\bJSON\.parse\(|\bjson\.loads\(|\bjson_decode\(|\bJSON\.parse\b|\bjson\.(?:NewDecoder|Unmarshal)\(|"
    r"\bpayload\b|\bBody\b|"
    r"\bBindJSON\(|@RequestBody|php://input"
)
_VERIFIES = compile_phrase(
    r"(?i)construct_?event|(?:verif|validat|check|authenticat)\w*_?(?:[a-z]+_?){0,2}(?:signature|header|hmac|"
    r"webhook|event|"
    r"ipn|request|origin)|timing_?safe_?equal|compare_digest|create_?hmac|hash_hmac|hmac\.(?:new|equal|compare)|"
    r"secure_?compare|hash_equals|unwrap\(|verifyWebHookSignature|subtle\.verify|cmd=_notify-validate|webhook_?auth"
)
_CHECKED_AGAINST = compile_phrase(
    r"(?i)\bconstruct_?event\(\s*[^;,()]{1,80},\s*[^;,]{1,80},\s*[\"'][^\"'\n]{4,120}[\"']"
)


def analyze(document: Document, *, outside: Sequence[Span] = ()) -> Iterator[Finding]:
    """Yield the payment webhooks that check nothing or with a told secret, `outside` the given spans."""
    if not document.shows(_HOOK):
        return
    for span in blocks_of_code(document, outside):
        told = _CHECKED_AGAINST.search(document.running, *span)
        if told is not None:
            yield _TOLD_SECRET.finding(document, *told.span())
        hook = _hook_of(document, span)
        if hook is None or _VERIFIES.search(document.running, *span) is not None:
            continue
        if _PAYMENT.search(document.running, *span) and _READS.search(document.running, *span):
            yield _UNVERIFIED.finding(document, *hook)
            yield _FORGEABLE.finding(document, *hook)


def _hook_of(document: Document, span: Span) -> Span | None:
    """Return where a block of code takes the events of a webhook in, None where it takes none."""
    route = _ROUTE.search(document.running, *span)
    if route is not None:
        return route.span()
    artifact = document.artifact_at(span[0])
    if artifact is None or _HOOK_PATH.search(artifact.path.encode("ascii")) is None:
        return None
    entry = _ENTRY.search(document.running, *span)
    return None if entry is None else entry.span()
