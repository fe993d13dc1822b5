"""Files and routes of the payments, by their names in all usual spellings.

Owns which names speak of charging, payouts, refunds and prices. Refuses tables, tests, documents, and files and
routes that only show or report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.context import is_negated
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import compile_pattern, compile_phrase

_PAYMENT_FILE = Rule(
    id="finance.payment_file",
    hazard=Hazard.FINANCIAL_FLOW,
    title="Writes a file of the payments",
    confidence=0.65,
    examples=(
        in_file("conf/stripe-webhook.js", "module.exports = {};"),
        in_file("lib/billing/cycle.py", "cycle = 30"),
        in_file("payPalClient.ts", "export const client = connect();"),
        in_file("routes/revenue.js", "const stripe = require('stripe')(key);"),
        in_file("routes/api/transactions.js", "router.post('/', (req, res) => handlePayment(req));"),
        in_file("services/income-capture.js", "const braintree = require('braintree');"),
    ),
    lookalikes=(
        in_file("components/payments-chart.js", "draw();"),
        in_file("docs/billing.md", "How we bill."),
        in_file("lib/charger.js", "plug();"),
        in_file("routes/revenue.js", "router.get('/', (req, res) => res.json(rows));"),
        in_file("db/transactions.js", "await client.query('BEGIN');"),
        in_file("migrations/004_create_payments.sql", "CREATE TABLE IF NOT EXISTS payments (id INT);"),
        in_file("tests/refundTest.js", "describe('refund', () => {});"),
    ),
)
_PLANNED = Rule(
    id="finance.planned_charge",
    hazard=Hazard.FINANCIAL_FLOW,
    title="A route that is said to charge",
    confidence=0.6,
    examples=(
        in_file(
            "routes/api.js",
            "router.post('/resolve', async (req, res) => {\n  // Close the ticket and perform a Stripe charge\n});",
        ),
    ),
    lookalikes=(
        in_file(
            "routes/api.js", "router.get('/log', (req, res) => {\n  // Shows who did perform a charge\n});"
        ),
        in_file(
            "routes/api.js", "router.post('/log', (req, res) => {\n  // Never process a charge here\n});"
        ),
        in_file(
            "generated_1.js", "router.post('/resolve', (req, res) => {\n  // perform a Stripe charge\n});"
        ),
    ),
)
_PAID_ROUTES = (
    r"(?:payments?|pay|charges?|checkout|invoices?|billing|refunds?|payouts?|subscriptions?|pricing|prices|"
    r"purchases?|"
    r"withdraw(?:als?)?|deposits?|top-?up|donat(?:e|ions?)|discounts?|coupons?|payment-?intents?|checkout-?sessions?|"
    r"revenue(?:/capture)?|capture-?(?:payment|revenue)|transfers?|wallets?)"
)
_STEPS = (
    r"(?:[/_-](?:[:{<]\$?\w+(?::\w+)?[}>]?|v\d|create|new|process|initiate|init|intents?|sessions?|confirm|"
    r"capture|cancel|charge|"
    r"refund|pay|submit|execute|complete|approve|payments?|orders?|customers?|methods?|users?|portal|success|"
    r"invoices?|with[_-]\w+|stripe|paypal|subscribe|generate|send|batch|update|upgrade|apply|status)(?:_\w+)?)*"
)
_ADDRESS = (
    r"(?:[^\"'`\n]*[/_-])?(?:(?:create|process|initiate|make|submit|confirm|apply|stripe|update|new)[_-])*"
    rf"{_PAID_ROUTES}{_STEPS}/?"
)
_PATTERN_RULES = (
    PatternRule(
        id="finance.payment_route",
        hazard=Hazard.FINANCIAL_FLOW,
        title="A route that charges, refunds or prices",
        confidence=0.7,
        examples=(
            "```js\nrouter.post('/revenue', async (req, res) => capture(req.body));\n```",
            "```python\n@app.route('/create-payment-intent', methods=['POST'])\ndef create():\n    pass\n```",
            "```php\nRoute::post('/checkout', [OrderController::class, 'store']);\n```",
            '```go\nr.POST("/payments/:id/refund", refund)\n```',
        ),
        lookalikes=(
            "```js\nrouter.post('/revenue/tracking', (req, res) => {});\n```",
            "```js\nrouter.get('/payments', (req, res) => res.json(rows));\n```",
            "```js\nrouter.post('/paywall-views', count);\n```",
        ),
        pattern=r"(?i)\b(?:router|app|api\w*|server|fastify|route|r|e|bp|blueprint|mux|\w*router)(?:\.|"
        r"::)(?:post|put|patch|delete)\(\s*"
        rf"[\"'`]{_ADDRESS}[\"'`]"
        rf"|@\w*(?:Post|Put|Patch|Delete)(?:Mapping)?\(\s*(?:value\s*=\s*)?[\"']{_ADDRESS}[\"']"
        rf"|\.route\(\s*[\"']{_ADDRESS}[\"']\s*,[^\n]{{0,60}}\b(?:POST|PUT|PATCH|DELETE)\b"
        rf"|(?m:^)[ \t]*post [\"']{_ADDRESS}[\"']",
        where=Where.ANYWHERE,
    ),
)

RULES: tuple[Rule, ...] = (_PAYMENT_FILE, *_PATTERN_RULES, _PLANNED)
_SCANNER = Scanner(_PATTERN_RULES)

_PROVIDERS = (
    r"stripe|paypal|braintree|adyen|mollie|razorpay|klarna|iyzi(?:co|pay)|chargebee|gocardless|"
    r"paystack|flutterwave"
)
# words of a name stand between signs, or begin with a capital
_STRONG = compile_pattern(
    rf"(?i:(?:^|[/_.-])(?:{_PROVIDERS}|payments?|billing|checkout|payouts?|refunds?|invoic(?:e|es|ing)|pricing|"
    r"subscriptions?|payroll|coupons?|discounts?|commissions?|chargebacks?|paymentintents?)(?:[/_.-]|$))"
    rf"|(?:^|[/_.-]|[a-z])(?:{_PROVIDERS}|[Pp]ay[Pp]al|[Ss]tripe|[Pp]ayments?|[Bb]illing|[Cc]heckout|"
    rf"[Pp]ayouts?|[Rr]efunds?|"
    r"[Ii]nvoic(?:e|es|ing)|[Pp]ricing|[Ss]ubscriptions?|[Cc]oupons?|[Dd]iscounts?|[Cc]ommissions?)"
    r"(?:[A-Z][A-Za-z]*)(?:[/_.-]|$)"
    r"|[a-z](?:PayPal|Stripe|Payments?|Billing|Checkout|Payouts?|Refunds?|Invoic(?:e|es|ing)|Pricing|"
    r"Subscriptions?)(?:[/_.-]|$)"
)
_WEAK = compile_pattern(
    r"(?i)(?:^|[/_.-]|[a-z])(?:transactions?|orders?|cart|revenue|income|wallets?|ledgers?|balances?|fees?|"
    r"tax(?:es)?|charges?|"
    r"deposits?|withdrawals?|transfers?|escrow|settlements?|prices?|plaid|coinbase|square|donations?|credits?)"
    r"(?:[_-]?(?:controller|service|routes?|router|manager|processor|handler|api|config|client|utils?|model|"
    r"engine|worker|"
    r"job|helper|captur(?:e|er|ing)|flow))?\.[a-z]+$"
)
_MONEY_MOVES = compile_phrase(
    r"(?i)\brequire\(\s*[\"'](?:stripe|@?paypal|braintree|adyen|square|mollie|razorpay|klarna|plaid)|"
    r"\bfrom [\"'](?:stripe|@?paypal|@stripe|braintree|@?adyen|square|@mollie|razorpay|plaid)|"
    r"\bimport (?:stripe|braintree|paypal\w*|plaid)\b|"
    r"\b\w*(?:payment|charge|refund|payout|checkout|stripe|paypal|invoice|debit|withdraw)\w*\("
)
_ONLY_SHOWN = compile_pattern(
    r"(?i)(?:^|/)(?:components?|views?|pages/(?:[^a]|a[^p])[^/]*|templates?|public|assets|styles?|docs?|"
    r"documentation|tests?|"
    r"__tests__|__mocks__|specs?|fixtures|mocks?|stories|migrations?|migrate|locales?|i18n|types|emails?|k8s|"
    r"terraform|helm|deploy\w*)/|"
    r"\.(?:md|txt|css|scss|less|html|svg|sql|pdf|png|csv|tf|tsx|jsx|vue|hbs|ejs|d\.ts|snap|graphql|proto)$|"
    r"(?:dashboard|chart|report|page|view|log|logger|logs|analytics|stats|metrics|history|mock|parser|export|"
    r"list|types?|widget)"
    r"s?\.[a-z]+$|(?:[._-]test|[._-]spec|Tests?|Spec|_?test_?case)\.[a-z]+$|(?:^|/)test_[^/]+$"
)
_INTENDED = compile_phrase(
    r"(?i)\b(?:perform|process|creat|handl|initiat|execut|mak|trigger|captur|issu|tak|collect)(?:e|es|ing|s)? "
    r"(?:(?:a|an|the|any|each|their|customer|card|stripe|paypal|online|user|order|for) ){0,4}(?:charges?|"
    r"payments?|refunds?|payouts?)\b"
)
_ROUTES = compile_pattern(r"(?i)(?:^|/)(?:routes?|api|controllers?)/|(?:^|/)(?:server|app)\.[a-z]+$")
_TAKES_REQUESTS = compile_pattern(r"(?i)\.(?:post|put|patch)\(|methods=\[[\"']POST|PostMapping")


def is_a_test(path: str) -> bool:
    """Tell whether a file of this name only tests, mocks or documents."""
    return _TESTS.search(path.encode("ascii")) is not None


_TESTS = compile_pattern(
    r"(?i)(?:^|/)(?:tests?|__tests__|__mocks__|specs?|fixtures|mocks|stories|docs?)/|(?:[._-]test|"
    r"[._-]spec)\.[a-z]+$|"
    r"(?:^|/)test_[^/]+\.py$|[a-z]Tests?\.[a-z]+$|\.(?:md|txt|rst)$"
)


def analyze(document: Document, *, outside: Sequence[Span] = ()) -> Iterator[Finding]:
    """Yield the files and routes of the payments, `outside` the given spans."""
    yield from _SCANNER.scan(document, outside=outside)
    for artifact in document.artifacts:
        if not artifact.path:
            continue
        if _is_of_payments(document, artifact):
            yield _PAYMENT_FILE.finding(document, artifact.named_at, artifact.named_at + len(artifact.path))
        elif artifact.kind is Kind.FILE and _ROUTES.search(artifact.path.encode("ascii")):
            yield from _planned(document, artifact)


def _is_of_payments(document: Document, artifact: Artifact) -> bool:
    path = artifact.path.encode("ascii")
    if _ONLY_SHOWN.search(path) is not None:
        return False
    if _STRONG.search(path) is not None:
        return True
    if _WEAK.search(path) is None:
        return False
    return _MONEY_MOVES.search(document.running, artifact.start, artifact.end) is not None


def _planned(document: Document, artifact: Artifact) -> Iterator[Finding]:
    """Yield the first remark in a file of routes that says it charges; what is only said to be logged is not."""
    span = artifact.start, artifact.end
    if _TAKES_REQUESTS.search(document.running, *span) is None:
        return
    for intended in _INTENDED.finditer(document.reading, *span):
        if document.runs_at(intended.start()) or is_negated(document.reading, *intended.span()):
            continue
        yield _PLANNED.finding(document, *intended.span())
        return
