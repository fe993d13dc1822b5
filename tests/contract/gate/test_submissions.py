"""Submitting on both databases: judged, placed among revisions, recorded once, or not at all."""

import pytest

from gatekeeper.app import Gatekeeper
from gatekeeper.dossier import Verdict
from gatekeeper.errors import ConflictError, InvalidInputError, NotFoundError, NotPermittedError
from gatekeeper.ledger import log
from gatekeeper.policy.decision import Outcome
from gatekeeper.proposals.digest import report_digest
from gatekeeper.proposals.report import Report
from gatekeeper.proposals.revisions import State, VerdictOutcome
from tests.support.house import MINUTE, NOW, People
from tests.support.reports import a_blocked_report, a_report, a_report_for_review


def event_types(house: Gatekeeper, proposal_id: str) -> list[str]:
    return [entry.type for entry in house.dossiers.history(proposal_id)]


def test_a_harmless_report_passes_at_once(house: Gatekeeper, people: People):
    report = a_report()
    submission = house.gate.submit(report, people.bot, NOW)
    dossier = submission.dossier
    assert submission.created
    assert (dossier.id, dossier.revision, dossier.digest) == (report.id, 1, report_digest(report))
    assert (dossier.state, dossier.current, dossier.report) == (State.PASSED, True, report)
    assert dossier.decision.outcome is Outcome.ALLOW
    assert dossier.verdict == Verdict(VerdictOutcome.PASS, (), NOW, dossier.verdict.leaf, None)
    history = house.dossiers.history(report.id)
    assert [entry.type for entry in history] == ["proposal.submitted", "proposal.decided", "verdict.settled"]
    assert dossier.verdict.leaf == history[-1].index
    assert house.dossiers.get(report.id) == dossier
    assert log.verify(house.database).ok


def test_a_blocked_report_waits_for_people(house: Gatekeeper, people: People):
    dossier = house.gate.submit(a_blocked_report(), people.bot, NOW).dossier
    assert (dossier.state, dossier.decision.outcome) == (State.PENDING_REVIEW, Outcome.BLOCK)
    assert dossier.verdict == Verdict(VerdictOutcome.PENDING)
    assert dossier.review_due_at is not None
    assert dossier.review_due_at > NOW


def test_a_middling_report_without_a_plan_waits_for_review(house: Gatekeeper, people: People):
    dossier = house.gate.submit(a_report_for_review(), people.bot, NOW).dossier
    assert (dossier.state, dossier.decision.outcome) == (State.PENDING_REVIEW, Outcome.REVIEW)


def test_the_same_report_again_is_answered_with_what_was_recorded(house: Gatekeeper, people: People):
    report = a_blocked_report()
    first = house.gate.submit(report, people.bot, NOW)
    size = log.verify(house.database).size
    again = house.gate.submit(report, people.both, NOW + MINUTE)
    assert (again.dossier, again.created) == (first.dossier, False)
    assert log.verify(house.database).size == size


def test_a_changed_report_is_the_next_revision_and_ends_the_pending_one(house: Gatekeeper, people: People):
    report = a_blocked_report()
    changed = a_blocked_report(id=report.id, proposal="Another text altogether.")
    house.gate.submit(report, people.bot, NOW)
    house.reviews.vote(report.id, "approve", "fine", report_digest(report), people.rita, NOW)
    second = house.gate.submit(changed, people.bot, NOW + MINUTE).dossier
    first = house.dossiers.get(report.id, 1)
    assert (second.revision, second.votes, second.state) == (2, (), State.PENDING_REVIEW)
    assert (first.state, first.current, first.verdict.outcome) == (State.FAILED, False, VerdictOutcome.FAIL)
    assert [reason.code for reason in first.verdict.reasons] == ["superseded"]
    assert len(first.votes) == 1
    assert house.dossiers.get(report.id) == second


def test_an_earlier_revision_sent_again_stays_superseded(house: Gatekeeper, people: People):
    report = a_report()
    house.gate.submit(report, people.bot, NOW)
    house.gate.submit(a_report(id=report.id, proposal="Say hello."), people.bot, NOW)
    again = house.gate.submit(report, people.bot, NOW + MINUTE)
    assert (again.created, again.dossier.revision, again.dossier.current) == (False, 1, False)


def test_nobody_else_revises_a_proposal(house: Gatekeeper, people: People):
    report = a_blocked_report()
    before = house.gate.submit(report, people.bot, NOW).dossier
    with pytest.raises(NotPermittedError) as refused:
        house.gate.submit(a_report(id=report.id), people.both, NOW)
    assert refused.value.code == "not_your_proposal"
    assert house.dossiers.get(report.id) == before


