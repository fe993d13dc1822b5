"""The client against a running gate: nothing runs without a permit that was issued, verified and spent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gatekeeper.client.answers import Submitted
from gatekeeper.errors import GatekeeperError
from gatekeeper.ledger.keys import Kind, new_key
from gatekeeper.ledger.witness_policy import parse_policy
from gatekeeper.permits.dsse import Envelope
from gatekeeper.permits.signing_keys import PermitKey
from tests.support.meddler import Meddler
from tests.support.reports import a_blocked_report, a_report
from tests.support.served import ACTION, Served, refusal, run


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


def with_bundle(name: str, old: str, new: str) -> Callable[[Any], Any]:
    def changed(answer: Any) -> Any:
        bundle = answer["bundle"]
        return answer | {"bundle": bundle | {name: bundle[name].replace(old, new)}}

    return changed


TAMPERED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "payload": (with_dsse(lambda dsse: dsse | {"payload": flipped(dsse["payload"])}), "signature"),
    "payload type": (with_dsse(lambda dsse: dsse | {"payloadType": "text/plain"}), "payload_type"),
    "signature": (
        with_dsse(
            lambda dsse: (
                dsse
                | {"signatures": [dsse["signatures"][0] | {"sig": flipped(dsse["signatures"][0]["sig"])}]}
            )
        ),
        "signature",
    ),
    "entry": (with_bundle("entry", "permit_", "permit-"), "not_in_log"),
    "proof": (with_bundle("tlogProof", "index ", "index 1"), "not_in_log"),
    "id": (lambda answer: answer | {"id": "permit_00000000-0000-4000-8000-000000000000"}, "not_a_gate"),
    "no bundle": (
        lambda answer: {name: value for name, value in answer.items() if name != "bundle"},
        "not_a_bundle",
    ),
}


@pytest.mark.parametrize("name", TAMPERED)
def test_nothing_runs_on_a_permit_that_was_tampered_with(served: Served, meddler: Meddler, name: str):
    submitted = served.passed()
    meddler.answered["permits"], code = TAMPERED[name]
    assert refusal(served.client(url=meddler.url), submitted.binding, served) == code
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
    forgeries: list[tuple[object, str]] = [
        (earlier, "receipt_wrong"),
        (earlier | {"receipt": unsigned}, "receipt_wrong"),
        ({"permit": {}, "execution": {}}, "not_a_gate"),
    ]
    for faked, code in forgeries:
        meddler.faked["consume"] = faked
        assert refusal(served.client(url=meddler.url), submitted.binding, served) == code
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


def test_the_proposal_on_record_must_be_the_report_that_was_sent(served: Served, meddler: Meddler):
    meddler.answered["proposals"] = lambda answer: answer | {"digest": "sha256:" + "0" * 64}
    with pytest.raises(GatekeeperError) as refused:
        served.client(url=meddler.url).submit(a_report())
    assert refused.value.code == "digest_differs"
