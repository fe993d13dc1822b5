"""The peer: a bare OPA server deciding the inputs that the gate would send it, and the embedded engine beside it."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import urllib3

from bench.samples import Samples
from bench.table import Table
from bench.timing import Timing
from gatekeeper.assessment.assess import assess
from gatekeeper.clock import utc_now
from gatekeeper.judge import build_judge
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.engine import Question
from gatekeeper.policy.gate_input import GateContext, gate_input
from gatekeeper.proposals.digest import report_digest
from gatekeeper.proposals.json_form import report_from_value
from gatekeeper.settings import Settings
from tests.support.opa import launch_opa
from tests.support.workspace import REPOSITORY

NUMBER, NUMBER_QUICK = 788, 12


def measure(*, quick: bool) -> list[Table]:
    """The one table of this suite."""
    samples = Samples.load(NUMBER_QUICK if quick else NUMBER)
    inputs = [_input(value) for value in samples.reports]
    table = Table(
        "Policy alone: the same inputs, one by one",
        ("engine", "per second", "p50 ms", "p99 ms", "beside bare OPA"),
    )
    embedded = _embedded(inputs)
    binary = shutil.which("opa")
    if binary is None:
        table.add("bare OPA server over HTTP: not measured, OPA is not installed")
        _add(table, "embedded engine, in process", embedded, None)
    else:
        bare = _bare_opa(binary, inputs)
        _add(table, "bare OPA server over HTTP", bare, bare)
        _add(table, "embedded engine, in process", embedded, bare)
    table.notes.append(f"{len(inputs)} inputs ({samples.source}).")
    return [table]


def _add(table: Table, name: str, timing: Timing, peer: Timing | None) -> None:
    ratio = None if peer is None else timing.per_second / peer.per_second
    table.add(name, timing.per_second, timing.milliseconds(50), timing.milliseconds(99), ratio)


def _input(value: dict[str, object]) -> dict[str, object]:
    report = report_from_value(value)
    return gate_input(report, report_digest(report), assess(report), GateContext(False, utc_now()))


def _embedded(inputs: list[dict[str, object]]) -> Timing:
    engine = build_judge(Settings.from_env({})).engine
    engine.ask(Question.GATE, inputs[0])
    timing = Timing()
    for each in inputs:
        with timing.piece():
            answer = engine.ask(Question.GATE, each)
        _expect_decision(answer)
    return timing


def _bare_opa(binary: str, inputs: list[dict[str, object]]) -> Timing:
    timing = Timing()
    with tempfile.TemporaryDirectory() as folder:
        PolicyBundle.load(REPOSITORY / "policies").write(Path(folder))
        opa = launch_opa(binary, Path(folder))
        try:
            with urllib3.HTTPConnectionPool(
                "127.0.0.1", int(opa.url.rpartition(":")[2]), retries=False
            ) as http:
                bodies = [json.dumps({"input": each}).encode() for each in inputs]
                for body in [bodies[0], *bodies]:
                    with timing.piece():
                        raw = http.request("POST", f"/v1/data/{Question.GATE.value}", body=body).data
                    _expect_decision(json.loads(raw).get("result"))
        finally:
            opa.kill()
    del timing.durations[0]
    timing.pieces -= 1
    return timing


def _expect_decision(answer: object) -> None:
    if not isinstance(answer, dict) or answer["result"]["outcome"] not in ("allow", "review", "block"):
        raise RuntimeError(f"no decision: {answer!r}")
