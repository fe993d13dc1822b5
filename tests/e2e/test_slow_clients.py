"""Clients that announce a body and do not send it, many more than may be served at once: everybody else is served."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from gatekeeper import app
from gatekeeper.proposals.json_form import report_to_json
from tests.support.reports import a_report
from tests.support.server import RunningGate

MANY = 5 * app.WORKER_THREADS
PATIENCE_SECONDS = 60  # other tests may keep every core busy
ANNOUNCED = 1000


@pytest.fixture
def connections() -> Iterator[ExitStack]:
    with ExitStack() as open_ones:
        yield open_ones


def silent(
    gate: RunningGate, open_ones: ExitStack, path: str, *headers: str, sent: bytes
) -> list[socket.socket]:
    """Many clients that send the head of a request, and less of its body than they say."""
    head = [f"POST {path} HTTP/1.1", "Host: gate", f"Content-Length: {ANNOUNCED}", *headers, "", ""]
    clients = []
    for _ in range(MANY):
        client = socket.create_connection(("127.0.0.1", gate.port), timeout=PATIENCE_SECONDS)
        clients.append(open_ones.enter_context(client))
        client.sendall("\r\n".join(head).encode() + sent)
    return clients


@pytest.mark.parametrize(
    ("path", "form", "begun", "status"),
    [
        ("/v1/proposals", "application/json", b"", 401),
        ("/v1/proposals", "application/json", b'{"id": ', 422),
        ("/v1/nothing", "application/json", b"x", 404),
        ("/sign-in", "application/x-www-form-urlencoded", b"token=", 400),
    ],
    ids=["strangers", "submitters", "nowhere", "visitors"],
)
def test_everybody_else_is_served(
    gate: RunningGate, connections: ExitStack, path: str, form: str, begun: bytes, status: int
) -> None:
    token = gate.token("bot", "submitter")
    credential = [f"Authorization: Bearer {token}"] if status == 422 else []
    headers = [f"Content-Type: {form}", f"Origin: {gate.url}", *credential]
    waiting = silent(gate, connections, path, *headers, sent=begun)
    assert gate.request("GET", "/healthz")[0] == 200
    assert gate.request("POST", "/v1/proposals", token, report_to_json(a_report()))[0] == 201
    for client in waiting:
        client.sendall(b"x" * (ANNOUNCED - len(begun)))
    assert {int(client.recv(65_536).split(b" ", 2)[1]) for client in waiting} == {status}
