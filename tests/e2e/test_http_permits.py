"""Permits over HTTP, against a running gate whose log is signed and witnessed by its own companions."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gatekeeper.permits.bundle import bundle_of
from gatekeeper.permits.permit import proof_message
from gatekeeper.proposals.json_form import report_to_json
from tests.support.documented import Answer, Automation
from tests.support.reports import a_blocked_report, a_report
from tests.support.server import RunningGate, gate_at


@dataclass(frozen=True)
class Served:
    """A running gate and the tokens of its people."""

    gate: RunningGate
    tokens: dict[str, str]

    def by(self, name: str) -> Automation:
        """A client whose every answer is held against the OpenAPI document."""

        def send(method: str, target: str, headers, body: bytes | None) -> Answer:
            answer = self.gate.http.request(method, self.gate.url + target, body=body, headers=dict(headers))
            names = {key.lower(): text for key, text in answer.headers.items()}
            return Answer(answer.status, names, answer.data)

        return Automation(send, self.tokens[name])

    def passed(self) -> str:
        """The id of a proposal that passed."""
        report = a_report()
        assert self.by("bot").post("/v1/proposals", report_to_json(report)).status == 201
        return report.id


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home: Path = tmp_path_factory.mktemp("permits")
    gate = gate_at(home, {})
    gate.start()
    people = {"bot": "submitter", "rita": "reviewer", "olga": "operator", "runner": "submitter"}
    try:
        yield Served(gate, {name: gate.token(name, role) for name, role in people.items()})
    finally:
        gate.kill()
        gate.http.clear()


def test_a_permit_is_issued_shown_spent_once_and_never_again(served: Served):
    proposal = served.passed()
    issued = served.by("bot").post(f"/v1/proposals/{proposal}/permits", {"audience": "runner"})
    assert (issued.status, issued.body["state"], issued.body["executor"]) == (201, "issued", "runner")
    bundle = bundle_of(issued.body["bundle"])
    bundle.proof.require(bundle.entry)
    permit = f"/v1/permits/{issued.body['id']}"
    shown = served.by("runner").get(permit)
    assert (shown.status, shown.body) == (200, {k: v for k, v in issued.body.items() if k != "bundle"})
    assert served.by("bot").post(f"{permit}/consume").body["code"] == "not_the_audience"
    spent = served.by("runner").post(f"{permit}/consume")
    assert (spent.status, spent.body["permit"]["state"]) == (200, "consumed")
    again = served.by("runner").post(f"{permit}/consume", {})
    assert (again.status, again.body["code"]) == (409, "consumed")
    listed = served.by("rita").get(f"/v1/proposals/{proposal}/permits")
    assert listed.body == {"items": [spent.body["permit"]]}


def test_a_permit_bound_to_a_key_needs_the_proof_of_it(served: Served):
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    wanted = {"audience": "runner", "executor_key": public, "ttl_seconds": 900}
    issued = served.by("bot").post(f"/v1/proposals/{served.passed()}/permits", wanted).body
    consume = f"/v1/permits/{issued['id']}/consume"
    assert served.by("runner").post(consume).body["code"] == "proof_missing"
    proof = base64.b64encode(key.sign(proof_message(issued["id"], issued["statement"]))).decode()
    assert served.by("runner").post(consume, {"proof": proof}).status == 200


def test_a_permit_can_be_revoked(served: Served):
    issued = served.by("bot").post(f"/v1/proposals/{served.passed()}/permits", {"audience": "bot"}).body
    revoked = served.by("olga").post(f"/v1/permits/{issued['id']}/revoke", {"reason": "The window is over."})
    assert (revoked.status, revoked.body["state"], revoked.body["revocation"]) == (200, "revoked", "asked")
    assert served.by("bot").post(f"/v1/permits/{issued['id']}/consume").body["code"] == "revoked"


def test_what_did_not_pass_gets_no_permit(served: Served):
    report = a_blocked_report()
    served.by("bot").post("/v1/proposals", report_to_json(report))
    refused = served.by("bot").post(f"/v1/proposals/{report.id}/permits", {"audience": "bot"})
    assert (refused.status, refused.body["code"]) == (409, "verdict_not_pass")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/audience"),
        ({"audience": ""}, "/audience"),
        ({"audience": " runner"}, "/audience"),
        ({"audience": "x" * 201}, "/audience"),
        ({"audience": "bot", "ttl_seconds": 0}, "/ttl_seconds"),
        ({"audience": "bot", "ttl_seconds": 901}, "/ttl_seconds"),
        ({"audience": "bot", "ttl_seconds": True}, "/ttl_seconds"),
        ({"audience": "bot", "executor_key": "AAAA"}, "/executor_key"),
        ({"audience": "bot", "ttl": 1}, "/ttl"),
    ],
)
def test_a_faulty_wish_is_refused_by_field(served: Served, body: dict[str, object], pointer: str):
    refused = served.by("bot").post("/v1/proposals/fsar_0/permits", body)
    assert (refused.status, list(refused.faults)) == (422, [pointer])


def test_what_is_not_there_is_not_found(served: Served):
    for method, path, body in (
        ("GET", "/v1/permits/permit_0", None),
        ("POST", "/v1/permits/permit_0/consume", None),
        ("POST", "/v1/permits/permit_0/revoke", {"reason": "None."}),
        ("POST", "/v1/proposals/fsar_0/permits", {"audience": "bot"}),
        ("GET", "/v1/proposals/fsar_0/permits", None),
    ):
        assert served.by("bot").call(method, path, body).status == 404
