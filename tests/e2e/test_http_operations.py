"""For operators over HTTP: liveness, readiness, metrics, the policy bundle, and a gate that cannot decide."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from prometheus_client.parser import text_string_to_metric_families

from gatekeeper.clock import utc_now
from gatekeeper.executions.execution import ExecutionState
from gatekeeper.policy.in_force import put_in_force
from gatekeeper.proposals.json_form import report_to_json
from tests.support.documented import Automation
from tests.support.executions import begin_execution
from tests.support.in_process import InProcessGate
from tests.support.reports import a_blocked_report, a_report

BUNDLE_TOKEN = "bundle-token-of-thirty-two-characters"


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[InProcessGate]:
    gate = InProcessGate.open(tmp_path, BUNDLE_TOKEN=BUNDLE_TOKEN)
    yield gate
    gate.house.database.close()


@pytest.fixture
def gate_without_engine(tmp_path: Path) -> Iterator[InProcessGate]:
    """Its OPA server is a port where nobody listens."""
    settings = {"OPA_URL": "http://127.0.0.1:9", "OPA_TIMEOUT_SECONDS": "0.2"}
    gate = InProcessGate.open(tmp_path, **settings)
    yield gate
    gate.house.database.close()


def samples(gate: InProcessGate) -> dict[tuple[str, str], float]:
    text = gate.nobody().get("/metrics").body
    return {
        (sample.name, ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_gate_whose_rules_block_their_own_bad_examples_is_ready(gate: InProcessGate) -> None:
    answer = gate.nobody().get("/readyz")
    assert (answer.status, answer.body["ready"]) == (200, True)
    names = [check["name"] for check in answer.body["checks"]]
    assert names[:2] == ["database", "ledger"]
    assert any(name.startswith("rule ") for name in names)
    assert all(check["ok"] for check in answer.body["checks"])


def test_liveness_asks_neither_database_nor_engine(gate_without_engine: InProcessGate) -> None:
    assert gate_without_engine.nobody().get("/healthz").body == {"status": "alive"}


def test_without_its_engine_a_gate_is_not_ready_and_decides_nothing(
    gate_without_engine: InProcessGate,
) -> None:
    gate = gate_without_engine
    bot = gate.principal("bot", "submitter")
    recorded = gate.recorded_events()
    ready = gate.nobody().get("/readyz")
    assert (ready.status, ready.body["ready"]) == (503, False)
    answer = bot.post("/v1/proposals", report_to_json(a_report()))
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    lines = bot.bulk(b'{"x": 1}\n' + _line() + b"\n" + _line()).body
    assert [line["status"] for line in lines] == [422, 503, 503]
    assert gate.recorded_events() == recorded
    assert bot.get("/v1/proposals").body["items"] == []


def test_a_gate_that_runs_another_policy_than_the_log_names_decides_nothing(gate: InProcessGate) -> None:
    bot = gate.principal("bot", "submitter")
    known = report_to_json(a_report())
    assert bot.post("/v1/proposals", known).status == 201
    put_in_force(gate.house.database, "sha256:another", "embedded", utc_now())
    recorded = gate.recorded_events()
    refused = bot.post("/v1/proposals", report_to_json(a_report()))
    assert (refused.status, refused.body["code"]) == (503, "policy_not_in_force")
    assert refused.headers["retry-after"] == "5"
    assert bot.bulk(_line()).body[0]["status"] == 503
    assert gate.recorded_events() == recorded
    ready = gate.nobody().get("/readyz")
    failed = [check["name"] for check in ready.body["checks"] if not check["ok"]]
    assert (ready.status, failed) == (503, ["policy in force"])
    assert bot.post("/v1/proposals", known).status == 200
    assert gate.house.put_policy_in_force(utc_now())
    assert bot.post("/v1/proposals", report_to_json(a_report())).status == 201
    assert gate.nobody().get("/readyz").status == 200


def _line() -> bytes:
    return orjson.dumps(report_to_json(a_report()))


def test_without_its_database_a_gate_answers_503_and_stays_alive(gate: InProcessGate, tmp_path: Path) -> None:
    bot = gate.principal("bot", "submitter")
    gate.house.database.close()
    for file in tmp_path.glob("gate.db*"):
        file.unlink()
    (tmp_path / "gate.db").mkdir()
    assert bot.post("/v1/proposals", report_to_json(a_report())).status == 503
    assert gate.nobody().get("/readyz").status == 503
    assert gate.nobody().get("/healthz").status == 200
    assert samples(gate)["fsar_gate_database_up", ""] == 0


def test_metrics_count_decisions_errors_and_what_waits(gate: InProcessGate) -> None:
    bot, olga = gate.principal("bot", "submitter"), gate.principal("olga", "operator")
    bot.post("/v1/proposals", report_to_json(a_report()))
    bot.bulk(_line())
    bot.post("/v1/proposals", report_to_json(a_blocked_report()))
    bot.post("/v1/proposals", b"{")
    gate.nobody().get("/v1/proposals")
    bot.get("/v1/nothing")
    olga.post("/v1/freeze", {"reason": "An agent loops."})
    found = samples(gate)
    expected = {
        ("fsar_gate_decisions_total", "allow"): 2,
        ("fsar_gate_decisions_total", "block"): 1,
        ("fsar_gate_errors_total", "not_a_report"): 1,
        ("fsar_gate_errors_total", "not_authenticated"): 1,
        ("fsar_gate_errors_total", "not_found"): 1,
        ("fsar_gate_request_seconds_count", "submit_proposal,2xx"): 2,
        ("fsar_gate_request_seconds_count", "submit_proposal,4xx"): 1,
        ("fsar_gate_pending_reviews", ""): 1,
        ("fsar_gate_proposals", "passed"): 2,
        ("fsar_gate_frozen", ""): 1,
        ("fsar_gate_database_up", ""): 1,
    }
    assert {key: found.get(key) for key in expected} == expected


def test_metrics_count_executions_by_state(gate: InProcessGate) -> None:
    now = utc_now()
    bot, _ = gate.house.identity.add("bot", ["submitter"], now)
    for lasts in (timedelta(seconds=1), timedelta(hours=1)):
        dossier = gate.house.gate.submit(a_report(), bot, now).dossier
        begin_execution(gate.house, dossier, bot, now, lasts)
    assert gate.house.executions.settle_overdue(now + timedelta(minutes=1)) == 1
    found = {key[1]: value for key, value in samples(gate).items() if key[0] == "fsar_gate_executions"}
    assert found == dict.fromkeys(ExecutionState, 0) | {"open": 1, "indeterminate": 1}


def test_metrics_name_nobody(gate: InProcessGate) -> None:
    bot = gate.principal("a-telling-name", "submitter")
    report = a_report()
    bot.post("/v1/proposals", report_to_json(report))
    text = gate.nobody().get("/metrics").body
    assert "a-telling-name" not in text
    assert report.id not in text


def test_the_policy_is_served_as_a_bundle_to_whoever_may_have_it(gate: InProcessGate) -> None:
    opa = Automation(gate.send, BUNDLE_TOKEN)
    answer = opa.get("/policy/bundle.tar.gz")
    assert answer.status == 200
    assert answer.headers["etag"] == f'"{gate.house.bundle.revision}"'
    with tarfile.open(fileobj=io.BytesIO(answer.raw), mode="r:gz") as bundle:
        assert any(name.endswith(".rego") for name in bundle.getnames())
    assert opa.get("/policy/bundle.tar.gz", If_None_Match=answer.headers["etag"]).status == 304
    assert gate.principal("rita", "reviewer").get("/policy/bundle.tar.gz").raw == answer.raw


@pytest.mark.parametrize("token", [None, "wrong", BUNDLE_TOKEN[:-1], "b\u00fcndel"])
def test_the_policy_is_served_to_nobody_else(gate: InProcessGate, token: str | None) -> None:
    assert Automation(gate.send, token).get("/policy/bundle.tar.gz").status == 401


def test_the_bundle_token_opens_nothing_else(gate: InProcessGate) -> None:
    assert Automation(gate.send, BUNDLE_TOKEN).get("/v1/proposals").status == 401


def test_a_disabled_principal_is_nobody_at_once(gate: InProcessGate) -> None:
    bot = gate.principal("bot", "submitter")
    assert bot.get("/v1/proposals").status == 200
    gate.house.identity.disable("bot", utc_now())
    assert bot.get("/v1/proposals").status == 401
