"""Money and decisions of models: where words and names are read, and what only reads them."""

from __future__ import annotations

import pytest

from tests.unit.assessment.proposals import a_file, rules_found

PAYMENT_FILES = [
    "stripeConfig.js",
    "src/paymentService.ts",
    "lib/PayPalClient.php",
    "server/billing/cycle.py",
    "config/stripe-keys.env",
    "app/services/refund_service.rb",
]
OTHER_FILES = [
    "src/loadBalancer.js",
    "components/PricingTable.jsx",
    "migrations/002_create_payments_table.sql",
    "tests/paymentsControllerTest.js",
    "docs/billing.md",
    "src/subscribe.js",
]


@pytest.mark.parametrize("path", PAYMENT_FILES)
def test_a_file_of_the_payments_is_known_by_its_name(path: str) -> None:
    assert "finance.payment_file" in rules_found(a_file(path, "placeholder = 1"))


@pytest.mark.parametrize("path", OTHER_FILES)
def test_a_name_that_only_sounds_like_money_is_no_payment_file(path: str) -> None:
    assert "finance.payment_file" not in rules_found(a_file(path, "placeholder = 1"))


def test_code_counts_whether_it_is_fenced_or_not() -> None:
    code = "const hook = app.post('/webhook', (req, res) => {\n  if (req.body.type === 'invoice.paid') grant();\n});"
    assert "finance.unverified_webhook" in rules_found(f"Add this:\n\n{code}\n")
    assert "finance.unverified_webhook" in rules_found(f"Add this:\n\n```js\n{code}\n```\n")


def test_what_a_test_charges_is_no_charge() -> None:
    code = "await stripe.charges.create({ amount: 5 });"
    assert {"finance.charge"} & rules_found(a_file("src/pay.js", code)) == {"finance.charge"}
    assert {"finance.charge"} & rules_found(a_file("tests/pay.test.js", code)) == set()


def test_words_beside_a_whole_file_are_no_plan() -> None:
    said = "Raise the prices of all plans by ten percent."
    assert "finance.changes_payments" in rules_found(said)
    assert "finance.changes_payments" not in rules_found(
        f"{said}\n\n{a_file('src/a.css', 'p { color: red; }')}"
    )


def test_a_plan_that_only_reads_money_is_quiet() -> None:
    assert rules_found("Show the refunds of each week on the dashboard.") == set()
    assert rules_found("Payments stay exactly as they are.") == set()
