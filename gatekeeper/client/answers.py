"""What a gate answers to a client, read strictly: an answer that is not as it has to be is no answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gatekeeper.errors import ConflictError, UnavailableError
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.permits.bundle import Bundle, bundle_of
from gatekeeper.permits.dsse import Envelope, EnvelopeError, envelope_of
from gatekeeper.permits.permit import ActionBinding
from gatekeeper.proposals.digest import report_digest
from gatekeeper.proposals.report import Report


@dataclass(frozen=True, slots=True)
class Submitted:
    """A report on record. `binding` names exactly this revision and action; `verdict` is pass, fail or pending."""

    binding: ActionBinding
    state: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Issued:
    """A permit as it came. Nothing of it is believed before it is verified."""

    id: str
    bundle: Bundle


@dataclass(frozen=True, slots=True)
class Spent:
    """A permit that was consumed: the execution that this began, and the gate's signed receipt."""

    permit_id: str
    execution_id: str
    receipt: Envelope


def submitted_of(answer: object, report: Report) -> Submitted:
    """Read the Proposal that a report became. Raises ConflictError when it is about another content."""
    proposal = _object(answer)
    digest = report_digest(report)
    if (_text(proposal, "id"), _text(proposal, "digest")) != (report.id, digest):
        raise ConflictError("The gate answers about another report than was sent.", code="digest_differs")
    revision = proposal.get("revision")
    if type(revision) is not int:
        raise not_a_gate("revision")
    binding = ActionBinding(ProposalRef(report.id, revision, digest), report.action)
    return Submitted(binding, _text(proposal, "state"), _text(_object(proposal.get("verdict")), "outcome"))


def issued_of(answer: object) -> Issued:
    """Read an issued permit. Raises InvalidInputError for a bundle that is none."""
    permit = _object(answer)
    return Issued(_text(permit, "id"), bundle_of(permit.get("bundle")))


def spent_of(answer: object) -> Spent:
    """Read what consuming a permit gave."""
    consumption = _object(answer)
    try:
        receipt = envelope_of(consumption.get("receipt"))
    except EnvelopeError as error:
        raise not_a_gate("receipt") from error
    permit, execution = _object(consumption.get("permit")), _object(consumption.get("execution"))
    return Spent(_text(permit, "id"), _text(execution, "id"), receipt)


def state_of(answer: object, execution_id: str) -> str:
    """Read the state of an execution that was just reported on."""
    execution = _object(answer)
    if _text(execution, "id") != execution_id:
        raise not_a_gate("id")
    return _text(execution, "state")


def not_a_gate(missing: str) -> UnavailableError:
    """The error for an answer without what it must have."""
    return UnavailableError(
        f"What answers at this address is not a gate: its answer has no valid {missing}.", code="not_a_gate"
    )


def _object(value: object) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise not_a_gate("object")
    return value


def _text(value: Mapping[str, Any], name: str) -> str:
    text = value.get(name)
    if not isinstance(text, str):
        raise not_a_gate(name)
    return text
