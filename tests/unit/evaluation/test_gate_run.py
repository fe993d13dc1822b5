"""The gate on evidence only: what is withheld, which findings count, and both outcomes of one run."""

from dataclasses import replace
from datetime import UTC, datetime

from evaluation.gate_run import GateRun, hazards_found, on_evidence, run_gate
from evaluation.labels import Annotation, LabelledReport
from evaluation.prediction import Prediction
from gatekeeper.assessment.assess import assess
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.judge import Judge, Judgement
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.decision import Decision, Outcome, PolicyRef
from gatekeeper.policy.embedded import EmbeddedEngine
from tests.support.reports import a_report
from tests.support.workspace import REPOSITORY
from tests.unit.evaluation.rows import an_answer

AT = datetime(2026, 3, 1, tzinfo=UTC)


def a_finding(hazard, confidence):
    return Finding("invented.rule", hazard, "An invented finding", 0, 1, "x", confidence)


def test_the_authors_verdict_is_withheld_and_nothing_else():
    report = a_report(severity=60, block_execution=True, likelihood=5, damage=4, reversibility=3, p_fail=0.5)
    assert on_evidence(report) == replace(
        report, severity=1, block_execution=False, likelihood=None, damage=None, reversibility=None
    )


def test_a_finding_counts_from_one_half():
    findings = (
        a_finding(Hazard.INCOHERENT, 0.49),
        a_finding(Hazard.INFRA_CHANGE, 0.5),
        a_finding(Hazard.AI_DECISION, 0.2),
        a_finding(Hazard.AI_DECISION, 0.9),
    )
    assessment = replace(assess(a_report()), findings=findings)
    assert hazards_found(assessment) == {Hazard.INFRA_CHANGE, Hazard.AI_DECISION}


def test_claims_do_not_count():
    bundle = PolicyBundle.load(REPOSITORY / "policies")
    answer = Annotation(**an_answer(hazards=frozenset()))
    claimed = LabelledReport(a_report(severity=75, block_execution=True), answer, answer)
    run = run_gate(Judge(EmbeddedEngine(bundle), bundle.revision), [claimed, claimed], AT)
    assert run.by_policy() == run.by_severity() == [Prediction(Outcome.ALLOW, 1, frozenset())] * 2
    assert [spent >= 0 for spent in (*run.first_milliseconds, *run.milliseconds)] == [True] * 4


def test_policy_can_be_stricter_than_severity():
    report = a_report()
    blocked = Decision(Outcome.BLOCK, (), PolicyRef("sha256:0", "embedded"))
    judgement = Judgement(report, "sha256:0", assess(report), blocked, AT, False, {}, "regopy 1")
    run = GateRun((judgement,), (1.0,), (1.0,))
    assert run.by_policy() == [Prediction(Outcome.BLOCK, 1, frozenset())]
    assert run.by_severity() == [Prediction(Outcome.ALLOW, 1, frozenset())]
