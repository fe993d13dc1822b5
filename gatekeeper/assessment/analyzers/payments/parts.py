"""What takes part in paying and moves no money by itself: clients, forms, handlers and tables of payments.

Owns how these look in code and in SQL. Calls that move money are `calls.py`; files and routes of the payments by their
names are `files.py`. A client that is only loaded, and a table of payments among others, are no flow of money.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.artifacts import Kind
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span, is_within
from gatekeeper.assessment.text.reading import compile_phrase

_PROVIDER = r"(?:stripe|paypal|braintree|adyen|mollie|razorpay)"
_PATTERN_RULES = (
    PatternRule(
        id="finance.payment_part",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Provides the client, the form or the handler of a payment",
        confidence=0.6,
        examples=(
            in_file("generated_1.js", "module.exports = new PaypalGateway(options);"),
            in_file("lib/pay.js", "export default function client() {\n  return braintree;\n}"),
            in_file(
                "components/Card.jsx", "const Card = () => (<Elements stripe={p}><CardElement /></Elements>);"
            ),
            in_file("checkout.html", '<form action="/pay/start" method="post"><button>Go</button></form>'),
            in_file("form.html", '<input name="card_number" type="text">'),
            in_file("boot.js", "const client = initializeStripe({ key });"),
            in_file("router.js", "router.get('/back', require('./desk').processRefund);"),
            in_file("sums.js", "const page = await stripe.invoices.list({ limit: 9 });"),
        ),
        lookalikes=(
            in_file(
                "router.js", "const stripe = require('stripe')(process.env.KEY);\nmodule.exports = router;"
            ),
            in_file("zebra.js", "module.exports = stripes;"),
            in_file("search.html", '<form action="/search"><input name="card_title"></form>'),
            in_file("router.js", "router.get('/orders', processOrders);"),
            in_file("router.js", "// router.get('/back', processRefund);\nmodule.exports = router;"),
            in_file("export.js", "// module.exports = stripe;\nmodule.exports = rows;"),
        ),
        pattern=rf"(?i)\b(?:return|module\.exports =|exports\.\w+ =|export default) (?:new )?(?:{_PROVIDER}|"
        rf"\w*{_PROVIDER}\w*\(|new \w*{_PROVIDER}\w*) ?(?:[;(]|$)"
        rf"|\binit(?:iali[sz]e)?_?{_PROVIDER}\w*\("
        r"|<(?:CardElement|PaymentElement|ExpressCheckoutElement|PayPalButtons|StripeProvider)\b|<Elements stripe="
        r"|\b(?:useStripe|loadStripe)\("
        r"|<form\b[^>\n]{0,80}\baction=[\"'][^\"'\n]*(?:/|_|-)(?:pay|payments?|checkout|charges?|stripe[\w-]*)(?:/|[\"'])"
        r"|\b(?:name|id|autocomplete)=[\"'](?:card_?-?number|cc-(?:number|csc)|cvv|cvc)[\"']"
        r"|\bstripe\.\w+(?:\.\w+)?\.(?:list|retrieve|search)\("
        r"|\b(?:router|app|server|api)\.(?:get|post|put|patch|all)\( ?[\"'`][^\"'`\n]*[\"'`] ?,[^\n;]{0,100}?[ .,]"
        r"(?:process|create|capture|initiate|issue|handle)_?(?:charge|payment|refund|payout|"
        r"checkout)\w* ?[,)]",
        where=Where.CODE,
    ),
)
_CLIENT_ONLY = Rule(
    id="finance.payment_client",
    hazard=Hazard.FINANCIAL_FLOW,
    title="Is nothing but the client of a provider of payments",
    confidence=0.55,
    examples=(
        in_file("generated_2.js", "const payments = require('stripe')(process.env.KEY);\n// the rest"),
        in_file(
            "generated_2.js", "import Stripe from 'stripe';\nexport const s = new Stripe(process.env.KEY);"
        ),
        in_file("pay.py", "import stripe\nstripe.api_key = os.environ['KEY']"),
    ),
    lookalikes=(
        in_file("generated_2.js", "const express = require('express');\nconst s = require('stripe')(key);"),
        in_file("generated_2.js", "// const s = require('stripe')(key);\nmodule.exports = {};"),
        in_file("zebra.js", "const draw = require('./stripes')(canvas);"),
        in_file("tests/pay.test.js", "const s = require('stripe')(key);"),
    ),
)
_TABLE = Rule(
    id="finance.payment_table",
    hazard=Hazard.FINANCIAL_FLOW,
    title="Creates the table in which payments are kept",
    confidence=0.55,
    examples=(
        in_file("migrations/7.sql", "CREATE TABLE IF NOT EXISTS refunds (id SERIAL, amount NUMERIC(9, 2));"),
        in_file("db/pay.sql", "CREATE TABLE stripe_payouts (id INT, total_amount INTEGER NOT NULL);"),
        in_file("db/in.sql", "CREATE TABLE income (id INT, payment_intent_id TEXT, amount DECIMAL);"),
        in_file("db/out.sql", "CREATE TABLE refunds (id INT, stripe_charge_id TEXT);"),
    ),
    lookalikes=(
        in_file("db/pay.sql", "CREATE TABLE IF NOT EXISTS payments (id INT);"),
        in_file(
            "db/shop.sql", "CREATE TABLE users (id INT);\nCREATE TABLE payments (id INT, amount DECIMAL);"
        ),
        in_file("db/notes.sql", "CREATE TABLE notes (id INT, amount INTEGER);"),
        in_file("db/chart.sql", "SELECT sum(amount) FROM payments;"),
        in_file("db/old.sql", "-- CREATE TABLE payments (id INT, amount INT);\nSELECT 1;"),
    ),
)
RULES: tuple[Rule, ...] = (*_PATTERN_RULES, _CLIENT_ONLY, _TABLE)
_SCANNER = Scanner(_PATTERN_RULES)

_MAY_LOAD = SIGNS.add(rf"(?i)\b(?:require|import|from|new) ?[(\"' ]{{0,3}}@?\w{{0,12}}{_PROVIDER}")
_LOADS = compile_phrase(
    rf"(?i)\brequire\( ?[\"']@?{_PROVIDER}(?:/[\w-]+)?[\"'] ?\) ?\(|\bnew \w*{_PROVIDER}\w*\( ?(?:process|import)\b"
    rf"|\bnew {_PROVIDER}\(|(?m:^)[ \t]*import {_PROVIDER}\b"
)
_IMPORTED = compile_phrase(r"\brequire\( ?[\"'](\w*)|(?m:^)[ \t]*(?:import|from)\b")
_SERVES = compile_phrase(r"(?i)\b(?:router|app|server|api)\.")
_SETS_ENVIRONMENT = b"dotenv"
_MOST_IMPORTED = 8
_MAY_CREATE = SIGNS.add(r"(?i)\bcreate table\b")
_CREATES = compile_phrase(r"(?i)\bcreate table (?:if not exists )?[\"`\[]?(?:\w+\.)?(\w+)")
_OF_PAYMENTS = compile_phrase(
    r"(?i)\A(?:\w+_)?(?:payments?|charges?|transactions?|refunds?|payouts?|invoices?)\z|\A(?:stripe|paypal)_\w+\z"
)
_OF_PROVIDER = compile_phrase(
    r"(?i)\b(?:stripe_?(?:charge|payment)\w*|payment_?intent\w*) (?:varchar|char|text|uuid)"
)
_LONGEST_TABLE = 4096
# of its name, amounts, and identifiers of a provider's payments
_LEAST_SIGNS = 2
_AMOUNT = compile_phrase(
    r"(?i)\b\w*(?:amount|price|total)[\"`]? (?:decimal|numeric|integer|int|bigint|money|real|float|double)\b"
)


def analyze(document: Document, *, outside: Sequence[Span] = ()) -> Iterator[Finding]:
    """Yield what takes part in payments, `outside` the given spans."""
    yield from _SCANNER.scan(document, outside=outside)
    may_load, may_create = document.shows(_MAY_LOAD), document.shows(_MAY_CREATE)
    if not (may_load or may_create):
        return
    for artifact in document.artifacts:
        if artifact.kind is not Kind.FILE or is_within(outside, artifact.start):
            continue
        if may_load:
            yield from _client(document, artifact.start, artifact.end)
        if may_create and artifact.language == "sql":
            yield from _table(document, artifact.start, artifact.end)


def _client(document: Document, start: int, end: int) -> Iterator[Finding]:
    """Yield where a file loads a provider's client, if it does nothing else."""
    loaded = _LOADS.search(document.running, start, end)
    if loaded is None or _SERVES.search(document.running, start, end) is not None:
        return
    imported = islice(_IMPORTED.finditer(document.running, start, end), _MOST_IMPORTED)
    if sum(each.group(1) != _SETS_ENVIRONMENT for each in imported) <= 1:
        yield _CLIENT_ONLY.finding(document, *loaded.span())


def _table(document: Document, start: int, end: int) -> Iterator[Finding]:
    """Yield the first table that a script creates, if payments are kept in it."""
    created = _CREATES.search(document.running, start, end)
    if created is None:
        return
    columns = document.running[created.end() : min(end, created.end() + _LONGEST_TABLE)].partition(b";")[0]
    signs = (
        _OF_PAYMENTS.search(created.group(1)) is not None,
        _AMOUNT.search(columns) is not None,
        _OF_PROVIDER.search(columns) is not None,
    )
    if sum(signs) >= _LEAST_SIGNS:
        yield _TABLE.finding(document, *created.span())
