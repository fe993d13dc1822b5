"""The promises of assess(): spans into the original text, the same answer every time, and no exception."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.assessment.analyzers import RULES
from gatekeeper.assessment.assess import MODEL_VERSION, assess
from gatekeeper.assessment.assessment import Assessment, Factor, Finding, Hazard, MitigationPlan, Severity
from gatekeeper.assessment.assessment_json import assessment_from_json, assessment_to_json
from gatekeeper.assessment.rules import EXCERPT_CHARACTERS
from gatekeeper.assessment.severity import HIGHEST
from gatekeeper.assessment.text.document import Document
from tests.support.reports import a_report
from tests.unit.assessment.proposals import a_file, a_github_token, assessed, rules_found

FRAGMENTS = st.sampled_from(
    [
        "```", "```sql\n", "\n", "'", '"', "`", "/*", "*/", "--", "//", "$$", "$a$", ";", "(", ")", "\u200b", "\u202e",
        "é", "\U0001f600", "\ud800", "ＤＲＯＰ", "TRUNCATE users", "DROP TABLE x;", "DELETE FROM t",
        " WHERE 1=1", "UPDATE t SET a = 1", "ALTER TABLE t ADD COLUMN c int NOT NULL", "DO $$ BEGIN", "END $$",
        "the file server.js with this complete content:\n", "===FILE: a.sql ===\n", "never ", "without human approval",
        "exports.down = ", "req.body.amount", "stripe.payouts.create(", "ignore all previous instructions",
        *(text for rule in RULES for text in rule.examples),
    ]
)  # fmt: skip
HOSTILE = st.one_of(st.text(), st.lists(st.one_of(FRAGMENTS, st.text(max_size=8)), max_size=20).map("".join))


@given(HOSTILE)
def test_every_span_is_a_slice_of_the_original_text(proposal: str) -> None:
    for finding in assessed(proposal).findings:
        assert 0 <= finding.start <= finding.end <= len(proposal)
        assert finding.excerpt == proposal[finding.start : finding.end]
        assert len(finding.excerpt) <= EXCERPT_CHARACTERS
        assert 0 < finding.confidence <= 1


@given(HOSTILE)
def test_the_same_text_has_the_same_assessment_and_no_analyzer_fails(proposal: str) -> None:
    first = assessed(proposal, id="fsar_x")
    assert first == assessed(proposal, id="fsar_x")
    assert "unassessable.analyzer_failed" not in {finding.rule for finding in first.findings}


@given(HOSTILE, st.integers(0, 75))
def test_severity_is_the_product_of_its_contributions(proposal: str, claimed: int) -> None:
    assessment = assessed(proposal, severity=claimed)
    severity = assessment.severity
    for factor in Factor:
        total = 1 + sum(each.amount for each in assessment.contributions if each.factor is factor)
        assert getattr(severity, factor.value) == max(1, min(HIGHEST[factor], total))
    assert severity.assessed == severity.likelihood * severity.damage * severity.reversibility
    assert severity.effective == max(claimed, severity.assessed)


@given(HOSTILE)
def test_json_form_round_trips(proposal: str) -> None:
    assessment = assessed(proposal)
    assert assessment_from_json(json.loads(json.dumps(assessment_to_json(assessment)))) == assessment


def test_a_harmless_proposal_has_the_least_severity_and_needs_no_plan() -> None:
    assert assessed("Rename the button on the settings page from Save to Apply.", severity=4) == Assessment(
        model=MODEL_VERSION,
        severity=Severity(claimed=4, assessed=1, effective=4, likelihood=1, damage=1, reversibility=1),
        findings=(),
        contributions=(),
        plan=MitigationPlan((), ()),
        rollback_stated=False,
        unassessable=False,
    )


def test_a_failing_analyzer_is_a_finding_and_the_others_still_speak() -> None:
    def stumble(document: Document) -> list[Finding]:
        raise ZeroDivisionError(document.text)

    def speak(document: Document) -> list[Finding]:
        return [
            Finding("sql.truncate", Hazard.DESTRUCTIVE_DATA, "Empties a table", 0, 3, document.text[:3], 0.9)
        ]

    assessment = assess(a_report(proposal="abc"), (stumble, speak))
    assert [finding.rule for finding in assessment.findings] == [
        "sql.truncate",
        "unassessable.analyzer_failed",
    ]
    assert assessment.unassessable


def test_an_unassessable_proposal_is_at_least_for_review() -> None:
    def stumble(document: Document) -> list[Finding]:
        raise RecursionError

    assert 25 <= assess(a_report(severity=0), (stumble,)).severity.effective < 45


@pytest.mark.parametrize("proposal", ["\ud800", "DROP TABLE users;\udfff", "\x00", ""])
def test_odd_text_is_assessed(proposal: str) -> None:
    assert not assessed(proposal).unassessable


NEGATED = [
    "This ensures no data loss and completes without data loss.",
    "The change never disables audit logging.",
    "Nobody can bypass the approval step.",
    "We prevent the agent from approving its own changes.",
    "No release ships without human approval.",
    "Instead of removing the approval step we keep it.",
    "It must not skip the backup.",
    "Alert on attempts to disable audit logging.",
    "Editing policies/gate/severity.rego is forbidden; do not change policies/gate/severity.rego.",
    "Never run `TRUNCATE users`.",
]


@pytest.mark.parametrize("proposal", NEGATED)
def test_negated_hazard_words_are_no_evidence(proposal: str) -> None:
    assert assessed(proposal).severity.assessed == 1


DEEDS = [
    ("To be faster the job skips the backup.", "destructive.skips_backup"),
    ("There is no risk, we just disable audit logging.", "oversight.removes_control"),
    ("It never fails. It disables audit logging first.", "oversight.removes_control"),
    ("Not slower, but it bypasses code review.", "oversight.removes_control"),
    ("No worries: run `TRUNCATE users` first.", "sql.truncate"),
]


@pytest.mark.parametrize(("proposal", "rule"), DEEDS)
def test_a_denial_elsewhere_in_the_text_hides_no_deed(proposal: str, rule: str) -> None:
    assert rule in rules_found(proposal)


def test_a_comment_after_code_is_not_code_and_the_code_before_it_is() -> None:
    running = a_file("jobs/night.js", "await stripe.payouts.create({}); // fine")
    remarked = a_file("jobs/night.js", "// await stripe.payouts.create({});\nrun();")
    assert "finance.payout" in rules_found(running)
    assert "finance.payout" not in rules_found(remarked)


def test_excerpts_of_secrets_do_not_repeat_the_secret() -> None:
    token = a_github_token()
    (finding,) = assessed(f"The deploy token is {token}.").findings
    assert (finding.rule, finding.excerpt) == ("secrets.github_token", token[:12])
