"""The policy in force is the one the log named last; whoever runs another decides nothing, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from gatekeeper import app
from gatekeeper.app import Gatekeeper
from gatekeeper.errors import TamperError, UnavailableError
from gatekeeper.gate import Gate
from gatekeeper.judge import Judge
from gatekeeper.ledger import log
from gatekeeper.policy.engine import Question
from gatekeeper.policy.in_force import policy_in_force, put_in_force, require_in_force
from gatekeeper.storage.database import Database
from tests.contract.storage.test_log import disarm
from tests.support.house import DAY, HOUR, MINUTE, NOW, People
from tests.support.reports import a_blocked_report, a_report
from tests.support.workspace import another_policy

SERVERS = 8
OUTAGE = "Checkout is down for every customer since 09:40."


@pytest.fixture
def newer(house: Gatekeeper, tmp_path: Path) -> Iterator[Gatekeeper]:
    """The next version of the gate over the same database: its policy has another revision and decides the same."""
    built = app.build(replace(house.settings, policies_dir=another_policy(tmp_path / "newer")))
    yield built
    built.database.close()


def changes(database: Database) -> list[dict[str, Any]]:
    with database.read() as connection:
        return log.events_naming(connection, "policy.changed", 0)


def size_of(house: Gatekeeper) -> int:
    with house.database.read() as connection:
        return log.size(connection)


def recorded(house: Gatekeeper) -> str | None:
    with house.database.read() as connection:
        return policy_in_force(connection)


def named(before: str | None, after: str) -> dict[str, object]:
    return {"before": before, "after": after, "engine": "embedded"}


def test_a_policy_is_recorded_when_it_is_another_and_going_back_is_a_change(
    house: Gatekeeper, newer: Gatekeeper
):
    older, newest = house.bundle.revision, newer.bundle.revision
    assert (recorded(house), older != newest) == (None, True)
    starts = [each.put_policy_in_force(NOW) for each in (house, house, newer, newer, house)]
    assert starts == [True, False, True, False, True]
    assert [(each["facts"], each["actor"], each.get("proposal")) for each in changes(house.database)] == [
        (named(None, older), None, None),
        (named(older, newest), None, None),
        (named(newest, older), None, None),
    ]
    assert (recorded(newer), log.verify(house.database).ok) == (older, True)


def test_of_many_servers_that_start_together_one_records_it(database: Database, database_url: str):
    doors = [Database(database_url) for _ in range(SERVERS)]
    with ThreadPoolExecutor(SERVERS) as pool:
        started = list(pool.map(lambda door: put_in_force(door, "sha256:1", "opa", NOW), doors))
    for door in doors:
        door.close()
    assert sorted(started) == [False] * (SERVERS - 1) + [True]
    assert [each["facts"] for each in changes(database)] == [
        {"before": None, "after": "sha256:1", "engine": "opa"}
    ]


def refused(to_do: Callable[[], object]) -> str:
    with pytest.raises(UnavailableError) as error:
        to_do()
    return error.value.code


def test_a_process_that_runs_another_policy_decides_nothing(
    house: Gatekeeper, newer: Gatekeeper, people: People
):
    house.put_policy_in_force(NOW)
    dossier = house.gate.submit(a_blocked_report(), people.bot, NOW).dossier
    other = house.gate.submit(a_blocked_report(), people.bot, NOW).dossier
    asked = house.break_glass.request(other.id, other.digest, OUTAGE, 600, people.olga, NOW)
    house.reviews.vote(dossier.id, "approve", "Rehearsed.", dossier.digest, people.rita, NOW)
    newer.put_policy_in_force(NOW)
    before = size_of(house)
    for to_do in (
        lambda: house.gate.submit(a_report(), people.bot, NOW),
        lambda: house.gate.submit_many([a_report(), a_blocked_report()], people.bot, NOW),
        lambda: house.reviews.vote(dossier.id, "approve", "Fine.", dossier.digest, people.ravi, NOW),
        lambda: house.reviews.vote(dossier.id, "reject", "No.", dossier.digest, people.ravi, NOW),
        lambda: house.break_glass.request(dossier.id, dossier.digest, OUTAGE, 600, people.olga, NOW),
        lambda: house.break_glass.second(asked.id, people.rita, NOW + MINUTE),
    ):
        assert refused(to_do) == "policy_not_in_force"
    assert house.reviews.settle_waiting(NOW + 30 * DAY) == 0
    assert size_of(house) == before
    newer.reviews.vote(dossier.id, "approve", "Fine.", dossier.digest, people.ravi, NOW)
    assert house.dossiers.get(dossier.id).verdict.outcome == "pass"


def test_what_needs_no_policy_goes_on(house: Gatekeeper, newer: Gatekeeper, people: People):
    known, waiting = a_report(), house.gate.submit(a_blocked_report(), people.bot, NOW).dossier
    house.gate.submit(known, people.bot, NOW)
    newer.put_policy_in_force(NOW)
    assert not house.gate.submit(known, people.bot, NOW).created
    house.closures.freeze("An agent loops.", people.olga, NOW)
    house.reviews.withdraw(waiting.id, people.bot, NOW)
    assert house.dossiers.get(waiting.id).state == "withdrawn"


def test_a_policy_that_changes_while_it_is_asked_decides_nothing(
    house: Gatekeeper, newer: Gatekeeper, people: People
):
    house.put_policy_in_force(NOW)

    class Interrupted:
        name, version = house.engine.name, house.engine.version

        def ask(self, question: Question, policy_input: Mapping[str, object]) -> object:
            newer.put_policy_in_force(NOW)
            return house.engine.ask(question, policy_input)

    judge = Judge(Interrupted(), house.bundle.revision)
    gate = Gate(house.database, house.closures, judge, house.bundle, HOUR)
    assert refused(lambda: gate.submit(a_report(), people.bot, NOW)) == "policy_not_in_force"
    assert recorded(house) == newer.bundle.revision


def test_readiness_says_so(house: Gatekeeper, newer: Gatekeeper):
    def check(of: Gatekeeper) -> tuple[bool, str]:
        (found,) = [each for each in of.readiness().checks if each.name == "policy in force"]
        return found.ok, found.detail

    assert check(house) == (True, "none is recorded yet; serve records its own")
    house.put_policy_in_force(NOW)
    assert check(house) == (True, house.bundle.revision)
    newer.put_policy_in_force(NOW)
    ok, detail = check(house)
    assert (ok, house.bundle.revision in detail, newer.bundle.revision in detail) == (False, True, True)
    assert check(newer) == (True, newer.bundle.revision)


@pytest.mark.parametrize(
    "body",
    [
        '{"facts": {"later": "sha256:1"}}',
        '{"facts": []}',
        '{"facts": {"after": null}}',
        "[]",
        "null",
        "{",
        "",
    ],
)
def test_an_entry_that_names_no_policy_is_tampering_and_not_nothing(house: Gatekeeper, body: str):
    house.put_policy_in_force(NOW)
    rewriting = text("UPDATE events SET body = :body WHERE type = 'policy.changed'")
    with house.database.write() as connection:
        trigger = "events_refuse_update" if house.database.is_sqlite else "events_append_only ON events"
        connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(rewriting, {"body": body})
        with pytest.raises(TamperError):
            require_in_force(connection, house.bundle.revision)


def test_a_policy_that_does_not_work_takes_no_other_ones_place(house: Gatekeeper, tmp_path: Path):
    lax = another_policy(tmp_path / "lax")
    rule = lax / "gate" / "rules" / "declared_block" / "declared_block.rego"
    rule.write_text(rule.read_text().replace("block_execution", "block_executioner"))
    built = app.build(replace(house.settings, policies_dir=lax))
    house.put_policy_in_force(NOW)
    with pytest.raises(UnavailableError, match="declared_block") as error:
        built.put_policy_in_force(NOW)
    built.database.close()
    assert (error.value.code, recorded(house)) == ("policy_not_proven", house.bundle.revision)


@pytest.mark.parametrize("deed", ["DELETE FROM events", "UPDATE events SET body = replace(body, 'cc', 'dd')"])
def test_a_change_that_the_databases_owner_takes_out_or_edits_is_named_by_whoever_verifies(
    house: Gatekeeper, deed: str
):
    old, new = "sha256:" + "a" * 64, "sha256:" + "c" * 64
    for revision in (old, new):
        put_in_force(house.database, revision, "embedded", NOW)
    leaf = changes(house.database)[-1]["index"]
    with house.database.write() as connection:
        disarm(connection)
        connection.execute(text(f"{deed} WHERE leaf = {leaf}"))
    assert recorded(house) in (old, "sha256:" + "d" * 64)
    report = log.verify(house.database)
    assert (report.ok, report.first_bad_index) == (False, leaf)


def test_the_newest_change_is_found_without_reading_the_log(house: Gatekeeper):
    house.put_policy_in_force(NOW)
    asked = "SELECT body FROM events WHERE type = 'policy.changed' ORDER BY leaf DESC LIMIT 1"
    explain = "EXPLAIN QUERY PLAN" if house.database.is_sqlite else "EXPLAIN"
    with house.database.read() as connection:
        if not house.database.is_sqlite:
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = " ".join(str(row) for row in connection.execute(text(f"{explain} {asked}")))
    assert "ix_events_policy_changed" in plan
    assert not any(sorting in plan for sorting in ("TEMP B-TREE", "Sort"))
