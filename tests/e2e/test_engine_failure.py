"""An engine that dies, hangs or lies: 503 over HTTP, exit code 4 on the command line, and not one allowed proposal."""

import json
import select
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from gatekeeper.app import WORKER_THREADS
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.proposals.json_form import report_to_json
from tests.support.ports import free_port
from tests.support.reports import a_report
from tests.support.server import RunningGate
from tests.support.workspace import EXAMPLES, REPOSITORY

HARMLESS = EXAMPLES / "valid" / "1-greeting.json"


@contextmanager
def liar(body: bytes | None) -> Iterator[str]:
    """A server that gives every request the same answer; None: no answer at all."""
    done = threading.Event()

    def answer(connection: socket.socket) -> None:
        with connection:
            connection.recv(65536)
            if body is None:
                done.wait(20)
            else:
                head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                connection.sendall(head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)

        def serve() -> None:
            while not done.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        done.set()
        thread.join()


REVISION = PolicyBundle.load(REPOSITORY / "policies").revision
ALLOW = {"outcome": "allow", "reasons": []}
LIES = {
    "hangs": None,
    "empty object": b"{}",
    "not JSON": b"allow",
    "unknown word": json.dumps(
        {"result": {"result": {**ALLOW, "outcome": "allowed"}, "revision": REVISION}}
    ).encode(),
    "another revision": json.dumps({"result": {"result": ALLOW, "revision": "sha256:0"}}).encode(),
    "allows everything": json.dumps({"result": {"result": ALLOW, "revision": REVISION}}).encode(),
}


@pytest.mark.parametrize("lie", LIES, ids=str)
def test_a_lying_engine_allows_nothing(start_gate, lie: str):
    with liar(LIES[lie]) as url:
        gate: RunningGate = start_gate({"GATEKEEPER_OPA_URL": url, "GATEKEEPER_OPA_TIMEOUT_SECONDS": "0.4"})
        nothing_is_allowed(gate)
        assert gate.cli("check", str(HARMLESS), "--format", "ndjson").returncode == 4


def test_a_dead_engine_allows_nothing_and_a_living_one_decides_again(start_gate, start_opa, tmp_path):
    bundle = tmp_path / "bundle"
    PolicyBundle.load(REPOSITORY / "policies").write(bundle)
    server = start_opa(bundle)
    gate: RunningGate = start_gate({"GATEKEEPER_OPA_URL": server.url})
    token = gate.token("early", "submitter")
    status, answer = gate.request("POST", "/v1/proposals", token, report_to_json(a_report()))
    assert (status, answer["verdict"]["outcome"]) == (201, "pass")
    assert gate.request("GET", "/readyz")[0] == 200
    server.kill()
    nothing_is_allowed(gate)


def test_proofs_of_readiness_that_wait_for_an_engine_occupy_no_server(start_gate):
    """Each rule is put to the engine, and each waits in vain: whoever polls would hold a place that long."""
    many = 2 * WORKER_THREADS
    with liar(None) as url, ExitStack() as open_ones:
        gate: RunningGate = start_gate({"GATEKEEPER_OPA_URL": url, "GATEKEEPER_OPA_TIMEOUT_SECONDS": "4"})
        polling = [
            open_ones.enter_context(socket.create_connection(("127.0.0.1", gate.port))) for _ in range(many)
        ]
        for each in polling:
            each.sendall(b"GET /readyz HTTP/1.1\r\nHost: gate\r\n\r\n")
        assert {each.recv(65_536)[:12] for each in wait_for_all_but_one(polling)} == {b"HTTP/1.1 503"}
        assert gate.http.request("GET", f"{gate.url}/healthz", timeout=10).status == 200


def wait_for_all_but_one(polling: list[socket.socket]) -> list[socket.socket]:
    """Those that were answered while one is not yet."""
    answered: list[socket.socket] = []
    while len(answered) < len(polling) - 1:
        left = [each for each in polling if each not in answered]
        found, _, _ = select.select(left, [], [], 15)
        assert found, f"only {len(answered)} of {len(polling)} were answered"
        answered += found
    return answered


def test_nobody_listening_is_exit_code_four(gate: RunningGate):
    run = gate.cli("check", str(HARMLESS), "--opa", f"http://127.0.0.1:{free_port()}")
    assert run.returncode == 4


def nothing_is_allowed(gate: RunningGate) -> None:
    """Single and bulk submissions are answered with 503, nothing is recorded, and the gate is not ready."""
    token = gate.token("bot", "submitter")
    events = gate.cli("ledger", "verify").stdout
    reports = [report_to_json(a_report()) for _ in range(3)]
    for report in reports:
        status, problem = gate.request("POST", "/v1/proposals", token, report)
        assert (status, problem["status"]) == (503, 503)
        assert gate.request("GET", f"/v1/proposals/{report['id']}", token)[0] == 404
    lines = "".join(json.dumps(report) + "\n" for report in reports).encode()
    answer = gate.http.request(
        "POST",
        f"{gate.url}/v1/proposals/bulk",
        body=lines,
        headers={"Content-Type": "application/x-ndjson", "Authorization": f"Bearer {token}"},
    )
    assert [json.loads(line)["status"] for line in answer.data.splitlines()] == [503] * 3
    assert gate.request("GET", "/readyz")[0] == 503
    assert gate.cli("ledger", "verify").stdout == events
