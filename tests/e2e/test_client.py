"""The client against a running gate: nothing runs without a permit that was issued, verified and spent."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gatekeeper.client.answers import Submitted
from gatekeeper.client.gate_client import GateClient
from gatekeeper.errors import GatekeeperError
from gatekeeper.executions.execution import Evidence
from gatekeeper.ledger.keys import Kind, new_key
from gatekeeper.ledger.witness_policy import WitnessPolicy, parse_policy
from gatekeeper.permits.dsse import Envelope
from gatekeeper.permits.permit import ActionBinding
from gatekeeper.permits.signing_keys import PermitKey
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.report import Action
from tests.support.meddler import Meddler, meddling_with
from tests.support.reports import a_blocked_report, a_report
from tests.support.server import RunningGate, gate_at
from tests.support.workspace import REPOSITORY

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
    home: Path = tmp_path_factory.mktemp("client")
    gate = gate_at(home, {})
    gate.start()
    roles = {"bot": "submitter", "runner": "submitter", "rita": "reviewer", "olga": "operator"}
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
    with meddling_with(served.gate.url) as meddler:
        yield meddler


def run(
    client: GateClient, binding: ActionBinding, served: Served, body: Callable[[], None], **how: Any
) -> None:
    """Run something the way automation does."""
    wanted = {"audience": "bot", "policy": served.policy, "keys": served.keys} | how
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
    return [(each["outcome"], each["evidence"]) for each in execution["outcomes"]]


# what runs


def test_the_body_runs_with_a_permit_and_its_success_is_on_record(served: Served):
    submitted = served.passed(ai_model="model-1", p_fail=0.25)
    seen: list[dict[str, Any]] = []
    run(served.client(), submitted.binding, served, lambda: seen.extend(served.executions(submitted)))
    (during,), (after,) = seen, served.executions(submitted)
    assert (during["state"], outcomes(during)) == ("started", [("started", [])])
    shown = [{"uri": PROOF.uri, "sha256": PROOF.sha256}]
    assert (after["state"], outcomes(after)) == ("succeeded", [("started", []), ("succeeded", shown)])
    reference = submitted.binding.proposal
    assert (after["executor"], after["ai_model"], after["p_fail"], after["severity"]["claimed"]) == (
        "bot",
        "model-1",
        0.25,
        4,
    )
    assert after["proposal"] == {"id": reference.id, "revision": 1, "digest": reference.digest}


def test_what_the_body_raises_goes_on_and_is_on_record_as_a_failure(served: Served):
    submitted = served.passed()

    def break_down() -> None:
        raise ZeroDivisionError("the body's own")

    with pytest.raises(ZeroDivisionError, match="the body's own"):
        run(served.client(), submitted.binding, served, break_down)
    (after,) = served.executions(submitted)
    assert outcomes(after) == [("started", []), ("failed", [])]


def test_an_interruption_is_a_failure_too(served: Served):
    submitted = served.passed()

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(served.client(), submitted.binding, served, interrupt)
    (after,) = served.executions(submitted)
    assert after["state"] == "failed"


def test_the_body_undoes_what_it_did_and_says_so(served: Served):
    submitted = served.passed()
    with (
        pytest.raises(ZeroDivisionError),
        served.client().execution(
            submitted.binding, audience="bot", policy=served.policy, keys=served.keys
        ) as execution,
    ):
        execution.roll_back([PROOF])
        raise ZeroDivisionError
    (after,) = served.executions(submitted)
    assert [each["outcome"] for each in after["outcomes"]] == ["started", "rolled_back"]


def test_what_has_failed_can_be_undone_afterwards_and_may_then_run_again(served: Served):
    submitted = served.passed()
    with pytest.raises(ZeroDivisionError):  # noqa: SIM117
        with served.client().execution(
            submitted.binding, audience="bot", policy=served.policy, keys=served.keys
        ) as execution:
            raise ZeroDivisionError
    execution.roll_back()
    run(served.client(), submitted.binding, served, lambda: None)
    assert [each["state"] for each in served.executions(submitted)] == ["succeeded", "rolled_back"]
    assert refusal(served.client(), submitted.binding, served) == "executed"


def test_a_permit_bound_to_a_key_is_spent_with_it(served: Served):
    submitted = served.passed()
    run(served.client(), submitted.binding, served, lambda: None, executor_key=Ed25519PrivateKey.generate())
    assert [each["state"] for each in served.executions(submitted)] == ["succeeded"]


# what does not


def test_nothing_runs_that_has_not_passed(served: Served):
    waiting = served.client().submit(a_blocked_report())
    assert refusal(served.client(), waiting.binding, served) == "verdict_not_pass"
    assert served.executions(waiting) == []


def test_nothing_runs_while_the_gate_is_frozen(served: Served):
    submitted = served.passed()
    assert served.gate.request("POST", "/v1/freeze", served.tokens["olga"], {"reason": "Loop."})[0] == 201
    try:
        assert refusal(served.client(), submitted.binding, served) == "gate_frozen"
    finally:
        assert served.gate.request("DELETE", "/v1/freeze", served.tokens["olga"])[0] == 200
    assert served.executions(submitted) == []


def test_nothing_runs_that_is_another_revision_or_another_action(served: Served):
    submitted = served.passed()
    binding = submitted.binding
    other = replace(binding, action=replace(ACTION, target="payroll"))
    none = replace(binding, action=None)
    later = replace(binding, proposal=replace(binding.proposal, revision=2))
    edited = replace(binding, proposal=replace(binding.proposal, digest="sha256:" + "0" * 64))
    for wrong in (other, none, later, edited):
        assert refusal(served.client(), wrong, served) == "subject"
    assert served.executions(submitted) == []


def test_nothing_runs_on_a_permit_for_somebody_else(served: Served, meddler: Meddler):
    submitted = served.passed()
    assert refusal(served.client(), submitted.binding, served, audience="runner") == "not_the_audience"
    meddler.asked["permits"] = lambda body: {**body, "audience": "runner"}
    assert refusal(served.client(url=meddler.url), submitted.binding, served) == "audience"
    assert served.executions(submitted) == []
    assert meddler.passed_on == ["permits"]


def test_nothing_runs_that_no_known_witness_or_key_vouches_for(served: Served):
    submitted = served.passed()
    stranger = new_key("witness.example.org/w", Kind.COSIGNATURE_ED25519, b"w" * 32).verifier
    policy = parse_policy(f"log {served.policy.logs[0].vkey}\nwitness w {stranger.vkey}\nquorum w\n")
    assert refusal(served.client(), submitted.binding, served, policy=policy) == "not_witnessed"
    unknown = PermitKey(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    assert refusal(served.client(), submitted.binding, served, keys=[unknown]) == "signature"
    assert served.executions(submitted) == []


def flipped(text: str, at: int = 40) -> str:
    """The same with one character changed."""
    return text[:at] + ("B" if text[at] != "B" else "C") + text[at + 1 :]


def with_dsse(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Callable[[Any], Any]:
    return lambda answer: answer | {"bundle": answer["bundle"] | {"dsse": change(answer["bundle"]["dsse"])}}


TAMPERED: dict[str, Callable[[Any], Any]] = {
    "payload": with_dsse(lambda dsse: dsse | {"payload": flipped(dsse["payload"])}),
    "payload type": with_dsse(lambda dsse: dsse | {"payloadType": "text/plain"}),
    "signature": with_dsse(
        lambda dsse: (
            dsse | {"signatures": [dsse["signatures"][0] | {"sig": flipped(dsse["signatures"][0]["sig"])}]}
        )
    ),
    "entry": lambda answer: (
        answer
        | {"bundle": answer["bundle"] | {"entry": answer["bundle"]["entry"].replace("permit_", "permit-")}}
    ),
    "proof": lambda answer: (
        answer
        | {
            "bundle": answer["bundle"]
            | {"tlogProof": answer["bundle"]["tlogProof"].replace("index ", "index 1")}
        }
    ),
    "id": lambda answer: answer | {"id": "permit_00000000-0000-4000-8000-000000000000"},
    "no bundle": lambda answer: {name: value for name, value in answer.items() if name != "bundle"},
}


@pytest.mark.parametrize("name", TAMPERED)
def test_nothing_runs_on_a_permit_that_was_tampered_with(served: Served, meddler: Meddler, name: str):
    submitted = served.passed()
    meddler.answered["permits"] = TAMPERED[name]
    refusal(served.client(url=meddler.url), submitted.binding, served)
    assert meddler.passed_on == ["permits"]  # it was not spent either
    assert served.executions(submitted) == []


def revise(served: Served, submitted: Submitted) -> None:
    served.client().submit(a_report(id=submitted.binding.proposal.id, proposal="Reword the greeting."))


def freeze_and_thaw(served: Served, _: Submitted) -> None:
    assert served.gate.request("POST", "/v1/freeze", served.tokens["olga"], {"reason": "Loop."})[0] == 201
    assert served.gate.request("DELETE", "/v1/freeze", served.tokens["olga"])[0] == 200


def ask_for_another(served: Served, submitted: Submitted) -> None:
    served.client().permit(submitted.binding.proposal.id, "bot")


@pytest.mark.parametrize(
    ("meanwhile", "code"),
    [(revise, "superseded"), (freeze_and_thaw, "voided"), (ask_for_another, "revoked")],
)
def test_nothing_runs_on_a_permit_that_ended_after_it_was_verified(
    served: Served, meddler: Meddler, meanwhile: Callable[[Served, Submitted], None], code: str
):
    submitted = served.passed()
    meddler.asked["consume"] = lambda body: (meanwhile(served, submitted), body)[1]
    assert refusal(served.client(url=meddler.url), submitted.binding, served) == code
    assert served.executions(submitted) == []


def test_nothing_runs_when_the_binding_to_a_key_was_taken_away(served: Served, meddler: Meddler):
    submitted = served.passed()
    meddler.asked["permits"] = lambda body: {k: v for k, v in body.items() if k != "executor_key"}
    key = Ed25519PrivateKey.generate()
    assert (
        refusal(served.client(url=meddler.url), submitted.binding, served, executor_key=key) == "not_a_gate"
    )
    assert meddler.passed_on == ["permits"]


def test_nothing_runs_on_a_receipt_that_the_gate_did_not_sign(served: Served, meddler: Meddler):
    first, submitted = served.passed(), served.passed()
    receipts: list[Any] = []
    meddler.answered["consume"] = lambda answer: receipts.append(answer) or answer
    run(served.client(url=meddler.url), first.binding, served, lambda: None)
    earlier = receipts[0]
    unsigned = Envelope("application/vnd.in-toto+json", b"{}", "k", b"0" * 64).value
    for faked in (earlier, earlier | {"receipt": unsigned}, {"permit": {}, "execution": {}}):
        meddler.faked["consume"] = faked
        code = refusal(served.client(url=meddler.url), submitted.binding, served)
        assert code in ("receipt_wrong", "not_a_gate")
    assert served.executions(submitted) == []


def test_nothing_runs_when_the_answer_to_spending_is_lost_and_the_permit_is_gone(
    served: Served, meddler: Meddler
):
    submitted = served.passed()
    meddler.answered["consume"] = lambda _: None
    assert refusal(served.client(url=meddler.url), submitted.binding, served) == "not_a_gate"
    (left,) = served.executions(submitted)
    assert left["state"] == "open"
    assert refusal(served.client(), submitted.binding, served) == "executed"
    served.client().report_outcome(left["id"], "failed")
    run(served.client(), submitted.binding, served, lambda: None)
    assert [each["state"] for each in served.executions(submitted)] == ["succeeded", "failed"]


def test_a_failure_that_the_gate_could_not_be_told_is_noted_on_what_was_raised(
    served: Served, meddler: Meddler
):
    submitted = served.passed()

    def break_down() -> None:
        meddler.faked["outcome"] = {}
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as broken:
        run(served.client(url=meddler.url), submitted.binding, served, break_down)
    (note,) = broken.value.__notes__
    (left,) = served.executions(submitted)
    assert (left["id"] in note, left["state"]) == (True, "started")


def test_a_success_that_the_gate_could_not_be_told_is_an_error_and_not_a_success(
    served: Served, meddler: Meddler
):
    submitted = served.passed()
    with pytest.raises(GatekeeperError) as lost:
        run(
            served.client(url=meddler.url),
            submitted.binding,
            served,
            lambda: meddler.faked.update({"outcome": {}}),
        )
    assert lost.value.code == "not_a_gate"
    (left,) = served.executions(submitted)
    assert left["state"] == "started"
    served.client().report_outcome(left["id"], "succeeded", [PROOF])
    assert [each["state"] for each in served.executions(submitted)] == ["succeeded"]


def test_the_proposal_on_record_must_be_the_report_that_was_sent(served: Served, meddler: Meddler):
    meddler.answered["proposals"] = lambda answer: answer | {"digest": "sha256:" + "0" * 64}
    with pytest.raises(GatekeeperError) as refused:
        served.client(url=meddler.url).submit(a_report())
    assert refused.value.code == "digest_differs"


def test_keys_of_the_gate_itself_are_used_when_none_were_given(served: Served):
    submitted = served.passed()
    run(served.client(), submitted.binding, served, lambda: None, keys=None)
    assert [each["state"] for each in served.executions(submitted)] == ["succeeded"]


@pytest.mark.parametrize(("deed", "state"), [("echo done > deploy.log", "succeeded"), ("exit 3", "failed")])
def test_the_documented_example_does_what_it_says(served: Served, tmp_path: Path, deed: str, state: str):
    (program,) = re.findall(r"```python\n(.*?)```", (REPOSITORY / "docs" / "executions.md").read_text(), re.S)
    report = a_report()
    (tmp_path / "log-policy").write_text(served.policy.text(with_addresses=False))
    (tmp_path / "report.json").write_text(json.dumps(report_to_json(report)))
    (tmp_path / "deploy.sh").write_text(deed)
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY),
        "GATEKEEPER_URL": served.gate.url,
        "GATEKEEPER_TOKEN": served.tokens["bot"],
    }
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environ, capture_output=True)
    assert (done.returncode == 0) == (state == "succeeded"), done.stderr
    (execution,) = served.executions(served.client().submit(report))
    digest = hashlib.sha256(b"done\n").hexdigest()
    shown = [{"uri": "file:deploy.log", "sha256": digest}] if state == "succeeded" else []
    assert outcomes(execution) == [("started", []), (state, shown)]
