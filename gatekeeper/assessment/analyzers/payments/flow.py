"""Payment flows: charging, payouts, refunds, amounts that a client sets, webhooks that nobody verifies.

Owns the order of the analyzers of money and the words without which none of them is asked. What a test or a document
does with money moves none.
"""

from __future__ import annotations

from collections.abc import Iterator

from gatekeeper.assessment.analyzers.payments import amounts as payment_amounts
from gatekeeper.assessment.analyzers.payments import calls as payment_calls
from gatekeeper.assessment.analyzers.payments import files as payment_files
from gatekeeper.assessment.analyzers.payments import parts as payment_parts
from gatekeeper.assessment.analyzers.payments import safeguards as payment_safeguards
from gatekeeper.assessment.analyzers.payments import webhooks as payment_webhooks
from gatekeeper.assessment.analyzers.payments import words as payment_words
from gatekeeper.assessment.assessment import Finding
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.document import Document

_MODULES = (
    payment_calls,
    payment_amounts,
    payment_safeguards,
    payment_webhooks,
    payment_files,
    payment_parts,
    payment_words,
)
RULES: tuple[Rule, ...] = tuple(rule for module in _MODULES for rule in module.RULES)
_MONEY = SIGNS.add(
    r"(?i)pay|\bbill|take rate|instal|shipping|[spr]k_test_|destination|stripe|braintree|adyen|mollie|klarna|"
    r"plaid|coinbase|iyzi|charg|refund|"
    r"invoic|billing|checkout|"
    r"pric[ei]|amount|"
    r"balance|wallet|fee[s_\s]|[_\s]fee|fees?\b|discount|coupon|commission|promotion|transfer|transaction|"
    r"revenue|subscription|"
    r"fraud|radar|3ds|3-?d\s*secure|credit|debit|\.call\{|monetary|smart contract|offer|\btax|\bvat\b|escrow|"
    r"ledger|withdraw|"
    r"deposit|disburse|settlement|donat|cvv|\bavs\b|\bkyc\b|\biban\b|wire|surcharge|dunning|proration|trials?\b|"
    r"\btip\b|\bcost|money|"
    r"total|cardelement|cc-number|card_?-?number|cvc"
)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what in a proposal touches money."""
    if not document.shows(_MONEY):
        return
    outside = [
        (artifact.start, artifact.end)
        for artifact in document.artifacts
        if artifact.path and payment_files.is_a_test(artifact.path)
    ]
    for module in _MODULES:
        yield from module.analyze(document, outside=outside)
