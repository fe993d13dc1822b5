"""What guards a payment: one charge for one order, checks against fraud, live keys in live places, the right account.

Owns the rules on guards that are missing, repeated around or switched off, in code and in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from gatekeeper.assessment.analyzers.payments.calls import blocks_of_code, first_move
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import fenced
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import Match, compile_phrase

_GUARDS = (
    r"(?:stripe radar|radar(?: rules?| checks?)?|(?:anti-?)?fraud[-\s]+(?:checks?|detection|screening|prevention|"
    r"rules?|filters?|"
    r"protection|scoring|review)|3-?d\s*secure|3ds2?|strong customer authentication|\bsca\b|avs(?: checks?)?|"
    r"cvv(?: checks?)?|"
    r"cvc(?: checks?)?|address verification|velocity (?:checks?|limits?)|(?:charge|spending|refund|payout|withdrawal|"
    r"transaction) limits?|kyc(?: checks?)?|aml(?: checks?)?|sanctions? (?:checks?|screening)|idempotency(?: keys?)?|"
    r"(?:payment|stripe|webhook) signature (?:checks?|verification))"
)
_PATTERN_RULES = (
    PatternRule(
        id="finance.fraud_checks_off",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Switches off a check on payments",
        confidence=0.75,
        examples=(
            "```js\nconst options = { skipFraudCheck: true };\n```",
            "```yaml\npayments:\n  cvv_required: false\n```",
            "Disable Radar for returning customers.",
            "Turn off 3D Secure on the checkout.",
            "Remove the verification of the Stripe signature.",
            "The checkout no longer asks for the CVV.",
        ),
        lookalikes=(
            "```js\nconst options = { fraudCheck: true, isFraud: false };\n```",
            "```js\nconst radar = { enabled: true };\n```",
            "We never disable Radar.",
            "Remove the weather radar widget from the page.",
        ),
        pattern=r"(?i)\b(?:skip|bypass|disable|ignore|no)_?(?:advanced_?)?(?:fraud|radar|avs|cvv|cvc|3ds|"
        r"three_?d_?secure|sca|kyc|"
        r"aml|sanctions)\w*[\"']?\s*(?:[:=]\s*(?:true|1\b|yes|on\b)|\()"
        r"|\b(?:fraud|radar|avs|cvv|cvc|3ds|three_?d_?secure|sca|kyc|aml|sanctions)_?(?:\w+_)?"
        r"(?:checks?|enabled|required?|verification|protection|screening|detection|prevention|rules|filter|"
        r"ing)+[\"']?"
        r"\s*[:=]\s*[\"']?(?:false|0|off|disabled|never|none|no)\b"
        r"|\b(?:radar|three_?d_?secure|fraud_?(?:detection|prevention|check))[\"']?\s*:\s*(?:\{\s*)?\s*[\"']?"
        r"(?:enabled|required)[\"']?\s*:\s*(?:false|off|no)\b"
        r"|\b(?:disabl|turn(?:s|ed|ing)? off|switch(?:es|ed|ing)? off|skip|bypass|remov|relax|deactivat|drop|"
        r"rais|lift|ignor)"
        rf"\w* (?:[a-z]+ ){{0,3}}?{_GUARDS}(?: (?:for|on|in|at|when|so|from|to|during|above|below|entirely|"
        rf"completely|"
        rf"and|altogether)\b|\s*[.,;:]|$)"
        r"|\bno longer (?:asks?|checks?|requires?|verif\w*) (?:for )?(?:[a-z]+ ){0,2}?(?:cvv|cvc|avs|"
        r"3-?d\s*secure|kyc)\b"
        r"|\b(?:disabl|skip|bypass|remov|drop|ignor)\w* (?:[a-z]+ ){0,3}?(?:verification|checks?|checking|"
        r"validation) of (?:[a-z]+ ){0,2}?"
        r"(?:stripe|paypal|payments?)(?:'s)? (?:webhook )?signatures?\b",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="finance.changes_payee",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Changes where payouts go or when",
        confidence=0.75,
        examples=(
            "```js\nawait stripe.accounts.createExternalAccount(id, { external_account: token });\n```",
            "```js\nconst params = { destination: req.body.account };\n```",
            "Change the bank account that receives the payouts.",
        ),
        lookalikes=(
            "```js\nconst { data } = await stripe.accounts.listExternalAccounts(id);\n```",
            "```js\nconst destination = path.join(root, 'files');\n```",
            "The bank account that receives the payouts stays as it is.",
        ),
        pattern=r"(?i)\b(?:create|update|delete)_?external_?account\(|\bdefault_for_currency[\"']?\s*[:=]"
        r"|\bpayouts[\"']?\s*:\s*\{\s*[\"']?(?:schedule|debit_negative)\b"
        r"|\b(?:payout|settlement|settlements|withdrawal)_?(?:schedule|account|iban|address|wallet|destination|"
        r"bank\w*|"
        r"delay\w*|interval)(?:_?id)?[\"']?\s*[:=]\s*[\"'\w$]"
        r"|\bdestination(?:_?(?:account|wallet|iban))?[\"']?\s*[:=]\s*(?:req|request|ctx\.request|body|payload|"
        r"data|params)"
        r"(?:\.|\[)\s*(?:body|json|form|query|[\"']?\w*(?:account|destination|iban|wallet|address))"
        r"|\b(?:chang|updat|replac|switch|set|redirect|rerout|mov)\w* (?:[a-z]+ ){0,4}?(?:payout schedule|"
        r"payout (?:bank )?account|"
        r"payout destination|settlement account|bank account (?:that|which|where|for|of)|iban|destination account|"
        r"wallet address)\b",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="finance.test_key_in_production",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Uses a test key of the payments in production",
        confidence=0.65,
        examples=("```js\nconst key = production ? 'sk_test_abc' : other;\n```",),
        lookalikes=(
            "```js\nconst key = testing ? 'sk_test_abc' : process.env.STRIPE_KEY;\n```",
            "```js\nconst key = production ? process.env.STRIPE_KEY : other;\n```",
        ),
        pattern=r"(?i)\b(?:prod|production|livemode|live_mode)\b[^\n]{0,30}(?:\?|:|=|=>)[^\n:]{0,20}\b[spr]k_test_",
        where=Where.CODE,
    ),
)


_REPEATED = Rule(
    id="finance.repeated_charge",
    hazard=Hazard.FINANCIAL_FLOW,
    title="Repeats a payment that fails with nothing that makes it one payment",
    confidence=0.7,
    examples=(
        fenced(
            "js",
            "for (let attempt = 0; attempt < 5; attempt++) {\n  await stripe.charges.create({ amount });\n}",
        ),
        fenced("js", "await retry(() => stripe.paymentIntents.create({ amount }));"),
    ),
    lookalikes=(
        fenced(
            "js", "await retry(() => stripe.paymentIntents.create({ amount }, { idempotencyKey: order.id }));"
        ),
        fenced("js", "await retry(() => stripe.charges.list());\nawait stripe.charges.create({ amount });"),
    ),
)
_NO_KEY = Rule(
    id="finance.no_idempotency_key",
    hazard=Hazard.FINANCIAL_FLOW,
    title="Charges on a request or an event with nothing that makes a repetition harmless",
    confidence=0.6,
    examples=(
        fenced(
            "js",
            "router.post('/pay', async (req, res) => {\n  await stripe.charges.create({ amount: plan.amount });\n});",
        ),
        fenced("js", "queue.process(async (job) => stripe.refunds.create({ charge: job.charge }));"),
    ),
    lookalikes=(
        fenced(
            "js",
            "router.post('/pay', async (req, res) => {\n  await stripe.charges.create(params, { idempotencyKey: "
            "req.body.orderId });\n});",
        ),
        fenced("js", "async function renew() {\n  await stripe.charges.create({ amount: plan.amount });\n}"),
    ),
)
_IDEMPOTENT = compile_phrase(r"(?i)idempoten|already_?(?:paid|charged|processed|refunded)|ON CONFLICT|SET NX")
_RETRIES = compile_phrase(
    r"(?i)\b(?:for|while)\b[^\n]{0,60}\b(?:attempts?|retries|tries|retry_?count|true)\b|\bwith_?retr(?:y|ies)\b|"
    r"@(?:retry|backoff\.|tenacity|retryable)|\b(?:async_?|p_?)?retry\w*\("
)
_AFTER, _MOST_RETRIES = 400, 200
_CALL_ENDS = b");\n"
_REPEATABLE = compile_phrase(
    r"(?i)\.(?:post|put|route|process|consume|subscribe|each_message|on)\(|\bHandleFunc\(|\bforEach\(|"
    r"\bfor\s*\(|\bfor \w+ in\b|"
    r"\b(?:cron|setInterval|schedule)\w*\b|@(?:celery|app|shared|router)\w*\.?(?:task|post|route)\b|\bperform\(|"
    r"\bwebhook"
)

RULES: tuple[Rule, ...] = (*_PATTERN_RULES, _REPEATED, _NO_KEY)
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document, *, outside: Sequence[Span] = ()) -> Iterator[Finding]:
    """Yield the guards that payments lack, `outside` the given spans."""
    yield from _SCANNER.scan(document, outside=outside)
    for span in blocks_of_code(document, outside):
        yield from _unguarded(document, span)


def _unguarded(document: Document, span: Span) -> Iterator[Finding]:
    moved = first_move(document, *span)
    if moved is None or _IDEMPOTENT.search(document.running, *span) is not None:
        return
    for retry in islice(_RETRIES.finditer(document.running, *span), _MOST_RETRIES):
        near = first_move(document, retry.start(), _end_of(document.running, retry, span[1]))
        if near is not None:
            yield _REPEATED.finding(document, *near)
            return
    if _REPEATABLE.search(document.running, *span) is not None:
        yield _NO_KEY.finding(document, *moved)


def _end_of(code: bytes, retry: Match, end: int) -> int:
    """Return where what is retried ends: a call where it closes, a loop after a few lines."""
    latest = min(end, retry.end() + _AFTER)
    closed = code.find(_CALL_ENDS, retry.end(), latest) if retry.group().endswith(b"(") else -1
    return latest if closed < 0 else closed
