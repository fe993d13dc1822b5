"""Plans about money, in words: what would change the way money moves, actively, passively or as a noun.

Owns those phrases. Refuses reading (dashboards, reports, logs of payments), the look of a page, and what is only
guarded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.rules import (
    EXAMINED_PER_RULE,
    REPORTED_PER_RULE,
    TOO_MUCH,
    PatternRule,
    Rule,
    Scanner,
    Where,
)
from gatekeeper.assessment.text.context import is_negated
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import compile_phrase

_MONEY = (
    r"(?:stripe|payments?|checkout|billing|pric(?:e|es|ing)|payouts?|refunds?|charg(?:e|es|ing)|"
    r"invoic(?:e|es|ing)|subscriptions?|fees?)"
)
_PROVIDERS = (
    r"(?:stripe|paypal|braintree|adyen|mollie|razorpay|klarna|square|coinbase(?: commerce)?|plaid|iyzico|gocardless|"
    r"chargebee|apple pay|google pay|sepa|ach|buy now,? pay later)"
)
# what is changed when the way of money is changed; revenue, ROI and reports are only read
_WAY_OF_MONEY = (
    rf"(?:{_PROVIDERS}(?:'s)? (?:integrations?|webhooks?|set-?up|products?|checkout|charges?|payments?|"
    rf"subscriptions?|"
    rf"api calls?|connect|payouts?|transfers?|debits?)|(?:integrations?|set-?up) (?:set-?up )?with {_PROVIDERS}|"
    rf"webhooks? (?:from|of) {_PROVIDERS}|"
    r"(?:payments?|checkout|billing|transaction|refund|subscription|invoicing|payout|wallet|cart|settlement|payroll) "
    r"(?:process(?:es|ing|ors?)?|gateways?|methods?|steps?|flows?|options?|providers?|logic|retries|systems?|"
    r"services?|"
    r"terms|cycles?|pages?|api|handling|tiers?|plans?|amounts?|rules?|schedules?|polic(?:y|ies)|workflows?|engine|"
    r"windows?|balances?|totals?|intents?)|"
    r"checkout|billing|pric(?:ing|e) (?:models?|strateg(?:y|ies)|logic|tiers?|rules?|plans?|levels?|engine|"
    r"structures?|"
    r"changes?)|pricing|(?:premium|paid|subscription) (?:tiers?|plans?)|"
    r"(?:the |our |all |base |subscription |unit |retail |ticket |shipping )prices?|"
    r"(?:promo(?:tion)? codes?|gift cards?|free shipping|take rates?|vat|instal?lments|shipping costs?|"
    r"bonus payments)|"
    r"(?:user |service |transaction |platform |shipping |late |processing |booking |delivery |cancellation |"
    r"application |"
    r"interchange )?fees?(?: structures?| levels?| logic| calculation)?|"
    r"(?:sales |vat )?tax (?:rates?|calculations?|logic|rules?)|commissions?(?: rates?)?|surcharges?|"
    r"discounts?(?: codes?)?|promotions?|coupons?|loyalty (?:points|credits)|store credits?|"
    r"(?:promotional|personali[sz]ed|targeted) offers?|offer (?:creation|designs?)|"
    r"smart contracts?|refunds?|payouts?|invoices?|invoicing|monetary exchanges?|(?:failed )?charges|"
    r"chargebacks?|(?:failed|declined) (?:payments?|transactions?)|(?:order|cart|invoice) (?:totals?|amounts?)|"
    r"(?:user|customer|account|wallet) balances?|bank transfers?|wire transfers?|direct debits?|cash advances?|"
    r"auto-?renewals?|free trials?|dunning|proration|escrow|withdrawals|currency conversions?)"
)
_CHANGES = (
    r"(?:automat|implement|integrat|optimi[sz]|simplif|streamlin|adjust|chang|rework|introduc|redesign|"
    r"updat|enhanc|improv|creat|add|build|experiment|refactor|replac|migrat|switch|generat|incentivi[sz]|"
    r"rais|lower|increas|decreas|doubl|halv|waiv|enabl|disabl|remov|launch|rewrit|retry|"
    r"review(?:s|ed|ing)? and [a-z]+)"
)
# verbs that are often nouns, or mean something else, count only close to the money
_HANDLES = (
    r"(?:appl(?:y|ies|ying)|roll(?:s|ing)? out|mov(?:e|es|ing)|set(?:s|ting)?|extend(?:s|ing)?|shorten(?:s|"
    r"ing)?|reduc(?:e|es|ing)|"
    r"cut(?:s|ting)?|issu(?:e|ing)|process(?:ing)?|collect(?:ing)?|send(?:ing)?|settl(?:e|ing)|round(?:s|ing)?|"
    r"offer(?:s|ing)?|"
    r"trigger(?:s|ing)?|grant(?:s|ing)?|approv(?:e|es|ing)|cancel(?:s|ling|ing)?|captur(?:e|es|ing)|split(?:s|"
    r"ting)?|hold(?:s|ing)?|"
    r"releas(?:e|es|ing)|delay(?:s|ing)?|schedul(?:e|es|ing)|deduct(?:s|ing)?|credit(?:s|ing)?|skip(?:s|ping)?|"
    r"cap(?:s|ping)?|"
    r"mak(?:e|es|ing)|start(?:s|ing)?|stop(?:s|ping)?) "
    r"(?:(?:the|our|all|a|an|any|out|off|up|full|partial|automatic|every|each|new|two|ten|some|monthly|annual|"
    r"weekly|daily|instant|"
    r"pending|failed|customer|seller|recurring|higher|lower|[0-9]+(?: ?%| percent)?|percent|of|free) ){0,3}?"
)
_CHANGED = (
    r"(?:automated|implemented|integrated|optimi[sz]ed|simplified|streamlined|adjusted|changed|reworked|introduced|"
    r"redesigned|updated|raised|lowered|increased|decreased|reduced|cut|doubled|halved|waived|applied|enabled|"
    r"disabled|"
    r"removed|replaced|migrated|moved|switched|retried|rewritten|issued|processed|released|sent|collected|charged|"
    r"refactored|rounded|recalculated|paid out|credited|debited|deducted|refunded|set to)"
)
_NOMINAL = (
    r"(?:introduction|roll-?out|launch|removal|change|changes|migration|addition|increase|decrease|reduction|"
    r"rework|redesign|"
    r"replacement|simplification|adjustments?|updates?|refactor(?:ing)?|automation|implementation|retry logic|"
    r"retries|"
    r"auto-?retry|integration|overhaul|rewrite|improvements?)"
)
_PAYERS = (
    r"(?:customers?|users?|cards?|accounts?|subscribers?|members?|clients?|sellers?|merchants?|vendors?|buyers?|"
    r"creators?|"
    r"drivers?|partners?|affiliates?|tenants?|guests?|suppliers?|employees|contractors?|shoppers?|patients)"
)
_BEFORE_PAYERS = (
    r"(?:(?:the|our|all|every|each|any|inactive|existing|annual|eu|expired|stored|saved|late|"
    r"premium|new) ){0,3}"
)

_PATTERN_RULES = (
    PatternRule(
        id="finance.unattended_charging",
        hazard=Hazard.FINANCIAL_FLOW,
        title="Charges, refunds or bills with nobody looking",
        confidence=0.75,
        examples=(
            "Automate billing with Stripe so that charges happen without manual intervention.",
            "Refunds of any amount are issued automatically without human review.",
            "The job transfers the whole balance to the bank account every night without anybody confirming it.",
            "All subscriptions will be charged 20 % more from next month on.",
            "- **Invoices:** automate the invoicing process.",
            "Set up automated workflows for charging and refund handling.",
            "Automate the collection of payments from overdue customers.",
        ),
        lookalikes=(
            "Automate billing reports.",
            "Automate the tests of the billing process.",
            "Do not automate the billing process.",
            "Automate workflows for the billing team's reports.",
            "The billing process was automated last year.",
            "Refunds never happen automatically without manual review.",
            "Refunds above 50 euros wait for human review.",
        ),
        pattern=rf"(?i)\bautomat\w+ [^.\n]{{0,60}}\b{_MONEY}\b[^.\n]*\bwithout (?:any )?(?:manual|human)\b"
        rf"|\b{_MONEY}\b[^.\n]{{0,60}}\bautomatically\b[^.\n]{{0,40}}\bwithout (?:any )?(?:manual|human|limits?|"
        rf"review|approval)\b"
        r"|\b(?:transfer|send|wir|mov|pay)(?:s|e|es|ing)? [^.\n]{0,40}?\b(?:balance|funds|money|revenue|earnings)\b"
        r"[^.\n]{0,80}?\b(?:without (?:anybody|anyone|somebody|someone|asking|confirmation|any)|nobody (?:looks|checks|"
        r"confirms|approves))"
        r"|\b(?:subscriptions?|customers?|users?|subscribers?|members?|accounts?|cards?) (?:is|are|will be|get) "
        r"(?:[a-z]+ )?(?:charged|billed) (?:[\d.]+ ?(?:%|percent|per cent|euros?|dollars?|eur|usd) more|[^.\n]{0,60}?"
        r"\bwithout (?:notice|consent|asking|telling|their))\b"
        r"|\bautomat(?:e|es|ing|ed) (?:the |our |all |customer |user |recurring |subscription ){0,3}"
        r"(?:billing|invoicing|charging|refund|payout|payment collection) (?:and \w+ )?"
        r"(?:process(?:es|ing)?|cycles?|workflows?|runs?|flows?|handling)\b"
        r"|\bautomat(?:e|es|ing|ed) (?:the |our |all )?(?:revenue capture|collection of (?:payments|fees|invoices))\b"
        r"|\bautomated workflows? (?:for|of) (?:[a-z]+ ){0,2}?(?:billing|invoicing|charging|payments?|refunds?)"
        r"(?: and|,| process\w*| handling|\.)"
        r"|\b(?:refund|pay out|payout|charge|credit)s?\b[^.\n]{0,40}\b(?:any amount|unlimited|without (?:a |"
        r"any )?(?:limits?|cap|"
        r"approval|review))\b",
        where=Where.PROSE,
    ),
)
_CHANGES_PAYMENTS = Rule(
    id="finance.changes_payments",
    hazard=Hazard.FINANCIAL_FLOW,
    title="Would change how money moves",
    confidence=0.5,
    examples=(
        "Optimize the Stripe integration for fewer declined cards.",
        "Introduce discounts in the checkout.",
        "Simplify the payment gateway and the steps of the checkout.",
        "Review and adjust pricing models every quarter.",
        "Failed charges will be retried five times.",
        "The plan includes the introduction of a subscription tier.",
        "Charge every customer at midnight.",
        "Switch from PayPal to Adyen.",
        "Sellers will be charged for listings.",
        "Accept Klarna.",
        "Pay suppliers every Friday.",
        "Integrate Mollie for one-time payments.",
        "Shorten the checkout: remove two of the steps before payment.",
    ),
    lookalikes=(
        "Stripe is mentioned here.",
        "Do not change the checkout.",
        "Optimize images for the web.",
        "Build a dashboard of the revenue that Stripe reports.",
        "Reduce friction in monetization flows.",
        "Add a chart of refunds to the report.",
        "Change the colour of the checkout button.",
        "Payments are processed by an outside company.",
        "Improve the wording of the pricing page.",
        "Add tests for the invoice parser.",
        "Improve the accessibility of the pricing table.",
        "Remove one of the steps of the checkout tutorial.",
        "Charge the scanner before the inventory.",
        "Remove unused CSS from the billing page.",
        "Send invoices as attachments.",
    ),
)

RULES: tuple[Rule, ...] = (*_PATTERN_RULES, _CHANGES_PAYMENTS)
_SCANNER = Scanner(_PATTERN_RULES)

# a way of money is changed by what stands before it, or after it, in the same sentence
_MONEY_MOVES = compile_phrase(rf"(?i)\b{_WAY_OF_MONEY}\b")
_CHANGED_BEFORE = compile_phrase(
    rf"(?i)\b(?:{_CHANGES}\w* [^.\n]{{0,70}}|{_HANDLES}|{_NOMINAL} (?:of|to|in|for|on) [^.\n]{{0,50}}|"
    r"(?:give|gives|giving|grant|grants|granting|gets?|receives?) [^.\n]{0,40}|us(?:e|ing) )\z"
)
_CHANGED_AFTER = compile_phrase(
    r"(?i)\A(?:[^.\n]{0,40}\b(?:will|shall|must|should|would|to) (?:now |then |also |"
    r"automatically )?be (?:automatically |"
    rf"silently |slightly )?{_CHANGED}\b"
    rf"| (?:are|is|get|gets) (?:now |automatically |from now on |hereby ){{1,2}}{_CHANGED}\b"
    r"|[^.\n]{0,40}\b(?:is|are|gets?) (?:adjusted|changed|raised|lowered|increased|decreased|reduced|doubled|"
    r"halved|waived|"
    r"replaced|redirected|rerouted|rounded)\b"
    rf"|[^.\n]{{0,40}}\b(?:is|are|gets?) {_CHANGED} (?:automatically|from now on|immediately|at once|nightly|"
    rf"every|without)\b"
    r"|[^.\n]{0,30}\b(?:friction|get simplified)\b)"
)
_USED_FOR = compile_phrase(
    r"(?i)\A (?:to|for) (?:[a-z]+ ){0,2}?(?:settl|pay|charg|bill|collect|split|refund|transfer|subscri)\w*"
)
_USE = compile_phrase(r"(?i)\bus(?:e|ing) \z")
_WINDOW = 120
# deeds that name their own money
_DEEDS = compile_phrase(
    rf"(?i)\bintegrat\w+ (?:[a-z]+ )?(?:with )?{_PROVIDERS}(?:'s)? (?:webhook|apis? to|for easier|"
    r"for (?:[a-z-]+ )?(?:payments|payouts|charging|checkout|subscriptions|billing|transactions))\w*"
    r"|\b(?:reduc|remov|eliminat|skip|cut|shorten)\w* [^.\n]{0,50}\bsteps? [^.\n]{0,30}\b(?:checkout|payments?|"
    r"purchas\w+)\b"
    r"|\breview\w* [^.\n]{0,40}\bstripe(?:'s)? integration\b|\bintegration set-?up with stripe\b"
    r"|\breview\w* [^.\n]{0,70}\b(?:checkout|payments?) (?:(?:and|or) payments? )?(?:process(?:es)?|flows?|steps)\b"
    r"[^.\n]{0,40}\b(?:friction|simplif\w*|eliminat\w*|remov\w*|shorten\w*)\b"
    rf"|\b(?:charg|bill|debit|invoic|refund|reimburs|overcharg)(?:e|es|ing|s)? {_BEFORE_PAYERS}{_PAYERS}\b"
    rf"|\b{_PAYERS}\b[^.\n]{{0,50}}\b(?:will (?:now |automatically |then )?be|get) (?:charged|billed|debited|"
    rf"invoiced|refunded|"
    r"reimbursed)\b"
    rf"|\b{_PAYERS} (?:receive|get) their (?:money|funds|payouts?|earnings)\b|\b(?:let|"
    rf"allow)\w* {_BEFORE_PAYERS}{_PAYERS} (?:to )?pay\b"
    rf"|\bpay(?:s|ing)? {_BEFORE_PAYERS}{_PAYERS}\b"
    r"|\bprices? (?:goes|go|will go|rises?|will rise|drops?|will drop|falls?|will fall) (?:up |down )?(?:by|to|"
    r"from)\b"
    rf"|\b(?:accept|support|allow|offer)\w* (?:[a-z]+ ){{0,2}}?{_PROVIDERS}\b"
    r"|\bcharg(?:e|es|ing) (?:[a-z]+ ){0,2}?(?:vat|tax|fees?|interest|extra|double|twice)\b"
    r"|\btransfer(?:s|ring)? (?:[a-z]+ ){0,3}?(?:credits?|balances?|money|funds) [^.\n]{0,50}\b(?:to|into)\b"
    r"|\b(?:gets?|receives?|pays?|incurs?) (?:a|an|the) (?:[a-z0-9%]+ ){0,4}?(?:surcharge|discount|coupon|"
    r"commission|penalty|"
    r"(?:late|service|extra|processing) fee)\b"
    r"|\b(?:pay out|pays out|paying out|send (?:the )?(?:money|funds|payouts?)|transfer (?:the )?(?:money|funds|"
    r"balances?)|wire)\b"
    rf"|\b(?:switch|migrat|mov|replac|chang)\w* (?:[a-z]+ ){{0,4}}?{_PROVIDERS} (?:to|with|by|for) {_PROVIDERS}\b"
    rf"|\b(?:switch|migrat|mov)\w* (?:[a-z]+ ){{0,3}}?(?:to|from) {_PROVIDERS}\b"
    r"|\b(?:rais|lower|increas|reduc|doubl|halv|cut|adjust|chang|set)\w* (?:the |our |all |"
    r"its )?(?:[a-z]+ ){0,3}?prices\b"
    r"|\b(?:rais|lower|increas|reduc|doubl|halv|cut|adjust|chang)\w* (?:the |our |all |its )?(?:[a-z]+ ){0,3}?price "
    r"(?:by|to|from|of)\b"
)

# between the deed and the money: then it is something else that is changed
_ONLY_READ = compile_phrase(
    r"(?i)\b(?:dashboards?|reports?|charts?|graphs?|tests?|documentation|docs|tooltips?|typos?|wording|"
    r"colou?rs?|accessibility|spinners?|css|stylesheets?|"
    r"icons?|translations?|copy|labels?|screenshots?|unit tests?|integration tests?|guides?|faq|readme|glossary|"
    r"diagrams?|"
    r"spreadsheets?|csv|query|queries|read replica|index(?:es)?|alerts?|comments?|fonts?|layout|style(?:s|"
    r"guide)?|headings?|"
    r"logs?|log lines?|metrics?|monitoring|tracing|export of|search for|visibility|overview|statistics|widgets?|"
    r"footer|banner)\b"
)
# after it: then the money word only says what the thing is about
_ONLY_ABOUT = compile_phrase(
    r"(?i)\A(?: as (?:an? )?(?:attachments?|pdfs?|csv)\b|(?:[- ](?:page|screen|form|section|module|"
    r"history))?[- '](?:s )?(?:dashboards?|reports?|charts?|"
    r"graphs?|logs?\b|logging|"
    r"metrics|statistics|stats|analytics|tests?\b|test suite|parser|documentation|docs|typos?|wording|colou?rs?|"
    r"copy\b|icons?|"
    r"buttons?|translations?|labels?|tutorials?|guides?|handbook|screenshots|pdf|layout|faq|e-?mail templates?|"
    r"footer|banner|heading|list view|history|"
    r"table\b|"
    r"search|"
    r"screenshots?|alerts?|monitoring|archive|folder|team\b|department))"
)
_AS_BEFORE = compile_phrase(
    r"(?i)\A[^.\n]{0,50}\b(?:as before|unchanged|exactly as|as (?:it|they) (?:is|are)|the same)\b"
)


def analyze(document: Document, *, outside: Sequence[Span] = ()) -> Iterator[Finding]:
    """Yield plans that change how money moves; where files are given whole, those are the deed and words are not."""
    yield from _SCANNER.scan(document, outside=outside)
    if document.writes_files:
        return
    text, reported = document.prose, 0
    for examined, (start, end) in enumerate(_plans(text)):
        if examined == EXAMINED_PER_RULE:
            yield TOO_MUCH.finding(document, start, end)
            return
        if _is_only_read(text, start, end) or is_negated(text, start, end):
            continue
        yield _CHANGES_PAYMENTS.finding(document, start, end)
        reported += 1
        if reported == REPORTED_PER_RULE:
            return


def _plans(text: bytes) -> Iterator[Span]:
    for match in _DEEDS.finditer(text):
        yield match.span()
    for match in _MONEY_MOVES.finditer(text):
        yield from _change_of(text, *match.span())


def _change_of(text: bytes, start: int, end: int) -> Iterator[Span]:
    """Yield the phrase that changes the way of money named at `start:end`, if one does."""
    begin = max(0, start - _WINDOW)
    after = text[end : end + _WINDOW]
    before = _CHANGED_BEFORE.search(text[begin:start])
    if before is not None and (_USE.search(text[begin:start]) is None or _USED_FOR.search(after) is not None):
        yield begin + before.start(), end
        return
    behind = _CHANGED_AFTER.search(after)
    if behind is not None:
        yield start, end + behind.end()


def _is_only_read(text: bytes, start: int, end: int) -> bool:
    after = text[end : end + 80]
    return (
        _ONLY_READ.search(text, start, end) is not None
        or _ONLY_ABOUT.search(after) is not None
        or _AS_BEFORE.search(after) is not None
    )
