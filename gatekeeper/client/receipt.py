"""The gate's receipt for a spent permit: whoever runs something holds a signature that this very permit was spent.

Owns what a receipt has to say before anything runs on it. A permit, a leaf and a moment have one receipt, to
the byte; that leaf and that moment are all that is taken from what came, and who spent it where only the gate knows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gatekeeper.canonical import sha256_name
from gatekeeper.client.answers import Issued, Spent
from gatekeeper.clock import from_rfc3339, rfc3339
from gatekeeper.errors import UnavailableError
from gatekeeper.permits.dsse import Envelope, EnvelopeError, verify
from gatekeeper.permits.permit import SKEW, Permit
from gatekeeper.permits.receipt import PREDICATE_TYPE, receipt
from gatekeeper.permits.signing_keys import PermitKey
from gatekeeper.permits.statement import PAYLOAD_TYPE, STATEMENT_TYPE
from gatekeeper.proposals.strict_json import NotStrictJsonError, read_json

_MALFORMED = (EnvelopeError, NotStrictJsonError, KeyError, TypeError, ValueError, OverflowError)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a trusted key signed, as far as it has the form of a receipt."""

    key: PermitKey
    kind: tuple[str, str, str]
    permit_id: str
    executor: str
    leaf: int
    at: datetime


def require_receipt(
    spent: Spent, issued: Issued, permit: Permit, keys: Sequence[PermitKey], *, is_askers: bool = True
) -> None:
    """Raise UnavailableError (`receipt_wrong`) unless a trusted key signed that whoever asked for this permit spent it.

    `permit` is what the bundle of `issued` says, verified. It was spent in its time, after it was logged, and the
    key was not retired by then, nor before the permit began. Without `is_askers` anybody may have spent it.
    """
    try:
        said = _said(spent.receipt, keys)
        executor = _asker(issued) if is_askers else said.executor
        digest = sha256_name(issued.bundle.envelope.payload)
        expected = receipt(permit, digest, executor, said.leaf, said.at)
    except _MALFORMED as error:
        raise _wrong() from error
    envelope = spent.receipt
    whole = (spent.permit_id, envelope.payload_type, envelope.payload) == (permit.id, PAYLOAD_TYPE, expected)
    if not whole or said.leaf <= issued.bundle.proof.index or not _is_in_time(permit, said):
        raise _wrong()


def require_receipt_for(permit_id: str, spent: Spent, keys: Sequence[PermitKey]) -> None:
    """Raise UnavailableError (`receipt_wrong`) unless a trusted key signed that the permit of this id was spent.

    For whoever has no bundle: what the permit says, and its time, are not compared. The key was not retired by then.
    """
    try:
        said = _said(spent.receipt, keys)
    except _MALFORMED as error:
        raise _wrong() from error
    wanted = (PAYLOAD_TYPE, STATEMENT_TYPE, PREDICATE_TYPE)
    if {spent.permit_id, said.permit_id} != {permit_id} or said.kind != wanted or not _counts(said, said.at):
        raise _wrong()


def _said(envelope: Envelope, keys: Sequence[PermitKey]) -> _Said:
    key = verify(envelope, keys)
    statement: Any = read_json(envelope.payload)
    predicate = statement["predicate"]
    named, leaf, at = (
        (predicate["permitId"], predicate["executor"]),
        predicate["leaf"],
        predicate["consumedAt"],
    )
    if type(leaf) is not int or not all(isinstance(each, str) for each in named):
        raise TypeError("a leaf is a whole number, permit and executor are named by text")
    moment = from_rfc3339(at)
    if rfc3339(moment) != at:
        raise ValueError("a moment has one spelling")
    kind = (envelope.payload_type, statement["_type"], statement["predicateType"])
    return _Said(key, kind, *named, leaf, moment)


def _asker(issued: Issued) -> str:
    """The principal who asked for the permit, by its leaf: a client that asks and spends is one and the same."""
    entry: Any = read_json(issued.bundle.entry)
    asker: str = entry["actor"]
    return asker


def _is_in_time(permit: Permit, said: _Said) -> bool:
    """Skew is forgiven at the beginning only, as when a permit is verified."""
    in_time = permit.not_before - SKEW <= said.at < permit.expires_at
    return in_time and _counts(said, max(permit.not_before, said.at))


def _counts(said: _Said, at: datetime) -> bool:
    return said.key.retired_at is None or at < said.key.retired_at


def _wrong() -> UnavailableError:
    return UnavailableError(
        "The gate's receipt does not say that this permit was spent. Run nothing on it; if the gate shows an "
        "execution of this permit, report that one as failed.",
        code="receipt_wrong",
    )
