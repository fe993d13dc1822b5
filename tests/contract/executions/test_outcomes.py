"""Outcomes on both databases: who may report what, what a repetition and a contradiction are answered, and silence."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from gatekeeper.app import Gatekeeper
from gatekeeper.errors import (
    ConflictError,
    GatekeeperError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from gatekeeper.executions.execution import Evidence, Execution, ExecutionState, Outcome, ReportedOutcome
from gatekeeper.ledger import log
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.notices import Notice
from tests.support.executions import begin_execution
from tests.support.house import DAY, HOUR, MINUTE, NOW, People
from tests.support.reports import a_report

PROOF, OTHER = Evidence("https://ci.example.com/run/7", "a" * 64), Evidence("file:rollback.log", "b" * 64)
Begin = Callable[..., Execution]


@pytest.fixture
def begin(house: Gatekeeper, people: People) -> Begin:
    """Executions as they are when a permit was just spent, each of a proposal of its own."""

    def begun(at: datetime = NOW) -> Execution:
        report = a_report(ai_model="model-1", p_fail=0.25)
        dossier = house.gate.submit(report, people.bot, NOW).dossier
        return begin_execution(house, dossier, people.bot, at, HOUR)

    return begun


def events(house: Gatekeeper, execution: Execution) -> list[dict[str, object]]:
    """The recorded events of an execution: what was said, by whom."""
    return [
        {"type": entry.type, "actor": entry.actor} | entry.facts
        for entry in house.dossiers.history(execution.proposal.id)
        if entry.type.startswith("execution.")
    ]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(GatekeeperError) as refused:
        call()
    assert isinstance(refused.value, ConflictError | NotPermittedError | NotFoundError | InvalidInputError)
    return refused.value.code


def test_an_execution_links_the_revision_its_severities_its_p_fail_and_its_model(house, people, begin):
    begun = begin()
    dossier = house.dossiers.get(begun.proposal.id)
    assert house.executions.get(begun.id) == Execution(
        id=begun.id,
        permit_id=begun.permit_id,
        proposal=ProposalRef(dossier.id, 1, dossier.digest),
        executor_id=people.bot.id,
        executor="bot",
        claimed=4,
        assessed=dossier.assessment.severity.assessed,
        p_fail=0.25,
        ai_model="model-1",
        opened_at=NOW,
        deadline_at=NOW + HOUR,
        state=ExecutionState.OPEN,
        silent_since=None,
        reported=(),
    )
    assert events(house, begun) == [
        {
            "type": "execution.opened",
            "actor": "bot",
            "execution": begun.id,
            "permit": begun.permit_id,
            "deadline_at": "2026-03-02T11:00:00.000000Z",
        }
    ]


def test_what_the_executor_reports_is_kept_with_its_evidence_and_a_leaf_each(house, people, begin):
    begun = begin()
    for number, (outcome, evidence) in enumerate(
        [("started", []), ("failed", [PROOF]), ("rolled_back", [PROOF, OTHER])], 1
    ):
        told = house.executions.report(begun.id, outcome, evidence, people.bot, NOW + number * MINUTE)
    with house.database.read() as connection:
        newest = log.size(connection)
    assert told == house.executions.get(begun.id)
    assert told.state is ExecutionState.ROLLED_BACK
    assert told.reported == (
        ReportedOutcome(Outcome.STARTED, (), "bot", NOW + MINUTE, newest - 3),
        ReportedOutcome(Outcome.FAILED, (PROOF,), "bot", NOW + 2 * MINUTE, newest - 2),
        ReportedOutcome(Outcome.ROLLED_BACK, (PROOF, OTHER), "bot", NOW + 3 * MINUTE, newest - 1),
    )
    said = {"type": "execution.outcome", "actor": "bot", "execution": begun.id, "permit": begun.permit_id}
    assert events(house, begun)[1:] == [
        said | {"outcome": "started", "evidence": []},
        said | {"outcome": "failed", "evidence": ["sha256:" + "a" * 64]},
        said | {"outcome": "rolled_back", "evidence": ["sha256:" + "a" * 64, "sha256:" + "b" * 64]},
    ]


def test_nobody_else_reports_an_outcome(house, people, begin):
    begun = begin()
    for other in (people.alias, people.both, people.rita, people.olga):
        assert refusal(
            lambda by=other: house.executions.report(begun.id, "succeeded", [], by, NOW + MINUTE)
        ) == ("not_the_executor")
    assert house.executions.get(begun.id) == begun
    assert len(events(house, begun)) == 1


def test_the_same_report_again_is_answered_alike_and_records_nothing(house, people, begin):
    begun = begin()
    first = house.executions.report(begun.id, "succeeded", [PROOF], people.bot, NOW + MINUTE)
    assert house.executions.report(begun.id, "succeeded", [PROOF], people.bot, NOW + DAY) == first
    assert len(events(house, begun)) == 2


def test_an_outcome_that_contradicts_the_record_is_refused(house, people, begin):
    begun = begin()
    told = house.executions.report(begun.id, "succeeded", [PROOF], people.bot, NOW + MINUTE)
    for outcome, evidence in [("failed", [PROOF]), ("rolled_back", []), ("started", []), ("succeeded", [])]:
        assert refusal(
            lambda word=outcome, shown=evidence: house.executions.report(
                begun.id, word, shown, people.bot, NOW + 2 * MINUTE
            )
        ) == ("outcome_recorded")
    assert house.executions.get(begun.id) == told
    assert len(events(house, begun)) == 2


def test_of_outcomes_that_contradict_each_other_at_the_same_moment_one_is_recorded(house, people, begin):
    begun, start, answers = begin(), threading.Barrier(16), []

    def report(outcome: str) -> None:
        start.wait()
        try:
            answers.append(house.executions.report(begun.id, outcome, [], people.bot, NOW).state.value)
        except ConflictError as error:
            answers.append(error.code)

    reporters = [
        threading.Thread(target=report, args=(outcome,)) for outcome in ("succeeded", "rolled_back") * 8
    ]
    for reporter in reporters:
        reporter.start()
    for reporter in reporters:
        reporter.join()
    won = house.executions.get(begun.id).state.value
    assert sorted(answers) == sorted([won] * 8 + ["outcome_recorded"] * 8)
    assert [event.get("outcome") for event in events(house, begun)] == [None, won]


def test_silence_past_the_deadline_is_indeterminate_and_never_a_success(house, people, begin):
    silent, started, done = begin(), begin(), begin()
    house.executions.report(started.id, "started", [], people.bot, NOW + MINUTE)
    house.executions.report(done.id, "succeeded", [PROOF], people.bot, NOW + MINUTE)
    assert house.executions.settle_overdue(NOW + HOUR - timedelta(microseconds=1)) == 0
    assert house.executions.settle_overdue(NOW + HOUR) == 2
    assert house.executions.settle_overdue(NOW + DAY) == 0
    for each in (silent, started):
        found = house.executions.get(each.id)
        assert (found.state, found.silent_since) == (ExecutionState.INDETERMINATE, NOW + HOUR)
    assert house.executions.count_by_state() == {"indeterminate": 2, "succeeded": 1}
    assert events(house, silent)[1:] == [
        {
            "type": "execution.outcome",
            "actor": None,
            "execution": silent.id,
            "permit": silent.permit_id,
            "outcome": "indeterminate",
            "evidence": [],
        }
    ]


def test_an_execution_whose_row_is_damaged_keeps_no_other_from_being_recorded(house, people, begin):
    begun = sorted((begin() for _ in range(3)), key=lambda execution: execution.id)
    damaged, others = begun[0], begun[1:]
    house.executions.report(damaged.id, "started", [], people.bot, NOW + MINUTE)
    with house.database.write() as connection:
        connection.execute(text("UPDATE execution_outcomes SET outcome = 'perhaps'"))
    with capture_logs() as told:
        assert house.executions.settle_overdue(NOW + HOUR) == 2
    assert [house.executions.get(each.id).state for each in others] == [ExecutionState.INDETERMINATE] * 2
    assert {"code": "ValueError", "execution": damaged.id} in [
        {name: entry.get(name) for name in ("code", "execution")} for entry in told
    ]


def test_however_many_schedulers_look_at_the_same_moment_silence_is_recorded_once(house, people, begin):
    begun, start, counts = begin(), threading.Barrier(8), []

    def look() -> None:
        start.wait()
        counts.append(house.executions.settle_overdue(NOW + HOUR))

    schedulers = [threading.Thread(target=look) for _ in range(8)]
    for scheduler in schedulers:
        scheduler.start()
    for scheduler in schedulers:
        scheduler.join()
    assert sum(counts) == 1
    assert [event.get("outcome") for event in events(house, begun)] == [None, "indeterminate"]


def test_everyone_is_told_of_silence_until_somebody_says_how_it_ended(house, people, begin):
    begun = begin()
    assert house.notices.current(NOW) == []
    house.executions.settle_overdue(NOW + HOUR)
    text = (
        f"Nobody knows how an execution ended: bot began {begun.id} and did not report by 2026-03-02 11:00 UTC. "
        "Find out, and report its outcome."
    )
    assert house.notices.current(NOW + DAY) == [
        Notice("execution.indeterminate", text, NOW + HOUR, begun.proposal.id)
    ]
    house.executions.report(begun.id, "failed", [], people.olga, NOW + DAY)
    assert house.notices.current(NOW + DAY) == []


def test_much_silence_is_told_of_in_few_notices(house, people, begin):
    begun = [begin(at=NOW + number * MINUTE) for number in range(7)]
    house.executions.settle_overdue(NOW + DAY)
    told = house.notices.current(NOW + DAY)
    latest = [each.proposal.id for each in reversed(begun[2:])]
    assert [notice.proposal_id for notice in told] == [*latest, None]
    assert told[-1].text == "Nobody knows how 7 executions ended; the latest 5 are shown here."


def test_after_silence_the_executor_or_an_operator_says_how_it_ended(house, people, begin):
    one, other = begin(), begin()
    house.executions.settle_overdue(NOW + HOUR)
    assert refusal(lambda: house.executions.report(one.id, "started", [], people.bot, NOW + DAY)) == (
        "deadline_passed"
    )
    assert refusal(lambda: house.executions.report(one.id, "failed", [], people.rita, NOW + DAY)) == (
        "not_the_executor"
    )
    late = house.executions.report(one.id, "succeeded", [PROOF], people.bot, NOW + DAY)
    cleared = house.executions.report(other.id, "failed", [], people.olga, NOW + DAY)
    cleared = house.executions.report(other.id, "rolled_back", [OTHER], people.oscar, NOW + DAY)
    assert (late.state, late.silent_since) == (ExecutionState.SUCCEEDED, NOW + HOUR)
    assert [(each.outcome.value, each.by) for each in cleared.reported] == [
        ("failed", "olga"),
        ("rolled_back", "oscar"),
    ]


def test_a_late_report_records_the_silence_before_it_even_when_the_scheduler_has_not_come(
    house, people, begin
):
    begun = begin()
    told = house.executions.report(begun.id, "succeeded", [PROOF], people.bot, NOW + 2 * HOUR)
    assert (told.state, told.silent_since) == (ExecutionState.SUCCEEDED, NOW + 2 * HOUR)
    assert [event["outcome"] for event in events(house, begun)[1:]] == ["indeterminate", "succeeded"]


def test_what_is_no_report_records_nothing(house, people, begin):
    begun = begin()
    report = house.executions.report
    assert refusal(lambda: report("exec_0", "failed", [], people.bot, NOW)) == "execution_unknown"
    assert refusal(lambda: report(begun.id, "indeterminate", [], people.bot, NOW)) == "invalid_input"
    assert refusal(lambda: report(begun.id, "failed", [PROOF] * 21, people.bot, NOW)) == "invalid_input"
    assert house.executions.get(begun.id) == begun


def test_executions_are_listed_latest_first_in_pages_by_state_and_by_proposal(house, people, begin):
    begun = [begin(at=NOW + number // 2 * MINUTE) for number in range(5)]
    house.executions.report(begun[0].id, "failed", [], people.bot, NOW + MINUTE)
    found, cursor = [], None
    while True:
        page = house.executions.page(cursor=cursor, limit=2)
        found += [each.id for each in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == [each.id for each in reversed(begun)]
    failed = house.executions.page(states={ExecutionState.FAILED})
    assert [each.id for each in failed.items] == [begun[0].id]
    of_one = house.executions.page(proposal_id=begun[3].proposal.id)
    assert of_one.items == (begun[3],)
    assert refusal(lambda: house.executions.page(cursor="x")) == "invalid_input"
