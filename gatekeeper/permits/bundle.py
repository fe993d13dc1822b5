"""A permit with its evidence in one file: the envelope, the leaf that says it was issued, and the proof of that leaf.

Owns the file's bytes; believes nothing of what it reads.
"""

from __future__ import annotations

from dataclasses import dataclass

from gatekeeper.canonical import canonical_json
from gatekeeper.errors import FieldError, InvalidInputError, TooLargeError
from gatekeeper.ledger.proof import Proof, ProofError, parse_proof
from gatekeeper.permits.dsse import Envelope, EnvelopeError, envelope_of
from gatekeeper.proposals.strict_json import NotStrictJsonError, read_json

MOST_BYTES = 1024 * 1024
_NAMES = {"dsse", "entry", "tlogProof"}


@dataclass(frozen=True, slots=True)
class Bundle:
    """The signed permit, the bytes of its `permit.issued` leaf, and where in the log that leaf is."""

    envelope: Envelope
    entry: bytes
    proof: Proof

    @property
    def value(self) -> dict[str, object]:
        """As JSON: `{"dsse": {...}, "entry": "...", "tlogProof": "..."}`."""
        return {
            "dsse": self.envelope.value,
            "entry": self.entry.decode(),
            "tlogProof": self.proof.encoded.decode(),
        }

    @property
    def encoded(self) -> bytes:
        """The file's bytes."""
        return canonical_json(self.value)


def parse_bundle(raw: bytes) -> Bundle:
    """Read a bundle's bytes. Raises InvalidInputError; whether it is genuine is not looked at."""
    if len(raw) > MOST_BYTES:
        raise TooLargeError(f"The bundle has {len(raw)} bytes; a bundle has at most {MOST_BYTES}.")
    try:
        return bundle_of(read_json(raw))
    except NotStrictJsonError as error:
        raise _not_a_bundle(*error.faults) from error


def bundle_of(value: object) -> Bundle:
    """Read a bundle from its JSON value, as the gate answers it. Raises InvalidInputError."""
    if not isinstance(value, dict) or value.keys() != _NAMES:
        raise _not_a_bundle(FieldError("", f"must have {', '.join(sorted(_NAMES))} and nothing else"))
    entry, encoded = (_bytes(value[name], f"/{name}") for name in ("entry", "tlogProof"))
    try:
        return Bundle(envelope_of(value["dsse"]), entry, parse_proof(encoded))
    except EnvelopeError as error:
        raise _not_a_bundle(FieldError("/dsse", f"is no envelope: {error}")) from error
    except ProofError as error:
        raise _not_a_bundle(FieldError("/tlogProof", f"is no proof: {error}")) from error


def _bytes(text: object, pointer: str) -> bytes:
    if not isinstance(text, str):
        raise _not_a_bundle(FieldError(pointer, "must be text"))
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise _not_a_bundle(FieldError(pointer, "has half of a surrogate pair")) from error


def _not_a_bundle(*faults: FieldError) -> InvalidInputError:
    return InvalidInputError("This is not the bundle of a permit.", errors=faults, code="not_a_bundle")
