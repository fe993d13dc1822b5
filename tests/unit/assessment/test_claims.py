"""What an author states, beside what was found."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.assess import assess
from gatekeeper.assessment.assessment import Claim
from gatekeeper.proposals.statements import StatedBefore
from tests.support.reports import a_report

HARMLESS = "Rename the button on the settings page from Save to Apply."
TRUNCATE = "```sql\nTRUNCATE users;\n```"


def _claims(*before: StatedBefore, **fields: object) -> tuple[Claim, ...]:
    report = a_report(**{"risks": (), "mitigations": (), "severity": 1, "proposal": HARMLESS, **fields})
    return assess(report, before=before).claims


@pytest.mark.parametrize(
    ("proposal", "claimed", "rule"),
    [
        (TRUNCATE, 6, "claims.severity_understated"),
        (TRUNCATE, 60, None),
        (TRUNCATE, 30, None),
        (TRUNCATE, 29, "claims.severity_understated"),
        (HARMLESS, 6, None),
        (HARMLESS, 25, "claims.severity_overstated"),
        (HARMLESS, 24, None),
    ],
)
def test_a_claimed_severity_far_from_the_evidence_is_named(
    proposal: str, claimed: int, rule: str | None
) -> None:
    assert [each.rule for each in _claims(proposal=proposal, severity=claimed)] == ([rule] if rule else [])


def test_what_is_far_off_is_said_in_numbers() -> None:
    assert _claims(proposal=TRUNCATE, severity=6) == (
        Claim(
            "claims.severity_understated",
            "Claims far less severity than the evidence shows",
            "severity",
            "6 claimed, 60 assessed",
        ),
    )


def test_statements_repeated_but_for_a_date_are_boilerplate() -> None:
    stated = [StatedBefore((f"Slow decay by 202{year}-01-01",), ("Keep it reversible",)) for year in range(4)]
    fields = {
        "risks": ("Slow decay by 2031-12-24",),
        "mitigations": ("Watch the queue of the orders for decay",),
    }
    assert [(each.rule, each.about, each.title) for each in _claims(*stated, **fields)] == [
        ("claims.boilerplate_risks", "risks", "States the same risks as 4 of the submitter's last 4 reports")
    ]


def test_two_repeats_are_no_habit_and_nothing_stated_is_no_boilerplate() -> None:
    stated = StatedBefore(("Orders may be shown twice",), ())
    assert _claims(stated, stated, risks=("Orders may be shown twice",)) == ()
    assert _claims(StatedBefore((), ()), StatedBefore((), ()), StatedBefore((), ())) == ()


def test_a_mitigation_has_to_answer_a_stated_risk_or_a_finding() -> None:
    risks = ("Orders may be shown twice",)
    assert _claims(risks=risks, mitigations=("Compare the orders of both pages",)) == ()
    assert [each.rule for each in _claims(risks=risks, mitigations=("Keep morale high",))] == [
        "claims.mitigation_without_risk"
    ]
    about_found = {"risks": risks, "mitigations": ("Snapshot of invoices first",), "severity": 60}
    assert _claims(proposal=TRUNCATE.replace("users", "invoices"), **about_found) == ()


def test_reassurance_counts_only_against_evidence_and_undenied() -> None:
    assert _claims(proposal=HARMLESS + " This is completely safe.") == ()
    (claim,) = _claims(proposal=TRUNCATE + "\nThis is completely safe.", severity=60)
    assert (claim.rule, claim.excerpt) == ("claims.reassurance", "completely safe")
    assert _claims(proposal=TRUNCATE + "\nThis is not completely safe.", severity=60) == ()


def test_a_mitigation_repeated_or_made_of_a_risk_is_named() -> None:
    risks = ("Orders may be shown twice on the page",)
    assert [
        (each.rule, each.about)
        for each in _claims(
            risks=risks,
            mitigations=(
                "Prevent that orders could be shown twice on the page",
                "Compare the orders of both pages by number",
                "Compare orders of both pages by their number",
            ),
        )
    ] == [
        ("claims.repeated_mitigation", "mitigations/2"),
        ("claims.mitigation_restates_risk", "mitigations/0"),
    ]
    apart = ("Compare the orders of both pages", "Put back the old page if orders differ")
    assert _claims(risks=risks, mitigations=apart) == ()


@pytest.mark.parametrize("risk", ["None", "No known risks.", "n/a", "Minimal risk"])
def test_a_risk_that_denies_all_risk_counts_only_against_evidence(risk: str) -> None:
    found = _claims(proposal=TRUNCATE, severity=60, risks=(risk,))
    assert [(each.rule, each.about, each.excerpt) for each in found] == [
        ("claims.denies_risk", "risks/0", risk)
    ]
    assert _claims(proposal=HARMLESS, risks=(risk,)) == ()
    assert _claims(proposal=TRUNCATE, severity=60, risks=("No order is shown twice any more",)) == ()
