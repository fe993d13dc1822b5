"""A permit as an in-toto Statement v1: the bytes that are signed. Owns their writing and their strict reading.

There is one spelling of a permit, RFC 8785 without anything unknown: what does not read back to the same bytes is none.
"""

from __future__ import annotations

from datetime import datetime

from gatekeeper.canonical import canonical_json
from gatekeeper.clock import from_rfc3339_seconds, rfc3339_seconds
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.permits.permit import ActionBinding, Permit
from gatekeeper.proposals.report import Action
from gatekeeper.proposals.strict_json import NotStrictJsonError, read_json

PAYLOAD_TYPE = "application/vnd.in-toto+json"
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://gatekeeper.dev/permit/v1"


class NotAPermitError(ValueError):
    """The bytes are not the statement of a permit."""


def statement(permit: Permit) -> bytes:
    """Return the RFC 8785 bytes of a permit's statement."""
    binding = permit.binding
    reference = binding.proposal
    predicate = binding.value | {
        "permitId": permit.id,
        "nonce": permit.nonce,
        "audience": permit.audience,
        "cnf": permit.executor and {"jkt": permit.executor},
        "nbf": rfc3339_seconds(permit.not_before),
        "exp": rfc3339_seconds(permit.expires_at),
        "maxUses": 1,
        "policyDigest": permit.policy_revision,
        "rollback": list(permit.rollback),
        "verdictLeaf": permit.verdict_leaf,
        "approvals": list(permit.approvals),
    }
    return canonical_json(
        {
            "_type": STATEMENT_TYPE,
            "subject": [
                {"name": f"{reference.id}@{reference.revision}", "digest": {"sha256": binding.digest}}
            ],
            "predicateType": PREDICATE_TYPE,
            "predicate": predicate,
        }
    )


def parse_statement(raw: bytes) -> Permit:
    """Read a permit's statement. Raises NotAPermitError for every byte that `statement` would not have written."""
    try:
        permit = _permit(_object(_object(read_json(raw))["predicate"]))
        if statement(permit) == raw:
            return permit
    except (KeyError, ValueError, NotStrictJsonError) as error:
        raise NotAPermitError("this is not the statement of a permit") from error
    raise NotAPermitError("this is not the statement of a permit, or not in its one spelling")


def _permit(predicate: dict[str, object]) -> Permit:
    reference, action, cnf = _object(predicate["proposal"]), predicate["action"], predicate["cnf"]
    proposal = ProposalRef(_text(reference["id"]), _whole(reference["revision"]), _text(reference["digest"]))
    return Permit(
        id=_text(predicate["permitId"]),
        nonce=_text(predicate["nonce"]),
        binding=ActionBinding(proposal, None if action is None else _action(_object(action))),
        audience=_text(predicate["audience"]),
        executor=None if cnf is None else _text(_object(cnf)["jkt"]),
        not_before=_moment(predicate["nbf"]),
        expires_at=_moment(predicate["exp"]),
        policy_revision=_text(predicate["policyDigest"]),
        rollback=tuple(map(_text, _list(predicate["rollback"]))),
        verdict_leaf=_whole(predicate["verdictLeaf"]),
        approvals=tuple(map(_whole, _list(predicate["approvals"]))),
    )


def _action(value: dict[str, object]) -> Action:
    return Action(_text(value["type"]), _text(value["target"]), _text(value["params_digest"]))


def _moment(value: object) -> datetime:
    return from_rfc3339_seconds(_text(value))


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise NotAPermitError("an object is missing")
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise NotAPermitError("a list is missing")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotAPermitError("a text is missing")
    return value


def _whole(value: object) -> int:
    if type(value) is not int:
        raise NotAPermitError("a whole number is missing")
    return value
