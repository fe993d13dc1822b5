"""A running gate and what automation has to do with it: clients, proposals that passed, bodies that run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from gatekeeper.client.answers import Submitted
from gatekeeper.client.gate_client import GateClient
from gatekeeper.errors import GatekeeperError
from gatekeeper.executions.execution import Evidence
from gatekeeper.ledger.witness_policy import WitnessPolicy, parse_policy
from gatekeeper.permits.permit import ActionBinding
from gatekeeper.permits.signing_keys import PermitKey
from gatekeeper.proposals.report import Action
from tests.support.meddler import Meddler, meddling_with
from tests.support.reports import a_report
from tests.support.server import RunningGate, gate_at

ACTION = Action("deploy", "billing", "sha256:" + "7" * 64)
PROOF = Evidence("https://ci.example.com/run/7", "a" * 64)


@dataclass(frozen=True)
class Served:
    """A running gate, its people's tokens, and what an executor was told of its log and keys before."""

    gate: RunningGate
    tokens: dict[str, str]
    policy: WitnessPolicy
    keys: list[PermitKey]

    def client(self, name: str = "bot", url: str | None = None) -> GateClient:
        """The client of somebody, at this gate unless `url` says where else."""
        return GateClient(url or self.gate.url, self.tokens[name])

    def passed(self, **changes: object) -> Submitted:
        """A proposal that passed."""
        submitted = self.client().submit(a_report(**{"action": ACTION, **changes}))
        assert submitted.verdict == "pass"
        return submitted

    def executions(self, submitted: Submitted) -> list[dict[str, Any]]:
        """What is on record of the executions of a proposal."""
        path = f"/v1/executions?proposal={submitted.binding.proposal.id}"
        answer: Any = self.gate.request("GET", path, self.tokens["rita"])[1]
        items: list[dict[str, Any]] = answer["items"]
        return items


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gate for all tests of a module."""
    gate = gate_at(tmp_path_factory.mktemp("client"), {})
    gate.start()
    roles = dict.fromkeys(("bot", "runner", "deploy-bot"), "submitter")
    roles |= {"rita": "reviewer", "olga": "operator"}
    try:
        tokens = {name: gate.token(name, role) for name, role in roles.items()}
        policy = parse_policy(gate.http.request("GET", f"{gate.url}/log/policy").data.decode())
        keys = GateClient(gate.url, tokens["bot"]).permit_keys()
        yield Served(gate, tokens, policy, keys)
    finally:
        gate.kill()
        gate.http.clear()


@pytest.fixture
def meddler(served: Served) -> Iterator[Meddler]:
    """Somebody between the client and this gate."""
    with meddling_with(served.gate.url) as meddler:
        yield meddler


def run(
    client: GateClient, binding: ActionBinding, served: Served, body: Callable[[], None], **how: Any
) -> None:
    """Run something the way automation does."""
    wanted: dict[str, Any] = {"audience": "bot", "policy": served.policy, "keys": served.keys} | how
    with client.execution(binding, **wanted) as execution:
        body()
        execution.evidence.append(PROOF)


def refusal(client: GateClient, binding: ActionBinding, served: Served, **how: Any) -> str:
    """The code of the error for which the body did not run."""
    ran: list[bool] = []
    with pytest.raises(GatekeeperError) as refused:
        run(client, binding, served, lambda: ran.append(True), **how)
    assert ran == []
    return refused.value.code


def outcomes(execution: dict[str, Any]) -> list[tuple[str, list[object]]]:
    """What was reported on an execution, each with what was shown for it."""
    return [(each["outcome"], each["evidence"]) for each in execution["outcomes"]]
