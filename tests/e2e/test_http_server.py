"""What only a real server shows: bodies on the wire, and people who press the button in the same second."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import orjson
import pytest

from gatekeeper.proposals.json_form import report_to_json
from tests.support.documented import Answer, Automation
from tests.support.reports import a_blocked_report, a_report
from tests.support.server import RunningGate

StartGate = Callable[[Mapping[str, str]], RunningGate]
LIMIT = 1_048_576
PATIENCE_SECONDS = 120  # other tests may keep every core busy


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> dict[str, str]:
    """A gate on each database."""
    if request.param == "sqlite":
        return {}
    return {"GATEKEEPER_DATABASE_URL": request.getfixturevalue("postgres_url")}


def client(gate: RunningGate, token: str | None) -> Automation:
    """Somebody on a connection of their own for each request."""

    def send(method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", gate.port, timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, target, body, dict(headers))
            response = connection.getresponse()
            raw = response.read()
        finally:
            connection.close()
        return Answer(response.status, {name.lower(): text for name, text in response.getheaders()}, raw)

    return Automation(send, token)


def test_two_reviewers_five_tabs_the_same_second_one_verdict(
    start_gate: StartGate, settings: dict[str, str]
) -> None:
    gate = start_gate({**settings, "GATEKEEPER_WORKERS": "2"})
    bot = client(gate, gate.token("bot", "submitter"))
    reviewers = [client(gate, gate.token(name, "reviewer")) for name in ("rita", "ravi")]
    for votes, counted, verdict in (
        (("approve", "approve"), {2}, "pass"),
        (("approve", "reject"), {1, 2}, "fail"),
    ):
        proposal = bot.post("/v1/proposals", report_to_json(a_blocked_report())).body
        statuses = press_ten_times(reviewers, votes, proposal)
        assert set(statuses) == {201, 409}
        assert statuses.count(201) in counted
        settled = bot.get(f"/v1/proposals/{proposal['id']}").body
        assert settled["verdict"]["outcome"] == verdict
        assert len(settled["reviews"]) == statuses.count(201)
        history = bot.get(f"/v1/proposals/{proposal['id']}/history").body["items"]
        kinds = [entry["type"] for entry in history]
        assert (kinds.count("vote.cast"), kinds.count("verdict.settled")) == (statuses.count(201), 1)
        assert kinds[-1] == "verdict.settled"


def press_ten_times(
    reviewers: Sequence[Automation], votes: Sequence[str], proposal: Mapping[str, str]
) -> list[int]:
    """Each reviewer presses in five tabs, all at once; the statuses."""
    starting = Barrier(5 * len(reviewers))

    def press(tab: int) -> int:
        who = tab % len(reviewers)
        body = {"vote": votes[who], "reason": f"Tab {tab}.", "digest": proposal["digest"]}
        starting.wait()
        return reviewers[who].post(f"/v1/proposals/{proposal['id']}/reviews", body).status

    with ThreadPoolExecutor(starting.parties) as tabs:
        return list(tabs.map(press, range(starting.parties)))


def test_the_same_report_ten_times_at_once_is_one_revision(
    start_gate: StartGate, settings: dict[str, str]
) -> None:
    gate = start_gate({**settings, "GATEKEEPER_WORKERS": "2"})
    bot = client(gate, gate.token("bot", "submitter"))
    report, starting = report_to_json(a_report()), Barrier(10)

    def submit(tab: int) -> tuple[int, int]:
        starting.wait()
        answer = bot.post("/v1/proposals", report, **({"Idempotency_Key": "k"} if tab % 2 else {}))
        return answer.status, answer.body["revision"]

    with ThreadPoolExecutor(10) as tabs:
        answers = list(tabs.map(submit, range(10)))
    assert {revision for _, revision in answers} == {1}
    assert {status for status, _ in answers} <= {200, 201}
    types = [entry["type"] for entry in bot.get(f"/v1/proposals/{report['id']}/history").body["items"]]
    assert types == ["proposal.submitted", "proposal.decided", "verdict.settled"]


def test_bodies_on_the_wire(gate: RunningGate) -> None:
    bot = client(gate, gate.token("bot", "submitter"))
    for size in (LIMIT + 1, 20 * LIMIT):
        assert bot.post("/v1/proposals", b"x" * size).status == 413
        assert client(gate, None).post("/v1/proposals", b"x" * size).status == 401
    assert bot.post("/v1/proposals", report_to_json(a_report(proposal="x" * (LIMIT - 500)))).status == 201

    def chunked(parts: list[bytes], content_type: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", gate.port, timeout=PATIENCE_SECONDS)
        headers = {"Authorization": f"Bearer {bot.token}", "Content-Type": content_type}
        connection.request("POST", "/v1/proposals", iter(parts), headers, encode_chunked=True)
        response = connection.getresponse()
        raw = response.read()
        connection.close()
        return response.status, raw

    whole = orjson.dumps(report_to_json(a_report()))
    assert chunked([whole[:50], whole[50:]], "application/json")[0] == 201
    assert chunked([b"x" * 65_536] * 320, "application/json")[0] == 413
    assert chunked([b"# FSAR Proposal Report\n"], "text/markdown")[0] == 411


def test_a_client_that_asks_first_is_refused_before_it_sends(gate: RunningGate) -> None:
    token = gate.token("bot", "submitter")
    head = (
        f"POST /v1/proposals HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {20 * LIMIT}\r\nExpect: 100-continue\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", gate.port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(head.encode())
        assert connection.recv(65_536).startswith(b"HTTP/1.1 413 ")


def test_a_report_cut_off_on_its_way_is_not_recorded(gate: RunningGate) -> None:
    token = gate.token("bot", "submitter")
    bot = client(gate, token)
    cut = (
        b"# FSAR Proposal Report\n- id: fsar_00000000-0000-4000-8000-00000000c001\n"
        b"- timestamp: 2026-03-01T09:30:00.000Z\n- severity: 4\n- block_execution: false\n- proposal:\n\n"
        b"Reword.\n\n## Risks\n- None found\n\n## Mitigations\n- Revert it"
    )
    head = (
        f"POST /v1/proposals HTTP/1.1\r\nHost: gate\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: text/markdown\r\nContent-Length: {len(cut) + 40}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", gate.port), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall(head.encode() + cut)
    whole = bot.post("/v1/proposals", cut, Content_Type="text/markdown")
    assert (whole.status, whole.body["revision"]) == (201, 1)
    history = bot.get("/v1/proposals/fsar_00000000-0000-4000-8000-00000000c001/history").body["items"]
    assert len(history) == 3


def test_a_client_that_reads_only_afterwards_gets_every_line_of_a_large_bulk(gate: RunningGate) -> None:
    bot = client(gate, gate.token("bot", "submitter"))
    broken = b'{"severity": "high", "id": 1, "timestamp": 2, "risks": 3, "mitigations": 4}'
    lines = [broken] * 20_000 + [orjson.dumps(report_to_json(a_report()))]
    answer = bot.transport(
        "POST",
        "/v1/proposals/bulk",
        {"Authorization": f"Bearer {bot.token}", "Content-Type": "application/x-ndjson"},
        b"\n".join(lines),
    )
    found = [json.loads(line)["status"] for line in answer.raw.splitlines()]
    assert found == [422] * 20_000 + [201]
    assert len(answer.raw) > 8_000_000  # more than the buffers of both ends hold


def test_the_metrics_of_all_workers_are_one(gate_with_two_workers: RunningGate) -> None:
    gate = gate_with_two_workers
    bot = client(gate, gate.token("bot", "submitter"))
    for _ in range(20):
        bot.post("/v1/proposals", report_to_json(a_report()))
    for _ in range(5):
        text = client(gate, None).get("/metrics").raw.decode()
        assert 'fsar_gate_decisions_total{outcome="allow"} 20.0' in text