def test_only_submitters_submit(house: Gatekeeper, people: People):
    report = a_report()
    with pytest.raises(NotPermittedError):
        house.gate.submit(report, people.rita, NOW)
    with pytest.raises(NotFoundError):
        house.dossiers.get(report.id)


def test_an_idempotency_key_is_answered_alike_and_belongs_to_one_report(house: Gatekeeper, people: People):
    report, other = a_report(), a_report()
    first = house.gate.submit(report, people.bot, NOW, idempotency_key="k1")
    assert house.gate.submit(report, people.bot, NOW + MINUTE, idempotency_key="k1") == first
    with pytest.raises(InvalidInputError) as refused:
        house.gate.submit(other, people.bot, NOW, idempotency_key="k1")
    assert refused.value.code == "idempotency_key_reused"
    assert house.gate.submit(other, people.both, NOW, idempotency_key="k1").created


def test_many_reports_are_recorded_in_order_each_with_its_own_answer(house: Gatekeeper, people: People):
    taken = a_report()
    house.gate.submit(taken, people.both, NOW)
    first, blocked = a_report(), a_blocked_report()
    second = a_report(id=first.id, proposal="Second thoughts.")
    answers = house.gate.submit_many(
        [first, a_report(id=taken.id, proposal="Mine now."), blocked, second, first], people.bot, NOW
    )
    assert isinstance(answers[1], NotPermittedError)
    kept = [answer for answer in answers if not isinstance(answer, Exception)]
    assert [(a.dossier.id, a.dossier.revision, a.created, a.dossier.current) for a in kept] == [
        (first.id, 1, True, False),
        (blocked.id, 1, True, True),
        (first.id, 2, True, True),
        (first.id, 1, False, False),
    ]
    for answer in kept:
        assert house.dossiers.get(answer.dossier.id, answer.dossier.revision) == answer.dossier
    report = log.verify(house.database)
    assert report.ok


def test_nothing_passes_while_the_gate_is_frozen(house: Gatekeeper, people: People):
    house.closures.freeze("incident 7", people.olga, NOW)
    dossier = house.gate.submit(a_report(), people.bot, NOW).dossier
    assert (dossier.state, dossier.decision.outcome) == (State.PENDING_REVIEW, Outcome.BLOCK)
    with pytest.raises(ConflictError):
        house.closures.freeze("again", people.oscar, NOW)
    with pytest.raises(NotPermittedError):
        house.closures.thaw(people.rita, NOW)
    house.closures.thaw(people.oscar, NOW)
    assert house.gate.submit(a_report(), people.bot, NOW).dossier.state is State.PASSED
    with pytest.raises(ConflictError):
        house.closures.thaw(people.oscar, NOW)


def test_an_inbox_lists_the_gravest_first_and_pages_without_gaps(house: Gatekeeper, people: People):
    severities = [30, 60, 30, 75, 48, 60]
    sent = [
        house.gate.submit(a_blocked_report(severity=s, mitigations=()), people.bot, NOW + MINUTE * n).dossier
        for n, s in enumerate(severities)
    ]
    expected = [sent[n].id for n in (3, 1, 5, 4, 0, 2)]
    seen, cursor = [], None
    while True:
        page = house.dossiers.page(states=[State.PENDING_REVIEW], cursor=cursor, limit=4, inbox=True)
        seen += [dossier.id for dossier in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == expected
    assert house.dossiers.count_by_state() == {"pending_review": 6}


@pytest.mark.parametrize("cursor", ["x", "W10", "bnVsbA", "WyJhIiwiYiJd", "é", "WzEsMl0" * 50])
def test_a_cursor_that_no_list_gave_is_refused(house: Gatekeeper, cursor: str):
    for inbox in (True, False):
        with pytest.raises(InvalidInputError) as refused:
            house.dossiers.page(cursor=cursor, inbox=inbox)
        assert refused.value.errors[0].pointer == "/cursor"


def test_the_fourth_report_with_the_same_statements_is_boilerplate(house: Gatekeeper, people: People):
    def claims(report: Report) -> list[str]:
        submission = house.gate.submit(report, people.bot, NOW)
        return [claim.rule for claim in submission.dossier.assessment.claims]

    revised = a_report()
    assert [claims(report) for report in (revised, a_report(), a_report())] == [[], [], []]
    assert claims(a_report(id=revised.id, proposal="Reword the greeting again.")) == []
    assert claims(a_report()) == ["claims.boilerplate_risks", "claims.boilerplate_mitigations"]
    assert [
        each.rule for each in house.gate.submit(a_report(), people.both, NOW).dossier.assessment.claims
    ] == []
