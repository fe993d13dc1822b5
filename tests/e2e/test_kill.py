"""`kill -9` at random moments under load: every acknowledged answer is there afterwards, and nothing is half done."""

from __future__ import annotations

import json
import os
import random
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import urllib3
from sqlalchemy import select

from gatekeeper.ledger import log
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.tables import proposals, revisions
from gatekeeper.review.tables import reviews
from gatekeeper.storage.database import Database
from tests.support.ports import free_port, wait_until
from tests.support.preloaded import PreloadedGate
from tests.support.reports import a_blocked_report, a_report
from tests.support.server import RunningGate

KILLS, CLIENTS = 200, 2


@dataclass
class Acknowledged:
    """What clients were told before the server died."""

    token: str
    proposals: dict[str, dict[str, object]] = field(default_factory=dict)
    votes: set[tuple[str, str]] = field(default_factory=set)
    unexpected: list[object] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def submit_and_vote(gate: RunningGate, tokens: dict[str, str], told: Acknowledged, stop: threading.Event):
    """Submit, vote on what waits, and note every answer; a dead server is what this test is about."""
    while not stop.is_set():
        report = a_blocked_report() if random.random() < 0.5 else a_report()
        try:
            status, answer = gate.request("POST", "/v1/proposals", tokens["bot"], report_to_json(report))
            if status != 201:
                raise AssertionError((status, answer))
            with told.lock:
                told.proposals[report.id] = answer
            if answer["verdict"]["outcome"] == "pending":
                ballot = {"vote": "approve", "reason": "fine", "digest": answer["digest"]}
                status, _ = gate.request("POST", f"/v1/proposals/{report.id}/reviews", tokens["rita"], ballot)
                if status != 201:
                    raise AssertionError(status)
                with told.lock:
                    told.votes.add((report.id, "rita"))
        except (urllib3.exceptions.HTTPError, json.JSONDecodeError):
            stop.wait(0.02)
        except AssertionError as fault:
            with told.lock:
                told.unexpected.append(fault.args[0])


def kill_again_and_again(
    gate: RunningGate, kills: int, moments: random.Random, longest_seconds: float
) -> Acknowledged:
    """Keep clients busy while the server is killed and started again; what they were told, a vote at the least."""
    tokens = {"bot": gate.token("bot", "submitter"), "rita": gate.token("rita", "reviewer")}
    told, stop = Acknowledged(tokens["bot"]), threading.Event()
    clients = [
        threading.Thread(target=submit_and_vote, args=(gate, tokens, told, stop)) for _ in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    try:
        for _ in range(kills):
            stop.wait(moments.uniform(0, longest_seconds))
            gate.restart()
        wait_until(lambda: bool(told.votes or told.unexpected), 60, f"nobody voted: {gate.output()}")
    finally:
        stop.set()
        for client in clients:
            client.join()
    gate.restart()
    return told


def nothing_was_lost(gate: RunningGate, told: Acknowledged, database_url: str) -> None:
    """What was acknowledged is there, nothing is half done, and the record is whole."""
    assert told.unexpected == []
    assert told.proposals
    assert told.votes
    assert all_are_there(gate, told) == []
    assert no_half_states(database_url) == []
    assert gate.cli("ledger", "verify").returncode == 0


@pytest.mark.timeout(900)
def test_nothing_acknowledged_is_lost_at_200_random_moments(database_url: str, tmp_path: Path):
    port = free_port()
    environ = {
        "PATH": os.environ["PATH"],
        "GATEKEEPER_DATA_DIR": str(tmp_path / "var"),
        "GATEKEEPER_BIND": f"127.0.0.1:{port}",
        "GATEKEEPER_DATABASE_URL": database_url,
    }
    gate = PreloadedGate(environ, port, tmp_path / "log")
    try:
        gate.start()
        told = kill_again_and_again(gate, KILLS, random.Random(20260301), longest_seconds=0.4)
        nothing_was_lost(gate, told, database_url)
    finally:
        gate.end()


def test_the_server_as_it_is_run_survives_kills_of_its_whole_group(start_gate, database_url: str):
    gate: RunningGate = start_gate({"GATEKEEPER_DATABASE_URL": database_url, "GATEKEEPER_WORKERS": "2"})
    told = kill_again_and_again(gate, 5, random.Random(20260302), longest_seconds=2)
    nothing_was_lost(gate, told, database_url)


def all_are_there(gate: RunningGate, told: Acknowledged) -> list[str]:
    """Proposals that a client was told of and that now look different, but for votes cast since."""
    missing = []
    for proposal_id, answer in told.proposals.items():
        status, now = gate.request("GET", f"/v1/proposals/{proposal_id}", told.token)
        voters = {review["reviewer"] for review in now.get("reviews", ())}
        same = all(now.get(name) == answer[name] for name in ("digest", "report", "decision", "submitted_at"))
        kept = (proposal_id, "rita") not in told.votes or "rita" in voters
        if status != 200 or not same or not kept:
            missing.append(proposal_id)
    return missing


def no_half_states(database_url: str) -> list[str]:
    """Everything in the database that is there without the rest of it."""
    database = Database(database_url)
    with database.read() as connection:
        current = {row.id: row.revision for row in connection.execute(select(proposals))}
        stored = connection.execute(select(revisions)).all()
        voted = connection.execute(select(reviews)).all()
        bodies = {
            proposal_id: [body["type"] for body, _ in log.proposal_events(connection, proposal_id)]
            for proposal_id in current
        }
    faults = [row.proposal_id for row in stored if current.get(row.proposal_id) != row.revision]
    for row in stored:
        expected = ["proposal.submitted", "proposal.decided"]
        expected += ["vote.cast"] * sum(vote.proposal_id == row.proposal_id for vote in voted)
        expected += ["verdict.settled"] if row.verdict != "pending" else []
        if bodies[row.proposal_id] != expected:
            faults.append(row.proposal_id)
    report = log.verify(database)
    database.close()
    return faults if report.ok else [*faults, report.detail]
