"""The gate for automation in Python: hand a report in, get a permit, spend it, say how it went.

`GateClient.execution` is the way to run something: its body begins only after a permit was issued, verified and spent,
and its end is reported. The methods beside it are the single steps, for those who must take them one by one.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gatekeeper.canonical import canonical_json, sha256_name
from gatekeeper.client.answers import (
    Issued,
    Spent,
    Submitted,
    issued_of,
    not_a_gate,
    spent_of,
    state_of,
    submitted_of,
)
from gatekeeper.client.receipt import require_receipt
from gatekeeper.client.running import RunningExecution
from gatekeeper.client.transport import TIMEOUT_SECONDS, RemoteGate
from gatekeeper.clock import utc_now
from gatekeeper.executions.execution import Evidence
from gatekeeper.ledger.witness_policy import WitnessPolicy
from gatekeeper.permits.permit import DEFAULT_TTL_SECONDS, ActionBinding, proof_message
from gatekeeper.permits.signing_keys import PermitKey, keys_of, thumbprint
from gatekeeper.permits.verification import verify_permit
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.report import Report

KEYS_PATH = "/.well-known/gatekeeper/permit-keys.json"


class GateClient:
    """A gate at an address, called by whoever the token proves. Every refusal is an error of the house."""

    def __init__(self, url: str, token: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._gate = RemoteGate(url.rstrip("/"), token, timeout_seconds)

    def submit(self, report: Report) -> Submitted:
        """Hand in a report; the same one again is answered with what is on record."""
        answer = self._gate.post_report(canonical_json(report_to_json(report)), "application/json")
        return submitted_of(answer, report)

    def permit(
        self,
        proposal_id: str,
        audience: str,
        *,
        ttl_seconds: int = DEFAULT_TTL_SECONDS,
        executor_key: str | None = None,
    ) -> Issued:
        """Ask for a permit for the proposal's current revision. It is not verified yet.

        `executor_key` is base64 of the Ed25519 public key that will have to be proven.
        """
        body: dict[str, object] = {"audience": audience, "ttl_seconds": ttl_seconds}
        if executor_key is not None:
            body["executor_key"] = executor_key
        return issued_of(self._gate.post(f"/v1/proposals/{_part(proposal_id)}/permits", body))

    def consume(self, permit_id: str, proof: str | None = None) -> Spent:
        """Spend a permit, which is good for one time. `proof` is base64 of the executor's signature."""
        body = {} if proof is None else {"proof": proof}
        return spent_of(self._gate.post(f"/v1/permits/{_part(permit_id)}/consume", body))

    def revoke(self, permit_id: str, reason: str) -> None:
        """End a permit that is not spent."""
        self._gate.post(f"/v1/permits/{_part(permit_id)}/revoke", {"reason": reason})

    def report_outcome(self, execution_id: str, outcome: str, evidence: Sequence[Evidence] = ()) -> str:
        """Report how an execution went; returns its state afterwards. Repeating a report is safe."""
        body = {
            "outcome": outcome,
            "evidence": [{"uri": each.uri, "sha256": each.sha256} for each in evidence],
        }
        return state_of(self._gate.post(f"/v1/executions/{_part(execution_id)}/outcome", body), execution_id)

    def permit_keys(self) -> list[PermitKey]:
        """Return the keys that the gate itself publishes: good against forgers, not against the gate."""
        return keys_of(self._gate.get(KEYS_PATH))

    @contextmanager
    def execution(
        self,
        binding: ActionBinding,
        *,
        audience: str,
        policy: WitnessPolicy,
        keys: Sequence[PermitKey] | None = None,
        ttl_seconds: int = DEFAULT_TTL_SECONDS,
        executor_key: Ed25519PrivateKey | None = None,
    ) -> Iterator[RunningExecution]:
        """Run the body with a permit for exactly `binding`, and report how it ended.

        The permit is issued, verified against `policy` and `keys` (those the gate publishes, when none are given),
        spent and its receipt checked; when any of that fails the error is raised and the body does not run. Success
        is reported when the body ends, failure when it raises; whatever it raises goes on.
        """
        trusted = self.permit_keys() if keys is None else list(keys)
        issued = self.permit(
            binding.proposal.id,
            audience,
            ttl_seconds=ttl_seconds,
            executor_key=None if executor_key is None else public_text(executor_key),
        )
        permit = verify_permit(issued.bundle, trusted, policy, binding.digest, audience, utc_now())
        if permit.id != issued.id or permit.executor != (executor_key and key_name(executor_key)):
            raise not_a_gate("permit")
        spent = self.consume(permit.id, None if executor_key is None else proof_of(executor_key, issued))
        require_receipt(spent, issued, permit, trusted)
        running = RunningExecution(
            spent.execution_id, permit, partial(self.report_outcome, spent.execution_id)
        )
        running.begin()
        try:
            yield running
        except BaseException as cause:
            running.fail(cause)
            raise
        running.succeed()


def public_text(key: Ed25519PrivateKey) -> str:
    """The public key as the gate takes it."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def key_name(key: Ed25519PrivateKey) -> str:
    """The name by which a permit is bound to this key."""
    return thumbprint(key.public_key().public_bytes_raw())


def proof_of(key: Ed25519PrivateKey, issued: Issued) -> str:
    """The proof that the permit's key is held: what `consume` takes."""
    message = proof_message(issued.id, sha256_name(issued.bundle.envelope.payload))
    return base64.b64encode(key.sign(message)).decode()


def _part(name: str) -> str:
    return quote(name, safe="")
