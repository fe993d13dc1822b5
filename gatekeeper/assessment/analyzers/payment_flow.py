"""Payment flows: charging, payouts, refunds, amounts that a client sets, webhooks that nobody verifies.

Owns the rules on money, in code and in words.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.artifacts import Kind
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.reading import compile_pattern
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where

_MONEY = (
    r"(?:stripe|payments?|checkout|billing|pric(?:e|es|ing)|payouts?|refunds?|charg(?:e|es|ing)|"
    r"invoic(?:e|es|ing)|subscriptions?|fees?)"
)
# what is changed when the way of money is changed; revenue, ROI and reports are only read
_WAY_OF_MONEY = (
    r"(?:stripe(?:'s)? (?:integrations?|webhooks?|set-?up|products?|checkout|charges?|payments?|subscriptions?|"
    r"api calls?)|(?:integrations?|set-?up) (?:set-?up )?with stripe|webhooks? (?:from|of) stripe|"
    r"(?:payment|checkout|billing|transaction|refund|subscription|invoicing) "
    r"(?:process(?:es|ing|ors?)?|gateways?|methods?|steps?|flows?|options?|providers?|logic|retries|systems?|services?|"
    r"terms|cycles?|pages?|api|handling)|"
    r"checkout|billing|pric(?:ing|e) (?:models?|strateg(?:y|ies)|logic|tiers?|rules?|plans?|levels?)|pricing|"
    r"(?:the |our |all )prices|(?:user |service |transaction )?fees?(?: structures?| levels?)?|discounts?|promotions?|"
    r"(?:promotional|personali[sz]ed|targeted) offers?|offer (?:creation|designs?)|"
    r"smart contracts?|refunds?|payouts?|invoices?|invoicing|monetary exchanges?|(?:failed )?charges)"
)
_PATTERN_RULES = (
    PatternRule(
        id="finance.payout",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Pays money out",
        confidence=0.9,
        examples=(
            "```js\nawait stripe.payouts.create({ amount: 500 });\n```",
            "```python\nstripe.Transfer.create(x)\n```",
        ),
        lookalikes=("```js\nawait stripe.payouts.list();\n```", "```js\n// stripe.payouts.create(x)\n```"),
        pattern=r"(?i)\bstripe\.(?:payouts?|transfers?)\.create\b",
        where=Where.CODE,
    ),
    PatternRule(
        id="finance.refund",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Refunds money",
        confidence=0.9,
        examples=("```js\nawait stripe.refunds.create({ charge });\n```",),
        lookalikes=("```js\nawait stripe.refunds.retrieve(id);\n```",),
        pattern=r"(?i)\bstripe\.refunds?\.create\b",
        where=Where.CODE,
    ),
    PatternRule(
        id="finance.charge",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Charges customers or changes what they pay",
        confidence=0.85,
        examples=(
            "```js\nawait stripe.paymentIntents.create({ amount: 500 });\n```",
            "```python\nstripe.Charge.create(amount=1)\n```",
            "```js\nconst customer = await stripe.customers.create({ email });\n```",
            "```js\nrouter.post('/revenue', async (req, res) => capture(req.body));\n```",
        ),
        lookalikes=("```js\nawait stripe.charges.list();\n```", "```js\nconsole.log(chart.create())\n```"),
        pattern=r"(?i)\bstripe\.(?:customers?|charges?|payment_?intents?|payment_?methods?|products?|checkout\.sessions?|"
        r"subscriptions?|invoices?|invoice_?items?|prices?|coupons?)"
        r"\.(?:create|pay|capture|confirm|update|modify|del|delete|cancel)\b|\bcreate(?:Invoice|Charge|PaymentIntent)\("
        r"|\b(?:router|app|api\w*)\.(?:post|put|patch|delete)\(\s*[\"'`][^\"'`\n]*/"
        r"(?:revenue|payments?|pay|charge|checkout|invoices?|billing|refunds?|payouts?|subscriptions?|pricing)\b",
        where=Where.CODE,
    ),
    PatternRule(
        id="finance.client_sets_amount",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Lets the client set the amount",
        confidence=0.85,
        examples=(
            "```js\nconst intent = { amount: req.body.amount, currency: 'eur' };\n```",
            "```js\nconst { price, item } = req.body;\n```",
            "```python\namount = request.json['amount']\n```",
        ),
        lookalikes=(
            "```js\nconst amount = priceList[req.body.plan];\n```",
            "```js\n// amount: req.body.amount would be wrong\nconst amount = plan.amount;\n```",
        ),
        pattern=r"(?i)\b(?:amount|price|total|unit_amount|cost)\w*[\"']?\s*[:=]\s*(?:\w+\(\s*)?(?:req|request|"
        r"ctx\.request)\."
        r"(?:body|query|params|json|form|args|get_json)"
        r"|\{[^{}\n]*\b(?:amount|price|total)\b[^{}\n]*\}\s*=\s*(?:req|request|ctx\.request)\.(?:body|query|params)",
        where=Where.CODE,
    ),
    PatternRule(
        id="finance.unattended_charging",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Charges, refunds or bills with nobody looking",
        confidence=0.75,
        examples=("Automate billing with Stripe so that charges happen without manual intervention.",),
        lookalikes=(
            "Automate billing reports.",
            "Refunds never happen automatically without manual review.",
        ),
        pattern=rf"(?i)\bautomat\w+ [^.\n]{{0,60}}\b{_MONEY}\b[^.\n]*\bwithout (?:any )?(?:manual|human)\b",
        where=Where.PROSE,
    ),
    PatternRule(
        id="finance.changes_payments",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Would change how money moves",
        confidence=0.5,
        examples=(
            "Optimize the Stripe integration for fewer declined cards.",
            "Introduce discounts in the checkout.",
            "Simplify the payment gateway and the steps of the checkout.",
            "Review and adjust pricing models every quarter.",
        ),
        lookalikes=(
            "Stripe is mentioned here.",
            "Do not change the checkout.",
            "Optimize images for the web.",
            "Build a dashboard of the revenue that Stripe reports.",
            "Reduce friction in monetization flows.",
        ),
        pattern=r"(?i)\b(?:automat|implement|integrat|optimi[sz]|simplif|streamlin|adjust|chang|rework|introduc|redesign|"
        r"updat|enhanc|improv|creat|add|build|experiment|refactor|replac|migrat|switch|generat|incentivi[sz]|"
        rf"review(?:s|ed|ing)? and [a-z]+)\w* [^.\n]{{0,70}}\b{_WAY_OF_MONEY}\b"
        r"|\b(?:adjust|chang|set|rais|lower)\w* (?:the |our |all )?prices\b"
        r"|\bintegrat\w+ (?:[a-z]+ )?with stripe(?:'s)? (?:webhook|apis to|for easier)\w*"
        r"|\breview\w* [^.\n]{0,40}\bstripe(?:'s)? integration\b|\bintegration set-?up with stripe\b",
        where=Where.PLAN,
    ),
)

_PAYMENT_FILE = Rule(
    id="finance.payment_file",
    hazard=Hazard.FINANCIAL_FLOW,
    title="Writes a file of the payments",
    confidence=0.65,
    examples=(
        "Create or update the file conf/stripe-webhook.js with this complete content:\n\nmodule.exports = {};\n",
        "Create or update the file lib/billing/cycle.py with this complete content:\n\ncycle = 30\n",
    ),
    lookalikes=(
        "Create or update the file components/payments-chart.js with this complete content:\n\ndraw();\n",
        "Create or update the file docs/billing.md with this complete content:\n\nHow we bill.\n",
        "Create or update the file lib/charger.js with this complete content:\n\nplug();\n",
    ),
)
_PAYMENT_PATH = compile_pattern(
    r"(?i)(?:^|[/_.-])(?:stripe|paypal|braintree|adyen|payments?|billing|checkout|payouts?|refunds?|invoic(?:e|"
    r"es|ing)|"
    r"pricing|subscriptions?)(?:[/_.-]|$)"
)
_ONLY_SHOWN = compile_pattern(
    r"(?i)(?:^|/)(?:components?|views?|pages?|templates?|public|assets|styles?|docs?|tests?|__tests__|spec)/|"
    r"\.(?:md|txt|css|scss|html|svg)$|(?:dashboard|chart|report|page|view)s?\.[a-z]+$"
)
_UNVERIFIED = Rule(
    id="finance.unverified_webhook",
    hazard=Hazard.FINANCIAL_FLOW,
    title="Accepts payment events without checking their signature",
    confidence=0.75,
    examples=(
        "```js\napp.post('/webhook', (req, res) => { if (req.body.type === 'payment_intent.succeeded') "
        "ship(); });\n```",
    ),
    lookalikes=(
        "```js\napp.post('/webhook', (req, res) => { const event = "
        "stripe.webhooks.constructEvent(req.body, sig, key); });\n```",
        "```js\napp.post('/orders', (req, res) => { save(req.body.payment); });\n```",
    ),
)
_WEBHOOK_ROUTE = compile_pattern(r"(?i)\.(?:post|all|use|route)\(\s*[\"'`][^\"'`\n]*webhook[^\"'`\n]*[\"'`]")
_PAYMENT = compile_pattern(r"(?i)stripe|payment|charge\.|invoice")
_VERIFIES = compile_pattern(
    r"(?i)construct_?event|verify_?(?:header|signature)|timingSafeEqual|compare_digest|createHmac"
)

RULES: tuple[Rule, ...] = (*_PATTERN_RULES, _PAYMENT_FILE, _UNVERIFIED)
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal touches money."""
    yield from _SCANNER.scan(document)
    for artifact in document.artifacts:
        path = artifact.path.encode("ascii")
        if _PAYMENT_PATH.search(path) is not None and _ONLY_SHOWN.search(path) is None:
            yield _PAYMENT_FILE.finding(document, artifact.named_at, artifact.named_at + len(artifact.path))
    if _WEBHOOK_ROUTE.search(document.reading) is None:
        return
    for artifact in document.artifacts:
        if artifact.kind not in (Kind.FILE, Kind.FENCE):
            continue
        span = artifact.start, artifact.end
        route = _WEBHOOK_ROUTE.search(document.reading, *span)
        if route is None or not document.runs_at(route.start()):
            continue
        if _PAYMENT.search(document.reading, *span) and not _VERIFIES.search(document.reading, *span):
            yield _UNVERIFIED.finding(document, route.start(), route.end())
