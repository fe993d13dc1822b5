"""The real server over HTTP, durable: reports one by one and in bulk, on each database with each engine."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import urllib3

from bench.samples import Samples
from bench.table import Table
from bench.timing import Timing
from gatekeeper.policy.bundle import PolicyBundle
from tests.support.opa import launch_opa
from tests.support.postgres import postgres_binaries, running_cluster
from tests.support.server import RunningGate, gate_at
from tests.support.workspace import REPOSITORY

NUMBER, NUMBER_QUICK = 400, 8
CLIENTS = 4
_WARM_UP = 8
_OUTCOMES = ("allow", "review", "block")


def measure(*, quick: bool) -> list[Table]:
    """The one table of this suite."""
    table = Table(
        "HTTP: every answer durable before it is given",
        (
            "database, engine",
            "one by one /s",
            "p50 ms",
            "p99 ms",
            f"{CLIENTS} clients /s",
            "bulk /s",
            "bulk : one by one",
        ),
    )
    samples = Samples.load(NUMBER_QUICK if quick else NUMBER)
    for database in ("SQLite", "PostgreSQL"):
        for engine in ("embedded", "OPA"):
            print(f"  {database}, {engine} ...", file=sys.stderr)
            with _gate(database, engine) as gate:
                if isinstance(gate, str):
                    table.add(f"{database}, {engine}: not measured, {gate}")
                    continue
                _add_row(table, f"{database}, {engine}", gate, samples)
    table.notes.append(
        f"{len(samples.reports)} new reports for each figure ({samples.source}); server with two worker processes, "
        f"client on the same machine."
    )
    return [table]


def _add_row(table: Table, name: str, gate: RunningGate, samples: Samples) -> None:
    token = gate.token("bench", "submitter")
    _one_by_one(gate, token, samples.fresh()[:_WARM_UP])
    single = _one_by_one(gate, token, samples.fresh())
    several = _by_clients(gate, token, samples.fresh())
    bulk = _in_bulk(gate, token, samples.fresh())
    table.add(
        name,
        single.per_second,
        single.milliseconds(50),
        single.milliseconds(99),
        several.per_second,
        bulk.per_second,
        bulk.per_second / single.per_second,
    )


@contextmanager
def _gate(database: str, engine: str) -> Iterator[RunningGate | str]:
    """A started gate, or why there is none."""
    settings = {"GATEKEEPER_WORKERS": "2"}
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if database == "PostgreSQL":
            binaries = postgres_binaries()
            if binaries is None:
                yield "PostgreSQL is not installed"
                return
            settings["GATEKEEPER_DATABASE_URL"] = stack.enter_context(running_cluster(binaries)).create()
        if engine == "OPA":
            binary = shutil.which("opa")
            if binary is None:
                yield "OPA is not installed"
                return
            (home / "bundle").mkdir()
            PolicyBundle.load(REPOSITORY / "policies").write(home / "bundle")
            opa = launch_opa(binary, home / "bundle")
            stack.callback(opa.kill)
            settings["GATEKEEPER_OPA_URL"] = opa.url
        gate = gate_at(home, settings)
        stack.callback(gate.http.clear)
        gate.start()
        stack.callback(gate.kill)
        yield gate


def _one_by_one(gate: RunningGate, token: str, bodies: list[bytes]) -> Timing:
    timing = Timing()
    with urllib3.HTTPConnectionPool("127.0.0.1", gate.port, maxsize=1, retries=False) as http:
        for body in bodies:
            with timing.piece():
                answer = http.request(
                    "POST", "/v1/proposals", body=body, headers=_headers(token, "application/json")
                )
            _expect_decided(answer.status, answer.data)
    return timing


def _by_clients(gate: RunningGate, token: str, bodies: list[bytes]) -> Timing:
    """Reports per second of several clients at once."""
    timings: list[Timing] = []

    def work(share: list[bytes]) -> None:
        timings.append(_one_by_one(gate, token, share))

    threads = [threading.Thread(target=work, args=(bodies[number::CLIENTS],)) for number in range(CLIENTS)]
    together = Timing()
    with together.all():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    together.pieces = sum(timing.pieces for timing in timings)
    if together.pieces != len(bodies):
        raise RuntimeError("a client failed")
    return together


def _in_bulk(gate: RunningGate, token: str, bodies: list[bytes]) -> Timing:
    timing = Timing()
    sent, headers = b"\n".join(bodies), _headers(token, "application/x-ndjson")
    http = urllib3.HTTPConnectionPool("127.0.0.1", gate.port, retries=False, timeout=300)
    with http, timing.piece(len(bodies)):
        answer = http.request("POST", "/v1/proposals/bulk", body=sent, headers=headers)
    lines = [json.loads(line) for line in answer.data.splitlines()]
    if answer.status != 200 or len(lines) != len(bodies):
        raise RuntimeError(f"bulk was answered with {answer.status} and {len(lines)} lines")
    for line in lines:
        _expect_decided(line["status"], json.dumps(line.get("proposal")).encode())
    return timing


def _headers(token: str, media_type: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": media_type}


def _expect_decided(status: int, body: bytes) -> None:
    if status != 201 or json.loads(body)["decision"]["outcome"] not in _OUTCOMES:
        raise RuntimeError(f"a report was answered with {status}: {body[:300]!r}")
