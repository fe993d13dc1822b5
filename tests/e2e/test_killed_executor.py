"""`kill -9` of the process that executes: nobody reports, nobody knows, everybody is told, and nothing runs again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest

from gatekeeper.client.answers import Submitted
from gatekeeper.client.gate_client import GateClient
from gatekeeper.clock import utc_now
from gatekeeper.errors import ConflictError
from gatekeeper.ledger.witness_policy import parse_policy
from tests.support.ports import wait_until
from tests.support.reports import a_report
from tests.support.server import RunningGate
from tests.support.workspace import REPOSITORY

EXECUTOR = """
import os, sys
from gatekeeper.client.gate_client import GateClient
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.ledger.witness_policy import parse_policy
from gatekeeper.permits.permit import ActionBinding

moment, proposal, digest, policy = sys.argv[1:]
client = GateClient(os.environ["URL"], os.environ["TOKEN"])

def wait_for_the_end():
    print("now", flush=True)
    sys.stdin.read()

if moment == "after spending":
    client.consume(client.permit(proposal, "bot").id)
    wait_for_the_end()
else:
    binding = ActionBinding(ProposalRef(proposal, 1, digest), None)
    with client.execution(binding, audience="bot", policy=parse_policy(policy)):
        wait_for_the_end()
"""


def die(gate: RunningGate, token: str, moment: str, submitted: Submitted, policy: str) -> None:
    """Execute in a process of its own, which is killed at this moment."""
    proposal = submitted.binding.proposal
    with subprocess.Popen(
        [sys.executable, "-c", EXECUTOR, moment, proposal.id, proposal.digest, policy],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], "URL": gate.url, "TOKEN": token},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as executor:
        assert executor.stdout is not None
        reached = executor.stdout.readline()
        executor.kill()
    assert reached == b"now\n"


def found(gate: RunningGate, token: str) -> list[dict[str, Any]]:
    """The executions that are on record, the latest first."""
    answer: Any = gate.request("GET", "/v1/executions", token)[1]
    items: list[dict[str, Any]] = answer["items"]
    return items


def let_the_deadline_pass(gate: RunningGate, token: str) -> None:
    """Until the scheduler has found out that nobody reported."""
    last = max(datetime.fromisoformat(each["deadline_at"]) for each in found(gate, token))
    wait_until(lambda: utc_now() > last, 10, "the deadline does not come")
    gate.restart()  # its scheduler looks at once
    wait_until(
        lambda: {each["state"] for each in found(gate, token)} == {"indeterminate"},
        20,
        f"not found out: {gate.output()}",
    )


def require_everybody_told(gate: RunningGate, operator: str, silent: list[dict[str, Any]]) -> None:
    """Assert that these executions, the latest first, are in the notices, the metrics and the output."""
    notices: Any = gate.request("GET", "/v1/notices", operator)[1]
    assert [(each["code"], each["proposal_id"]) for each in notices["items"]] == [
        ("execution.indeterminate", execution["proposal"]["id"]) for execution in silent
    ]
    metrics = gate.http.request("GET", f"{gate.url}/metrics").data.decode()
    for state, count in (("indeterminate", len(silent)), ("succeeded", 0), ("open", 0), ("started", 0)):
        assert f'fsar_gate_executions{{state="{state}"}} {count}.0' in metrics
    for execution in silent:
        assert f'"execution": "{execution["id"]}"' in gate.output()


def test_an_executor_that_is_killed_leaves_its_execution_indeterminate(
    start_gate: Callable[[Mapping[str, str]], RunningGate],
):
    gate = start_gate({"GATEKEEPER_EXECUTION_DEADLINE_SECONDS": "3"})
    bot, olga = gate.token("bot", "submitter"), gate.token("olga", "operator")
    client = GateClient(gate.url, bot)
    policy = gate.http.request("GET", f"{gate.url}/log/policy").data.decode()
    spent, running = client.submit(a_report()), client.submit(a_report())
    die(gate, bot, "after spending", spent, policy)
    die(gate, bot, "while it runs", running, policy)
    begun = found(gate, bot)
    assert [(each["state"], each["proposal"]["id"]) for each in begun] == [
        ("started", running.binding.proposal.id),
        ("open", spent.binding.proposal.id),
    ]

    let_the_deadline_pass(gate, bot)
    require_everybody_told(gate, olga, begun)
    for submitted in (spent, running):
        with pytest.raises(ConflictError) as refused:
            client.permit(submitted.binding.proposal.id, "bot")
        assert refused.value.code == "outcome_unknown"

    assert GateClient(gate.url, olga).report_outcome(found(gate, bot)[0]["id"], "failed") == "failed"
    with client.execution(running.binding, audience="bot", policy=parse_policy(policy)):
        pass
    assert [each["state"] for each in found(gate, bot)] == ["succeeded", "failed", "indeterminate"]
