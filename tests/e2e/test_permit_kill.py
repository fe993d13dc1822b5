"""`kill -9` after a permit was committed and before its answer: nobody can spend it, and asking again replaces it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
import urllib3
from sqlalchemy import select

from gatekeeper.ledger import log
from gatekeeper.permits.tables import permits
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.storage.database import Database
from tests.support.ports import wait_until
from tests.support.reports import a_report
from tests.support.server import RunningGate

KILLS, MOST_KILLS = 4, 16


@dataclass
class Asking:
    """A client that waits for its permit while the gate is killed."""

    gate: RunningGate
    token: str
    proposal: str
    answers: list[tuple[int, object]] = field(default_factory=list)

    def ask(self) -> None:
        try:
            wanted = {"audience": "bot"}
            path = f"/v1/proposals/{self.proposal}/permits"
            self.answers.append(self.gate.request("POST", path, self.token, wanted))
        except urllib3.exceptions.HTTPError:
            pass


def stored(database: Database, proposal_id: str) -> list[tuple[str, str, bool]]:
    """Id, state and whether it was witnessed, of every permit of a proposal."""
    query = select(permits).where(permits.c.proposal_id == proposal_id).order_by(permits.c.leaf)
    with database.read() as connection:
        return [(row.id, row.state, row.witnessed_at is not None) for row in connection.execute(query)]


@pytest.mark.timeout(240)
def test_a_permit_whose_answer_was_lost_to_a_kill_is_worth_nothing_and_replaced_by_asking_again(
    start_gate: Callable[[Mapping[str, str]], RunningGate], database_url: str
):
    gate = start_gate({"GATEKEEPER_DATABASE_URL": database_url})
    bot = gate.token("bot", "submitter")
    database = Database(database_url)
    kills = lost = 0
    while kills < KILLS or lost == 0:
        assert kills < MOST_KILLS, "every kill came too late"
        kills += 1
        report = a_report()
        assert gate.request("POST", "/v1/proposals", bot, report_to_json(report))[0] == 201
        asking = Asking(gate, bot, report.id)
        client = threading.Thread(target=asking.ask)
        client.start()
        wait_until(lambda report=report: bool(stored(database, report.id)), 20, "no permit is committed")
        gate.kill()
        client.join()
        gate.start()
        ((permit_id, state, is_witnessed),) = stored(database, report.id)
        if asking.answers or is_witnessed:
            continue  # too late: this one was on its way out
        lost += 1
        status, refused = gate.request("POST", f"/v1/permits/{permit_id}/consume", bot)
        assert (state, status, refused["code"]) == ("issued", 409, "not_witnessed")
        again = issued_again(gate, bot, report.id)
        assert gate.request("POST", f"/v1/permits/{permit_id}/consume", bot)[1]["code"] == "revoked"
        assert gate.request("POST", f"/v1/permits/{again}/consume", bot)[0] == 200
        first, *others, last = stored(database, report.id)
        assert (first, last) == ((permit_id, "revoked", False), (again, "consumed", True))
        assert {state for _, state, _ in others} <= {"revoked"}
    database.close()
    whole = Database(database_url)
    assert log.verify(whole).ok
    whole.close()


def issued_again(gate: RunningGate, token: str, proposal_id: str) -> str:
    """The id of the permit that one more question gets; the log may need a moment after the start."""
    issued: list[str] = []

    def asked() -> bool:
        status, answer = gate.request(
            "POST", f"/v1/proposals/{proposal_id}/permits", token, {"audience": "bot"}
        )
        issued.extend([answer["id"]] if status == 201 else [])
        return bool(issued)

    wait_until(asked, 30, "no permit after the restart")
    return issued[0]
