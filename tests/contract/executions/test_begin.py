"""Executions begin with a real permit, once, on both databases; and they decide whether there is another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from gatekeeper.app import Gatekeeper
from gatekeeper.dossier import Dossier
from gatekeeper.errors import ConflictError, GatekeeperError
from gatekeeper.executions.execution import Execution, ExecutionState
from gatekeeper.executions.store import record_silence
from gatekeeper.ledger import log
from gatekeeper.permits.permit import Standing
from gatekeeper.permits.service import PermitService, Wanted, new_permit_id
from gatekeeper.permits.witnessed import WitnessedLog
from tests.support.house import HOUR, MINUTE, NOW, People, at
from tests.support.office import terms_of
from tests.support.publishing import publishing
from tests.support.reports import a_report

EXECUTORS = 16
SECOND = timedelta(seconds=1)


@pytest.fixture
def open_house(house: Gatekeeper) -> Iterator[Gatekeeper]:
    """A house whose log is witnessed and whose key signs permits."""
    house.permit_keys.make_first(b"k" * 32, NOW - HOUR)
    with publishing(house):
        yield house


@pytest.fixture
def passed(open_house: Gatekeeper, people: People) -> Dossier:
    return open_house.gate.submit(a_report(), people.bot, NOW).dossier


def permit_for(house: Gatekeeper, people: People, dossier: Dossier, now=NOW) -> str:
    return house.permits.issue(Wanted(dossier.id, "bot"), people.bot, at(now)).record.permit.id


def begun(house: Gatekeeper, people: People, dossier: Dossier, now=NOW) -> Execution:
    permit_id = permit_for(house, people, dossier, now)
    return house.executions.begin(permit_id, None, people.bot, at(now)).execution


def why_no_permit(house: Gatekeeper, people: People, dossier: Dossier, now=NOW) -> str:
    with pytest.raises(ConflictError) as refused:
        permit_for(house, people, dossier, now)
    return refused.value.code


def test_spending_a_permit_and_opening_its_execution_are_one_step(open_house, people, passed):
    permit_id = permit_for(open_house, people, passed)
    step = open_house.executions.begin(permit_id, None, people.bot, at(NOW + MINUTE))
    assert step.execution == open_house.executions.get(step.execution.id)
    assert (step.execution.permit_id, step.execution.state) == (permit_id, ExecutionState.OPEN)
    assert (step.execution.opened_at, step.execution.deadline_at) == (NOW + MINUTE, NOW + MINUTE + HOUR)
    assert step.consumption.record.standing is Standing.CONSUMED
    types = [entry.type for entry in open_house.dossiers.history(passed.id)][-3:]
    assert types == ["permit.issued", "permit.consumed", "execution.opened"]


def test_a_permit_begins_one_execution_however_many_try(open_house, people, passed):
    permit_id = permit_for(open_house, people, passed)
    start, answers = threading.Barrier(EXECUTORS), []

    def attempt() -> None:
        start.wait()
        try:
            answers.append(open_house.executions.begin(permit_id, None, people.bot, at(NOW)).execution.id)
        except GatekeeperError as error:
            answers.append(error.code)

    executors = [threading.Thread(target=attempt) for _ in range(EXECUTORS)]
    for executor in executors:
        executor.start()
    for executor in executors:
        executor.join()
    (only,) = open_house.executions.page().items
    assert sorted(answers) == sorted([only.id, *["consumed"] * (EXECUTORS - 1)])


def test_what_a_permit_does_not_allow_opens_nothing_and_records_nothing(open_house, people, passed):
    permit_id = permit_for(open_house, people, passed)
    open_house.closures.freeze("An agent loops.", people.olga, NOW)
    with open_house.database.read() as connection:
        size = log.size(connection)
    for by, code in ((people.bot, "gate_frozen"), (people.rita, "not_the_audience")):
        with pytest.raises(GatekeeperError) as refused:
            open_house.executions.begin(permit_id, None, by, at(NOW + MINUTE))
        assert refused.value.code == code
    open_house.closures.thaw(people.olga, NOW + MINUTE)
    with pytest.raises(ConflictError) as refused:
        open_house.executions.begin(permit_id, None, people.bot, at(NOW + MINUTE))
    assert refused.value.code == "voided"
    assert open_house.executions.page().items == ()
    with open_house.database.read() as connection:
        assert log.size(connection) == size + 1  # the thaw


@pytest.mark.parametrize("reports", [[], ["started"], ["succeeded"]])
def test_what_runs_or_is_done_gets_no_other_permit(open_house, people, passed, reports):
    execution = begun(open_house, people, passed)
    for outcome in reports:
        open_house.executions.report(execution.id, outcome, [], people.bot, NOW)
    assert why_no_permit(open_house, people, passed) == "executed"


def test_what_expires_while_its_turn_is_awaited_is_not_spent(open_house, people, passed):
    wanted = Wanted(passed.id, "bot", ttl_seconds=1)
    permit_id = open_house.permits.issue(wanted, people.bot, at(NOW)).record.permit.id
    asked, expired, answers = threading.Event(), threading.Event(), []

    def clock() -> datetime:
        asked.set()
        return NOW + SECOND if expired.is_set() else NOW

    def attempt() -> None:
        with pytest.raises(ConflictError) as refused:
            open_house.executions.begin(permit_id, None, people.bot, clock)
        answers.append(refused.value.code)

    executor = threading.Thread(target=attempt)
    with open_house.database.write():
        executor.start()
        assert not asked.wait(0.3)
        expired.set()
    executor.join()
    assert (answers, open_house.executions.page().items) == (["expired"], ())


@pytest.mark.parametrize("outcome", ["started", "succeeded"])
def test_a_permit_that_expired_does_not_come_back_when_a_clock_is_late(open_house, people, passed, outcome):
    """Its successor is spent; whoever calls with a time from before the end of the first gets nothing."""
    wanted = Wanted(passed.id, "bot", ttl_seconds=1)
    first = open_house.permits.issue(wanted, people.bot, at(NOW)).record.permit.id
    execution = begun(open_house, people, passed, NOW + 2 * SECOND)
    open_house.executions.report(execution.id, outcome, [], people.bot, NOW + 2 * SECOND)
    with pytest.raises(ConflictError) as refused:
        open_house.executions.begin(first, None, people.bot, at(NOW + SECOND / 2))
    assert refused.value.code == "revoked"
    assert [each.id for each in open_house.executions.page().items] == [execution.id]


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (None, "executed"),
        ("started", "executed"),
        ("succeeded", "executed"),
        ("failed", None),
        ("silence", "outcome_unknown"),
    ],
)
def test_a_second_permit_of_a_revision_is_not_spent_beside_its_execution(
    open_house, people, passed, outcome, code
):
    """Whatever let it be issued: here somebody hid the execution from the desk that issues."""
    execution = begun(open_house, people, passed)
    terms, witnessed = (
        terms_of(open_house, open_house.bundle.revision),
        WitnessedLog(open_house.database, open_house.log),
    )
    blind = PermitService(open_house.database, witnessed, terms, lambda *_: None, new_permit_id)
    second = blind.issue(Wanted(passed.id, "bot"), people.bot, at(NOW)).record.permit.id
    if outcome == "silence":
        with open_house.database.write() as connection:
            record_silence(connection, execution.id, NOW)
    elif outcome is not None:
        open_house.executions.report(execution.id, outcome, [], people.bot, NOW)
    if code is None:
        assert open_house.executions.begin(second, None, people.bot, at(NOW))
        return
    with pytest.raises(ConflictError) as refused:
        open_house.executions.begin(second, None, people.bot, at(NOW))
    assert refused.value.code == code
    assert len(open_house.executions.page().items) == 1


def test_what_failed_gets_another_permit(open_house, people, passed):
    for outcome in ("failed", "rolled_back"):
        execution = begun(open_house, people, passed)
        open_house.executions.report(execution.id, outcome, [], people.bot, NOW)
    assert permit_for(open_house, people, passed)


def test_there_is_no_permit_while_nobody_knows_how_it_ended(open_house, people, passed):
    execution = begun(open_house, people, passed)
    later = NOW + HOUR
    assert why_no_permit(open_house, people, passed, later) == "executed"
    assert open_house.executions.settle_overdue(later) == 1
    assert why_no_permit(open_house, people, passed, later) == "outcome_unknown"
    open_house.executions.report(execution.id, "failed", [], people.olga, later)
    assert permit_for(open_house, people, passed, later)


def test_another_revision_is_not_held_up(open_house, people, passed):
    begun(open_house, people, passed)
    open_house.executions.settle_overdue(NOW + HOUR)
    revised = a_report(id=passed.id, proposal="Reword the greeting of the weekly summary.")
    dossier = open_house.gate.submit(revised, people.bot, NOW + HOUR).dossier
    assert (dossier.revision, bool(permit_for(open_house, people, dossier, NOW + HOUR))) == (2, True)
