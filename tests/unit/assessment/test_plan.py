"""Mitigation plans: a concrete measure for the thing itself answers; good intentions answer nothing."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.assessment import MitigationPlan
from tests.unit.assessment.proposals import assessed

TRUNCATION = "```sql\nTRUNCATE audit_rows;\n```"
BOILERPLATE = (
    "Add scheduled audits with hard pass/fail gates",
    "Track leading indicators and alert on trend change",
    "Prefer reversible rollouts; keep rollback artifacts warm and tested",
    "We take great care and test everything",
)


def _plan(proposal: str, *mitigations: str, risks: tuple[str, ...] = (), severity: int = 4) -> MitigationPlan:
    return assessed(proposal, severity=severity, risks=risks, mitigations=mitigations).plan


def test_a_harmless_report_needs_no_plan() -> None:
    assert _plan("Fix a typing error in the footer.", risks=("A typing error stays",)) == MitigationPlan(
        (), ()
    )


def test_boilerplate_answers_nothing() -> None:
    risks = ("Slow failure: unnoticed degradation", "Incentive drift: people get used to good news")
    assert _plan(TRUNCATION, *BOILERPLATE, risks=risks) == MitigationPlan(
        addressed=(), unaddressed=("destructive_data", "risk:0", "risk:1")
    )


@pytest.mark.parametrize(
    ("mitigation", "answers"),
    [
        ("Take a snapshot of the table right before and restore it on failure", True),
        ("pg_dump of audit_rows is stored for thirty days", True),
        ("No snapshot of the table is needed", False),
        ("Take a snapshot", False),
        ("Watch the table closely", False),
    ],
)
def test_a_hazard_is_answered_by_a_measure_for_the_thing_itself(mitigation: str, answers: bool) -> None:
    expected = (
        MitigationPlan(("destructive_data",), ()) if answers else MitigationPlan((), ("destructive_data",))
    )
    assert _plan(TRUNCATION, mitigation) == expected


def test_a_stated_risk_is_answered_by_a_measure_that_names_it() -> None:
    risks = ("Duplicate webhooks could book an invoice twice", "The greeting could be long")
    plan = _plan(
        "```js\nawait stripe.invoices.create({});\n```",
        "Each webhook carries an idempotency key, so that an invoice is booked once",
        risks=risks,
    )
    assert plan == MitigationPlan(addressed=("financial_flow", "risk:0"), unaddressed=("risk:1",))


def test_a_grave_claim_without_findings_needs_a_plan_for_its_risks() -> None:
    assert _plan("Fix a typing error.", risks=("Orders are lost",), severity=30) == MitigationPlan(
        (), ("risk:0",)
    )


def test_each_weighty_hazard_is_asked_for() -> None:
    plan = _plan(
        TRUNCATION + "\n\nThe agent approves its own pull requests.",
        "Back up the table before, keep the copy for a week",
    )
    assert plan == MitigationPlan(addressed=("destructive_data",), unaddressed=("oversight_evasion",))
