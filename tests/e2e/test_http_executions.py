"""Executions over HTTP: outcomes by whoever may report them, wrong bodies field by field, reads in pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.clock import utc_now
from gatekeeper.executions.execution import Execution
from tests.support.documented import Answer, Automation
from tests.support.executions import begin_execution
from tests.support.in_process import InProcessGate
from tests.support.reports import a_report

PROOF = {"uri": "https://ci.example.com/run/7", "sha256": "a" * 64}
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Deployment:
    """A gate, the automation that deploys, and others."""

    gate: InProcessGate
    bot: Automation
    rita: Automation
    olga: Automation

    def begin(self, lasts: timedelta = HOUR) -> Execution:
        """An execution that the bot has just begun, or begun longer ago than it lasts."""
        bot = self.gate.house.identity.authenticate(str(self.bot.token))
        began = utc_now() - timedelta(seconds=1)
        report = a_report(ai_model="model-1", p_fail=0.25)
        dossier = self.gate.house.gate.submit(report, bot, began).dossier
        return begin_execution(self.gate.house, dossier, bot, began, lasts)

    def report(self, by: Automation, execution: Execution, outcome: str, **body: object) -> Answer:
        """Report an outcome."""
        return by.post(f"/v1/executions/{execution.id}/outcome", {"outcome": outcome, **body})


@pytest.fixture
def deployment(tmp_path: Path) -> Iterator[Deployment]:
    gate = InProcessGate.open(tmp_path)
    yield Deployment(
        gate,
        gate.principal("bot", "submitter"),
        gate.principal("rita", "reviewer"),
        gate.principal("olga", "operator"),
    )
    gate.house.database.close()


def standing(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.body["state"] if answer.status == 200 else answer.body["code"]


def test_an_execution_is_reported_and_read(deployment: Deployment) -> None:
    execution = deployment.begin()
    assert standing(deployment.report(deployment.bot, execution, "started")) == (200, "started")
    told = deployment.report(deployment.bot, execution, "succeeded", evidence=[PROOF])
    proposal = execution.proposal
    assert {name: told.body[name] for name in told.body if not name.endswith("_at")} == {
        "id": execution.id,
        "permit": execution.permit_id,
        "proposal": {"id": proposal.id, "revision": 1, "digest": proposal.digest},
        "executor": "bot",
        "state": "succeeded",
        "severity": {"claimed": 4, "assessed": execution.assessed},
        "p_fail": 0.25,
        "ai_model": "model-1",
        "silent_since": None,
        "outcomes": told.body["outcomes"],
    }
    assert [(each["outcome"], each["evidence"], each["by"]) for each in told.body["outcomes"]] == [
        ("started", [], "bot"),
        ("succeeded", [PROOF], "bot"),
    ]
    assert deployment.rita.get(f"/v1/executions/{execution.id}").body == told.body
    history = deployment.rita.get(f"/v1/proposals/{proposal.id}/history").body["items"]
    recorded = {entry["index"]: entry["facts"].get("outcome") for entry in history}
    assert [recorded[each["leaf"]] for each in told.body["outcomes"]] == ["started", "succeeded"]


def test_a_repetition_is_answered_alike_and_a_contradiction_is_a_conflict(deployment: Deployment) -> None:
    execution = deployment.begin()
    first = deployment.report(deployment.bot, execution, "succeeded", evidence=[PROOF])
    events = deployment.gate.recorded_events()
    assert deployment.report(deployment.bot, execution, "succeeded", evidence=[PROOF]).body == first.body
    assert standing(deployment.report(deployment.bot, execution, "failed")) == (409, "outcome_recorded")
    assert standing(deployment.report(deployment.bot, execution, "succeeded")) == (409, "outcome_recorded")
    assert deployment.gate.recorded_events() == events


def test_others_report_nothing_and_operators_only_after_silence(deployment: Deployment) -> None:
    running, silent = deployment.begin(), deployment.begin(timedelta(milliseconds=1))
    for other in (deployment.rita, deployment.olga):
        assert standing(deployment.report(other, running, "succeeded")) == (403, "not_the_executor")
    assert standing(deployment.report(deployment.rita, silent, "failed")) == (403, "not_the_executor")
    assert standing(deployment.report(deployment.bot, silent, "started")) == (409, "deadline_passed")
    told = deployment.report(deployment.olga, silent, "failed")
    assert (standing(told), told.body["silent_since"] is None) == ((200, "failed"), False)


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, {"/outcome": "is missing"}),
        ({"outcome": "success"}, {"/outcome": None}),
        ({"outcome": "indeterminate"}, {"/outcome": None}),
        ({"outcome": "failed", "evidense": []}, {"/evidense": 'is unknown; did you mean "evidence"?'}),
        ({"outcome": "failed", "evidence": {}}, {"/evidence": None}),
        ({"outcome": "failed", "evidence": [{**PROOF, "note": "x"}]}, {"/evidence": None}),
        ({"outcome": "failed", "evidence": [{"uri": 1, "sha256": "a" * 64}]}, {"/evidence": None}),
        ({"outcome": "failed", "evidence": [PROOF] * 21}, {"/evidence": None}),
        ({"outcome": "failed", "evidence": [{**PROOF, "sha256": "A" * 64}]}, {"/evidence/0/sha256": None}),
        ({"outcome": "failed", "evidence": [PROOF, {**PROOF, "uri": "a\0b"}]}, {"/evidence/1/uri": None}),
    ],
)
def test_a_wrong_body_is_refused_by_field_and_recorded_nowhere(
    deployment: Deployment, body: dict[str, Any], faults: dict[str, str | None]
) -> None:
    execution = deployment.begin()
    events = deployment.gate.recorded_events()
    answer = deployment.bot.post(f"/v1/executions/{execution.id}/outcome", body)
    assert (answer.status, set(answer.faults)) == (422, set(faults))
    assert all(detail is None or answer.faults[pointer] == detail for pointer, detail in faults.items())
    assert deployment.gate.recorded_events() == events


def test_executions_are_listed_in_pages(deployment: Deployment) -> None:
    begun = [deployment.begin() for _ in range(3)]
    deployment.report(deployment.bot, begun[1], "failed")
    first = deployment.rita.get("/v1/executions?limit=2").body
    rest = deployment.rita.get(f"/v1/executions?limit=2&cursor={first['next_cursor']}").body
    assert [each["id"] for each in first["items"] + rest["items"]] == [each.id for each in reversed(begun)]
    assert rest["next_cursor"] is None
    failed = deployment.rita.get("/v1/executions?state=failed&state=rolled_back").body["items"]
    assert [each["id"] for each in failed] == [begun[1].id]
    of_one = deployment.rita.get(f"/v1/executions?proposal={begun[2].proposal.id}").body["items"]
    assert [each["id"] for each in of_one] == [begun[2].id]


@pytest.mark.parametrize(
    "query", ["state=done", "proposal=a%00b", "cursor=x", "limit=0", "limit=201", "sort=id"]
)
def test_a_wrong_query_is_refused(deployment: Deployment, query: str) -> None:
    answer = deployment.rita.get(f"/v1/executions?{query}")
    assert (answer.status, list(answer.faults)) == (422, ["/" + query.partition("=")[0]])


def test_what_is_not_there_is_not_found_and_nobody_gets_in_without_a_token(deployment: Deployment) -> None:
    execution = deployment.begin()
    assert standing(deployment.rita.get("/v1/executions/exec_0")) == (404, "execution_unknown")
    nobody = deployment.gate.nobody()
    for answer in (
        nobody.get("/v1/executions"),
        nobody.get(f"/v1/executions/{execution.id}"),
        deployment.report(nobody, execution, "failed"),
    ):
        assert answer.status == 401
