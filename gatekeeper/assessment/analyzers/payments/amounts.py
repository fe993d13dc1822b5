"""Amounts: whether the client sets them, how prices, fees and taxes are worked out, and what is given away.

Owns where the amount of a payment comes from in code. Refuses amounts that are only shown or filtered by.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.assessment.analyzers.payments.calls import blocks_of_code, first_move
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import PatternRule, Rule, Scanner, Where
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import compile_phrase

_NAMES = (
    r"(?:amount|price|unit_?amount|total_?(?:amount|price|cost)?|sub_?total|cost|fee|discount|currency|tip)"
)
_SURE_NAMES = r"(?:amount\w*|unit_?(?:amount|price)\w*|price\w*|currency|total_?(?:amount|price)|cost)"
_CONVERTS = (
    r"(?:Number|parseInt|parseFloat|BigInt|String|Decimal|int|float|str|round|abs|to_?cents|intval|floatval|(?:Number|Math"
    r"|decimal|BigDecimal|Dinero|Integer|Long)\.\w+|(?:new )?(?:Big|Decimal|Money|Dinero)|\w*cents\w*|\w*[pP]arse\w*)"
)
_WRAPPED = rf"(?:\(?{_CONVERTS}\(\s*|\+|\(|\[){{0,4}}"
_REQUEST = (
    r"(?:(?:req|request|ctx(?:\.request)?|c\.req|event|context\.request)\.(?:body|json|form|data|get_json\(\)|POST|"
    r"request_body)(?:\(\))?|JSON\.parse\(event\.body\)|\$_(?:POST|REQUEST|GET)|req\.query|request\.(?:query|"
    r"args|values|GET)|"
    r"req\.params|request\.params|ctx\.query)"
)
_PICKED = r"(?:\.get\(|\?\.|\.|\[|->)\s*[\"']?"
_CLIENT_AMOUNT = (
    rf"\b{_NAMES}\w*[\"']?\s*(?::=|=>|[:=])\s*{_WRAPPED}(?:req|request|ctx\.request)\.(?:body|params|json|form|"
    rf"get_json)\b"
    rf"|\b(?:unit_?)?(?:amount|currency)\w*[\"']?\s*(?::=|=>|[:=])\s*{_WRAPPED}{_REQUEST}"
    rf"|[,:=\[(]\s*{_WRAPPED}{_REQUEST}{_PICKED}{_SURE_NAMES}[\"']?[\])]{{0,4}}\s*(?:[,;}}*\n]|\)|\|\||\?\?)"
    rf"|\{{[^{{}}]{{0,200}}\b(?:amount|price|total|unit_?amount|total_?(?:price|amount)|"
    rf"currency)\b[^{{}}]{{0,200}}\}}\s*=\s*"
    r"(?:await\s+)?(?:req|request|ctx\.request|c\.req)\.(?:body|params|json\(\))"
    r"|\{[^{}]{0,200}\b(?:amount|unit_?amount|currency)\b[^{}]{0,200}\}\s*=\s*(?:await\s+)?(?:req|request)\.query\b"
    rf"|\$\w*{_NAMES}\w*\s*=\s*{_WRAPPED}\$(?:_(?:POST|REQUEST|GET)\[|request->(?:input\(|get\(|post\()?)"
    rf"|\b{_NAMES}\w*[\"']?\s*(?::|=>?|:=)\s*{_WRAPPED}params\[:?[\"']?{_NAMES}"
    r"|\b(?:FormValue|PostFormValue|PostForm|Query|getParameter|DefaultPostForm)\(\s*\"(?:amount|price|total|"
    r"currency)\""
    r"|\b(?:amount|price|total|cost)\w*[\"']?\s*[:=]\s*"
    rf"{_WRAPPED}(?:localStorage|sessionStorage)\.getItem\("
    rf"|<input\b[^>\n]{{0,120}}\btype=[\"']hidden[\"'][^>\n]{{0,120}}\bname=[\"'](?:amount|price|total|"
    rf"unit_?amount|currency)[\"']"
    rf"|<input\b[^>\n]{{0,120}}\bname=[\"'](?:amount|price|total|"
    rf"unit_?amount)[\"'][^>\n]{{0,120}}\btype=[\"']hidden[\"']"
    r"|@RequestParam[^,;{\n]{0,60}\b(?:amount|price|total)\b"
)
# what the client sent, once it has a name of its own, counts only where money moves
_RECEIVED_AMOUNT = compile_phrase(
    rf"(?i)\b(?:amount|unit_?amount|price|total)\w*[\"']?\s*(?::=|=>?|:)\s*{_WRAPPED}\$?"
    r"(?:body|payload|data|input|form|json|params|dto|event|payment_?data|req|request)"
    r"(?:\.get\(|\?\.|\.|\[|->)\s*[\"':]?(?:amount|price|total|unit_?amount)"
    r"|\bclass\s+\w+\((?:BaseModel|Schema|Serializer|serializers\.\w+)\):(?:[^\n]*\n[ \t]+){1,12}?"
    r"(?:amount|price|total)\w*\s*[:=]"
    r"|\bz\.object\(\{[^{}]{0,300}\b(?:amount|price|total)\w*\s*:\s*z\."
)
_MONEY_SUM = r"(?:prices?|amounts?|sub_?totals?|fees?|tax(?:es)?|discounts?|commissions?|vat)"
_PRICE_LOGIC = (
    r"\b(?:sub_?total|total|amount)\w*\s*\*\s*[\w.]*(?:coupon|discount|percent|fee|tax)|\b(?:calculate|calc|"
    r"compute|apply|adjust|determine|recalculate|estimate|set|update|get)_?"
    r"(?:total|order|cart|item|unit|final|base|new|platform|service|application|sales|promo\w*|bulk|member|"
    r"delivery|shipping|"
    r"transaction|processing|dynamic|late|bulk_)*_?"
    r"(?:prices?|pricing|fees?|tax(?:es)?|discounts?|commissions?|vat|surcharges?|interest|proration|coupons?|"
    r"cart_?total|"
    r"order_?total|total_?price|total_?amount)(?:_?(?:for|rate|amount|code|by|with)\w*)?\s*\("
    r"|\b(?:const |let |var |final |public |static |private )?(?:platform|application|service|transaction|processing|"
    r"commission|vat|sales|tax|discount|late|stripe|seller|market\w*)_?(?:fee|tax|rate|discount|percent(?:age)?|"
    r"commission)"
    r"\w*\s*(?::\s*\w+\s*)?=\s*0?\.\d"
    rf"|\b\w*{_MONEY_SUM}\w*\s*(?:[-*/+]=\s*|"
    rf"=\s*[^=;\n]{{0,60}}\b\w*{_MONEY_SUM}\w*(?:[\"']?\])?\s*[*/]\s*)(?:\(|[\w.])"
    r"|\b(?:unit_?)?(?:price|fee|discount|commission|sub_?total|tax)\w*(?:[\"']?\])?\)?\s*\*\s*(?:\(?1\s*[-+]|"
    r"0?\.\d|[\w.]*"
    r"(?:rate|percent|quantity|qty|tax|discount|multiplier|surge|factor))"
)
_GIVEN_AWAY = (
    r"\bunit_?amount[\"']?\s*[:=]>?\s*0\b(?:[^.\d]|$)|\bpercent_?off[\"']?\s*[:=]>?\s*100\b"
    r"|\bset [\"`]?(?:unit_)?price(?:_cents)?[\"`]?\s*=\s*0\b(?:[^.\d]|$)"
    r"|\b(?:order|product|plan|cart|item|subscription|invoice|booking|line_?item)(?:\.|->|\[[\"'])"
    r"(?:price|total|amount|total_?price|amount_due)(?:[\"']\])?\s*=\s*0\b(?:[^.\d]|$)"
    r"|\bdiscount_?(?:percent(?:age)?|pct)\w*[\"']?\s*[:=]\s*100\b"
)

_PATTERN_RULES = (
    PatternRule(
        id="finance.client_sets_amount",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Lets the client set the amount",
        confidence=0.85,
        examples=(
            "```js\nconst intent = { amount: req.body.amount, currency: 'eur' };\n```",
            "```js\nconst { price, item } = req.body;\n```",
            "```python\namount = request.json['amount']\n```",
            "```js\ncharge({ amount: Math.round(Number(req.body.amount) * 100) });\n```",
            "```php\n$amount = $_POST['amount'];\n```",
        ),
        lookalikes=(
            "```js\nconst amount = priceList[req.body.plan];\n```",
            "```js\ncharge({ amount: prices.of(req.body.plan), currency: 'eur' });\n```",
            "```js\n// amount: req.body.amount would be wrong\nconst amount = plan.amount;\n```",
            "```js\nconst maxPrice = Number(req.query.maxPrice);\n```",
            "```js\nif (!req.body.amount) return res.status(400).end();\n```",
            "```js\nconst total = await Order.count({ where: { status: req.query.status } });\n```",
        ),
        pattern=rf"(?i){_CLIENT_AMOUNT}",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="finance.price_logic",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Works out prices, fees, taxes or discounts",
        confidence=0.6,
        examples=(
            "```js\nfunction calculateFee(order) { return order.total * 0.029 + 30; }\n```",
            "```python\nPLATFORM_FEE_RATE = 0.12\n```",
            "```python\ntotal_price = unit_price * quantity\n```",
        ),
        lookalikes=(
            "```js\nfunction formatPrice(value) { return value.toFixed(2); }\n```",
            "```python\nlearning_rate = 0.01\n```",
            "```sql\nSELECT price FROM products WHERE price > 5;\n```",
        ),
        pattern=rf"(?i){_PRICE_LOGIC}",
        where=Where.ANYWHERE,
    ),
    PatternRule(
        id="finance.given_away",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Sets a price to nothing or a discount to everything",
        confidence=0.75,
        examples=(
            "```js\nawait save({ unit_amount: 0, currency: 'eur' });\n```",
            "```sql\nUPDATE products SET price = 0 WHERE id = 7;\n```",
            "```js\norder.total = 0;\n```",
        ),
        lookalikes=(
            "```js\nlet total = 0;\n```",
            "```js\nconst invoice = { unit_amount: 0.5 };\n```",
            "```sql\nSELECT * FROM products WHERE price = 0;\n```",
        ),
        pattern=rf"(?i){_GIVEN_AWAY}",
        where=Where.ANYWHERE,
    ),
)
_CLIENT_SETS = _PATTERN_RULES[0]

_TRUSTS_CLIENT = Rule(
    id="insecure.trusts_client_amount",
    hazard=Hazard.INSECURE_CODE,
    title="Believes the client's word for what something costs",
    confidence=0.6,
    examples=(
        "```js\nconst intent = { amount: req.body.amount, currency: 'eur' };\n```",
        "```python\namount = request.json['amount']\n```",
    ),
    lookalikes=(
        "```js\ncharge({ amount: prices.of(req.body.plan), currency: 'eur' });\n```",
        "```js\nif (!req.body.amount) return res.status(400).end();\n```",
    ),
)

RULES: tuple[Rule, ...] = (*_PATTERN_RULES, _TRUSTS_CLIENT)
_SCANNER = Scanner(_PATTERN_RULES)


def analyze(document: Document, *, outside: Sequence[Span] = ()) -> Iterator[Finding]:
    """Yield where amounts come from the client, are worked out or given away, `outside` the given spans."""
    for finding in _SCANNER.scan(document, outside=outside):
        yield finding
        if finding.rule == _CLIENT_SETS.id:
            yield _TRUSTS_CLIENT.finding_at(document, finding.start, finding.end)
    for start, end in blocks_of_code(document, outside):
        received = _RECEIVED_AMOUNT.search(document.running, start, end)
        if received is not None and first_move(document, start, end) is not None:
            yield _CLIENT_SETS.finding(document, *received.span())
            yield _TRUSTS_CLIENT.finding(document, *received.span())
