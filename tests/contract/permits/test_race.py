"""64 clients redeem the same permit at the same moment, 200 times, on both databases: exactly one wins each time."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gatekeeper import app
from gatekeeper.environment import read_settings
from gatekeeper.errors import GatekeeperError
from gatekeeper.ledger import log
from gatekeeper.permits.circumstances import OwnPolicy, circumstances_of
from gatekeeper.permits.dsse import sign
from gatekeeper.permits.permit import ActionBinding, Permit, Standing
from gatekeeper.permits.record import Issue, mark_witnessed, permits_of, record_issue
from gatekeeper.permits.statement import PAYLOAD_TYPE, statement
from tests.support.house import DAY, HOUR, MINUTE, NOW, at
from tests.support.reports import a_report

PROCESSES, THREADS, ROUNDS = 2, 32, 200
WON = "won"


def compete(
    environ: dict[str, str], permit_ids: Sequence[str], ready: Any, answers: Any, now: datetime
) -> None:
    """One process of clients, each of which tries every permit when all of them are ready."""
    house = app.build(read_settings(environ))
    (bot,) = [each.principal for each in house.identity.principals() if each.principal.name == "bot"]
    told: list[list[str]] = [[] for _ in permit_ids]
    together = threading.Barrier(THREADS, action=ready.wait)

    def client() -> None:
        for round_, permit_id in enumerate(permit_ids):
            together.wait()
            try:
                house.executions.begin(permit_id, None, bot, at(now))
                told[round_].append(WON)
            except GatekeeperError as refused:
                told[round_].append(refused.code)

    clients = [threading.Thread(target=client) for _ in range(THREADS)]
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    answers.put(told)
    house.database.close()


@pytest.mark.timeout(300)
def test_of_64_clients_exactly_one_wins_each_of_200_rounds(house, people, database_url: str, tmp_path: Path):
    house.permit_keys.make_first(b"k" * 32, NOW - HOUR)
    house.log.make_keys()
    proposals = issue_many(house, people)
    permit_ids = list(proposals.values())
    environ = {"GATEKEEPER_DATABASE_URL": database_url, "GATEKEEPER_DATA_DIR": str(tmp_path / "var")}
    spawn = multiprocessing.get_context("spawn")
    ready, answers = spawn.Barrier(PROCESSES), spawn.Queue()
    work = (environ, permit_ids, ready, answers, NOW + MINUTE)
    processes = [spawn.Process(target=compete, args=work) for _ in range(PROCESSES)]
    for each in processes:
        each.start()
    told = [answers.get() for _ in processes]
    for each in processes:
        each.join()
    for round_ in range(ROUNDS):
        heard = sorted(word for process in told for word in process[round_])
        assert heard == ["consumed"] * (PROCESSES * THREADS - 1) + [WON]
    with house.database.read() as connection:
        for proposal_id in proposals:
            (record,) = permits_of(connection, proposal_id, NOW + HOUR)
            steps = [body for body, _ in log.proposal_events(connection, proposal_id)][-3:]
            assert [step["type"] for step in steps] == [
                "permit.issued",
                "permit.consumed",
                "execution.opened",
            ]
            assert (record.standing, record.consumed_leaf) == (Standing.CONSUMED, steps[1]["index"])
    assert log.verify(house.database).ok


def issue_many(house, people) -> dict[str, str]:
    """A permit for each of many proposals, by proposal; as if witnesses had seen them all."""
    submitted = house.gate.submit_many([a_report() for _ in range(ROUNDS)], people.bot, NOW)
    policy = OwnPolicy(house.bundle.revision, DAY)
    issued = {}
    with house.database.write() as connection:
        for number, submission in enumerate(submitted):
            around = circumstances_of(connection, submission.dossier.id, policy)
            permit = Permit(
                id=f"permit_00000000-0000-4000-8000-{number:012x}",
                nonce=f"{number:032x}",
                binding=ActionBinding(around.proposal, None),
                audience="bot",
                executor=None,
                not_before=NOW,
                expires_at=NOW + 15 * MINUTE,
                policy_revision=policy.revision,
                rollback=(),
                verdict_leaf=around.row.verdict_leaf,
                approvals=(),
            )
            signed = sign(PAYLOAD_TYPE, statement(permit), house.permit_keys.signing(connection, NOW))
            issue = Issue(permit, signed.payload, people.bot.id, None, 0, signed.keyid)
            record_issue(connection, issue, people.bot, NOW)
            mark_witnessed(connection, permit.id, NOW)
            issued[around.proposal.id] = permit.id
    return issued
