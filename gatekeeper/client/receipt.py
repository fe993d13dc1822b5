"""The gate's receipt for a spent permit: whoever runs something holds a signature that this very permit was spent.

Owns what a receipt has to say before anything runs on it. A permit, a leaf and a moment have one receipt, to
the byte; that leaf and that moment are all that is taken from what came.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gatekeeper.canonical import sha256_name
from gatekeeper.client.answers import Issued, Spent
from gatekeeper.clock import from_rfc3339
from gatekeeper.errors import UnavailableError
from gatekeeper.permits.dsse import EnvelopeError, verify
from gatekeeper.permits.permit import SKEW, Permit
from gatekeeper.permits.receipt import receipt
from gatekeeper.permits.signing_keys import PermitKey
from gatekeeper.permits.statement import PAYLOAD_TYPE
from gatekeeper.proposals.strict_json import NotStrictJsonError, read_json


def require_receipt(spent: Spent, issued: Issued, permit: Permit, keys: Sequence[PermitKey]) -> None:
    """Raise UnavailableError (`receipt_wrong`) unless a trusted key signed that whoever asked for this permit spent it.

    `permit` is what the bundle of `issued` was verified to be. It was spent in its time, after it was logged, and the
    key was not retired by then, nor before the permit began.
    """
    envelope = spent.receipt
    try:
        key = verify(envelope, keys)
        leaf, at = _leaf_and_moment(envelope.payload)
        expected = receipt(permit, sha256_name(issued.bundle.envelope.payload), _asker(issued), leaf, at)
    except (EnvelopeError, NotStrictJsonError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise _wrong() from error
    said = (spent.permit_id, envelope.payload_type, envelope.payload)
    is_of_it = said == (permit.id, PAYLOAD_TYPE, expected) and leaf > issued.bundle.proof.index
    if not is_of_it or not _is_in_time(permit, key, at):
        raise _wrong()


def _leaf_and_moment(payload: bytes) -> tuple[int, datetime]:
    statement: Any = read_json(payload)
    predicate = statement["predicate"]
    leaf = predicate["leaf"]
    if type(leaf) is not int:
        raise TypeError("a leaf is a whole number")
    return leaf, from_rfc3339(predicate["consumedAt"])


def _asker(issued: Issued) -> str:
    """The principal who asked for the permit, by its leaf: a client that asks and spends is one and the same."""
    entry: Any = read_json(issued.bundle.entry)
    asker: str = entry["actor"]
    return asker


def _is_in_time(permit: Permit, key: PermitKey, at: datetime) -> bool:
    """Skew is forgiven at the beginning only, as when a permit is verified."""
    counts = key.retired_at is None or max(permit.not_before, at) < key.retired_at
    return counts and permit.not_before - SKEW <= at < permit.expires_at


def _wrong() -> UnavailableError:
    return UnavailableError(
        "The gate's receipt does not say that this permit was spent. Nothing may run on it.",
        code="receipt_wrong",
    )
