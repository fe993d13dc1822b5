"""The gate's receipt for a spent permit: whoever runs something holds a signature that this very permit was spent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gatekeeper.canonical import sha256_name
from gatekeeper.client.answers import Issued, Spent
from gatekeeper.errors import UnavailableError
from gatekeeper.permits.dsse import EnvelopeError, verify
from gatekeeper.permits.receipt import PREDICATE_TYPE
from gatekeeper.permits.signing_keys import PermitKey
from gatekeeper.permits.statement import PAYLOAD_TYPE
from gatekeeper.proposals.strict_json import NotStrictJsonError, read_json


def require_receipt(spent: Spent, issued: Issued, keys: Sequence[PermitKey]) -> None:
    """Raise UnavailableError (`receipt_wrong`) unless a trusted key signed that this permit was spent."""
    try:
        verify(spent.receipt, keys)
        statement: Any = read_json(spent.receipt.payload)
        predicate = statement["predicate"]
        said = (spent.receipt.payload_type, statement["predicateType"])
        named = (predicate["permitId"], predicate["permitDigest"])
    except (EnvelopeError, NotStrictJsonError, KeyError, TypeError) as error:
        raise _wrong() from error
    expected = (issued.id, sha256_name(issued.bundle.envelope.payload))
    if said != (PAYLOAD_TYPE, PREDICATE_TYPE) or named != expected or spent.permit_id != issued.id:
        raise _wrong()


def _wrong() -> UnavailableError:
    return UnavailableError(
        "The gate's receipt does not say that this permit was spent. Nothing may run on it.",
        code="receipt_wrong",
    )
