"""Calls that move money: charges, payouts, refunds, transfers, balances, in the languages and clients of the field.

Owns what such a call looks like in code. Where its amount comes from is `amounts.py`, what guards it is
`safeguards.py`. Refuses calls that only read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.text.artifacts import Kind
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span, is_within
from gatekeeper.assessment.text.reading import compile_phrase

# what joins names in the languages of the field: stripe.x, $stripe->x, Stripe\X::y, Stripe::X.y
_DOT = r"\s*(?:\??\.|->|::)\s*"
_PROVIDERS = (
    r"(?:stripe|paypal|braintree|adyen|square|mollie|razorpay|klarna|coinbase|iyzi(?:co|pay)|paddle|chargebee|"
    r"recurly|"
    r"paystack|flutterwave|mercadopago|gocardless|worldpay|dwolla|plaid|wise|lemon_?squeezy|authorize_?net|payments?|"
    r"billing|invoic(?:e|ing)|checkout|gateway)"
)
# what is called, never what is defined: after something that takes its value, or alone on a line
_CALLED = r"(?:\bawait |\breturn |\byield |[=.(!:]|->|=>|&&|(?m:^)[ \t]*)\s*"
_CREATES = r"(?:create|new)(?:_?async)?\b"
_PARTIES = r"(?:user|customer|account|member|card|buyer|client|tenant|merchant|seller|subscriber)s?"
_POSTED = r"(?:post|POST|Post)(?:Async|Json|_json|Form)?\b[^;]{0,120}?"

_REFUND_CALL = (
    rf"\b(?:\w*stripe\w*{_DOT}|\b)refunds?{_DOT}{_CREATES}\s*\(|\bRefundCreate(?:Params|Options)\b"
    r"|\b(?:gateway|braintree|gw)\w*\.transaction\.(?:refund|void|credit)\(|\bTransaction\.(?:refund|void)\("
    r"|\b(?:Captures|Sales?)RefundRequest\b|\b(?:refunds?|payments?)(?:Api|_api)?\.(?:refund|refund_payment|"
    r"refundPayment)\("
    r"|\bpayments?_?[rR]efunds(?:\.|->)create\("
    rf"|{_CALLED}(?:\w+\.)?(?:issue|process|create|send|make|execute|initiate|auto|trigger)_?(?:full_?|"
    rf"partial_?|order_?|"
    rf"payment_?)?refunds?\w*\("
    rf"|{_CALLED}(?:\w+\.)?refund_?(?:payment|order|charge|customer|user|transaction|purchase|invoice)s?\("
    rf"|\$?\b(?:{_PARTIES}|order|payment|charge|invoice|capture|transaction|sale)(?:\.|->)refund\("
    rf"|\bwc_create_refund\(|\b{_POSTED}(?:/refunds?\b|/refund[\"'`?])|/v1/refunds[^;\n]{{0,120}}(?: -d |"
    rf" --data|-X POST)"
)
_PAYOUT_CALL = (
    rf"\b(?:\w*(?:stripe|razorpay|client)\w*{_DOT})?(?:payouts?|transfers?|top_?ups?){_DOT}{_CREATES}\s*\("
    r"|\b(?:payout|transfer)\.New\(|\bstripe\.(?:Payout|Transfer)Params\b|\b(?:Payout|Transfer)Create(?:Params|"
    r"Options)\b"
    r"|\bPayoutsPostRequest\b|/v1/payments/payouts\b|\bsender_batch_header\b"
    r"|\btransfer_?(?:create|authorization_?create)\(|\bpayment_?orders?\.create\("
    rf"|/v1/(?:payouts|transfers)[^;\n]{{0,120}}(?: -d | --data|-X POST)|\b{_POSTED}[/\"'`](?:payouts|transfers|"
    rf"withdrawals|"
    r"disbursements|credit-transfers|sepa\w*)\b"
    rf"|{_CALLED}(?:\w+\.)?(?:issue|process|create|send|make|execute|initiate|release|trigger|schedule|request|"
    rf"submit)_?"
    rf"(?:batch_?|instant_?|seller_?|vendor_?)?(?:payouts?|withdrawals?|disbursements?|(?:bank|wire|money|fund|sepa|"
    rf"ach)s?_?(?:transfers?|payments?|credit)|money|funds|wire)\w*\("
    rf"|{_CALLED}(?:\w+\.)?(?:pay_?(?:out|driver|seller|vendor|supplier|creator|winner)|withdraw_?(?:funds|to)|"
    rf"transfer_?(?:funds|money))\w*\("
    r"|\.(?:send_?(?:raw_?|signed_?)?transaction|sendtoaddress|safeTransfer(?:From|ETH)?)\("
    r"|\bpayable\([^()\n]{1,60}\)\.(?:transfer|send)\(|\.call\{\s*value:|\bSystemProgram\.transfer\("
    r"|\.transfer\([^()\n]{1,60}, *(?:\w+\.)*(?:parseUnits|parseEther|toWei|amount)"
    r"|\b(?:token|erc20|usdc|usdt|dai|weth)\w*\.transfer(?:From)?\("
)
_STRIPE_RESOURCES = (
    r"(?:customers?|charges?|payment_?intents?|payment_?methods?|payment_?links?|setup_?intents?|products?|plans?|"
    r"checkout(?:\.|->)sessions?|subscriptions?|subscription_?(?:items?|schedules?)|invoices?|invoice_?items?|"
    r"prices?|coupons?|promotion_?codes?|tax_?rates?|credit_?notes?|accounts?|sources?)"
)
_CHANGES = (
    r"(?:create|pay|capture|confirm|update|modify|del|delete|cancel|finalize_?invoice|send_?invoice|void_?invoice|"
    r"create_?\w+|resume|apply_?\w+)(?:_?async)?\b"
)
_CHARGED = (
    r"(?:payments?|charges?|payment_?intents?|checkout(?:_?sessions?)?|invoices?|purchases?|revenue|subscriptions?|"
    r"(?:card|stripe|paypal|recurring|order)_?(?:payments?|charges?)|transactions?_?fees?)"
)
_CHARGE_CALL = (
    rf"\$?\b\w*stripe\w*{_DOT}{_STRIPE_RESOURCES}{_DOT}{_CHANGES}"
    rf"|\bstripe{_DOT}(?:Customer|Charge|PaymentIntent|Invoice|Subscription|Price|Coupon)s?{_DOT}create\b"
    rf"|\b(?:charges|payment_?intents|checkout{_DOT}sessions?|invoice_?items|"
    rf"subscription_?items){_DOT}{_CREATES}\s*\("
    r"|\b(?:Charge|PaymentIntent|checkout\.Session)\.create\(|\bPayments?\.create\(\s*\{[^{}]{0,120}\bamount\b"
    r"|\bstripe\.(?:Charge|PaymentIntent|CheckoutSession|Subscription|Invoice|InvoiceItem|Price|Coupon|Plan)Params\{"
    r"|\b(?:Charge|PaymentIntent|Session|Subscription|Invoice|Price|Coupon)Create(?:Params|Options)\b"
    r"|\bstripe\.(?:confirm(?:Card|Sepa\w*|Ideal|Klarna|P24|Bancontact)?Payment|redirectToCheckout|"
    r"handleCardAction)\("
    r"|\bOrders(?:Create|Capture|Authorize)Request\b|\bpaypal\.payment\.(?:create|execute)\(|\bpaypal\.Buttons\("
    r"|\bactions\.order\.(?:create|capture)\(|/v2/checkout/orders\b"
    r"|\b\w*(?:gateway|braintree|gw)\w*(?:\.|->)(?:transaction(?:\(\))?(?:\.|->)(?:sale|submitForSettlement|"
    r"submit_for_settlement)|subscription(?:\.|->)create|purchase|authorize)\(|\bTransaction\.sale\("
    r"|\b(?:checkout|payments)(?:Api|API)\.(?:payments|create_?payment|createPayment)\(|\b\w*checkout\.payments\("
    rf"|\bapi\.stripe\.com/v1/(?:charges|payment_intents|checkout/sessions|subscriptions|invoices|prices|coupons)\b"
    rf"[^;\n]{{0,160}}(?: -d | --data|-X POST)"
    rf"|\b{_POSTED}/(?:charges|payment_intents|payment-intents|checkout/sessions|payments)\b"
    rf"|\$?\b\w*{_PROVIDERS}\w*{_DOT}(?:\w+{_DOT}){{0,2}}(?:charge|captures?|pay|bill|debit|purchase|sale|"
    rf"settle|subscribe|"
    rf"authori[sz]e_?payment|create_?(?:payments?|charges?|orders?|invoices?|subscriptions?|checkout\w*)|"
    rf"capture_?\w+|"
    rf"process_?(?:payments?|charges?|orders?|transactions?|subscriptions?|invoices?)|make_?payments?|"
    rf"charge_?\w+|(?:payments?|orders?|charges?){_DOT}(?:create|capture))\("
    rf"|\$?\b\w*{_PARTIES}(?:\.|->)(?:charge|newSubscription|new_subscription|invoiceFor|invoice_for|bill|"
    rf"payment_processor\.(?:charge|subscribe))\("
    rf"|{_CALLED}(?:\w+\.)?(?:create|process|capture|make|initiate|execute|submit|handle|perform|finali[sz]e|"
    rf"confirm|collect|"
    rf"retry|take)_?{_CHARGED}(?:_?(?:with|for|from|on|by|via|using)_?\w+)?\("
    rf"|{_CALLED}(?:\w+\.)?(?:charge|bill|debit)_?(?:the_?|saved_?|credit_?)?(?:{_PARTIES}|order|subscription|"
    rf"invoice)\w*\("
)
_BALANCE_CALL = (
    r"\b(?:\w+(?:\.|->|\[\"'))?\w*(?:balances?|wallet_?(?:amount|total)|account_?credits?)\b(?:[\"']?\]|"
    r"\[[^\]\n]{1,40}\])?"
    r"\s*[+-]=\s*[\w$(]"
    r"|\bset [\"`]?\w*balance[\"`]?\s*=\s*[\"`]?\w*\.?\w*balance[\"`]?\s*[+-]"
    r"|\bset [\"`]?(?:credits|wallet|points_balance)[\"`]?\s*=\s*[\"`]?(?:credits|wallet|points_balance)[\"`]?\s*[+-]"
    r"|\$inc[\"']?\s*:\s*\{\s*[\"']?[\w.]*(?:balance|credits|wallet)\b"
    r"|\b(?:in|de)crement(?:ed)?_?(?:by)?!?\(\s*[\"':]?(?:\{\s*)?\w*(?:balance|credits|wallet)\b"
    r"|\bF\(\s*[\"']\w*(?:balance|credits)[\"']\s*\)\s*[+-]"
    r"|\b\w*balance[\"']?\s*[:=]\s*[\w.$>-]*balance\s*[+-]"
    r"|\b\w*(?:wallet|ledger|account|balance)s?\w*(?:\.|->)(?:debit|credit|deposit|withdraw|add_?funds|top_?up)\("
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
            "```solidity\npayable(seller).transfer(amount);\n```",
            "```go\nt, err := transfer.New(&stripe.TransferParams{Amount: amount})\n```",
            "```ts\nconst tx = await signer.sendTransaction({ to, value });\n```",
        ),
        lookalikes=(
            "```js\nawait stripe.payouts.list();\n```",
            "```js\n// stripe.payouts.create(x)\n```",
            "```python\ndata = torch.transfer(batch, device)\n```",
            "```js\nevent.dataTransfer.setData('text', id);\n```",
            "Do not call stripe.payouts.create(x) here.",
        ),
        pattern=rf"(?i){_PAYOUT_CALL}",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="finance.refund",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Refunds money",
        confidence=0.9,
        examples=(
            "```js\nawait stripe.refunds.create({ charge });\n```",
            "```php\n$stripe->refunds->create(['charge' => $id]);\n```",
            "```ruby\ngateway.transaction.refund(transaction_id)\n```",
        ),
        lookalikes=(
            "```js\nawait stripe.refunds.retrieve(id);\n```",
            "```js\nrenderRefundPolicy(page);\n```",
            "```python\nrefunds = Refund.objects.filter(day=day)\n```",
        ),
        pattern=rf"(?i){_REFUND_CALL}",
        where=Where.ANYWHERE,
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
            "```python\nresult = gateway.transaction.sale({'amount': '10.00'})\n```",
            "```js\nconst receipt = await billingService.charge(order);\n```",
        ),
        lookalikes=(
            "```js\nawait stripe.charges.list();\n```",
            "```js\nconsole.log(chart.create())\n```",
            "```js\nconst rows = await paymentsRepository.findAll();\n```",
            "```js\nconst charger = battery.charge(level);\n```",
            "```python\nstripe_events = load_events(path)\n```",
        ),
        pattern=rf"(?i){_CHARGE_CALL}",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="finance.moves_balance",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Changes a balance",
        confidence=0.7,
        examples=(
            "```python\naccount.balance -= amount\n```",
            "```sql\nUPDATE accounts SET balance = balance + 100 WHERE id = 7;\n```",
            "```js\nawait User.updateOne({ _id }, { $inc: { balance: amount } });\n```",
        ),
        lookalikes=(
            "```python\nprint(account.balance)\n```",
            "```js\nconst total = rows.reduce((sum, row) => sum + row.balance, 0);\n```",
            "```js\nloadBalancer.add(server);\n```",
        ),
        pattern=rf"(?i){_BALANCE_CALL}",
        where=Where.ANYWHERE,
    ),
)

RULES: tuple[Rule, ...] = _PATTERN_RULES
_SCANNER = Scanner(_PATTERN_RULES)
_ANY_MOVE = compile_phrase(rf"(?i){_CHARGE_CALL}|{_PAYOUT_CALL}|{_REFUND_CALL}")


def blocks_of_code(document: Document, outside: Sequence[Span] = ()) -> list[Span]:
    """Return the files and fences that are read as one piece of code each; all of a text that has none."""
    spans = [
        (each.start, each.end)
        for each in document.artifacts
        if each.kind in (Kind.FILE, Kind.FENCE) and not is_within(outside, each.start)
    ]
    return spans or ([] if outside else [(0, len(document.reading))])


def first_move(document: Document, start: int, end: int) -> Span | None:
    """Return the first place in `start:end` that charges, pays out or refunds, if any does."""
    for match in _ANY_MOVE.finditer(document.running, start, end):
        return match.span()
    return None


def analyze(document: Document, *, outside: Sequence[Span] = ()) -> Iterator[Finding]:
    """Yield the calls that move money, `outside` the given spans."""
    yield from _SCANNER.scan(document, outside=outside)
