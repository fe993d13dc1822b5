"""DSSE v1 envelopes: what is signed, the bytes of the envelope, and who signed it. Knows nothing of permits.

An envelope of this house has exactly one signature. `keyid` is a hint that nobody relies on. There is one spelling:
standard base64 without freedom, no name that is unknown or given twice; so no byte can be changed unseen.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar


class EnvelopeError(ValueError):
    """This is not an envelope, or nobody who is trusted signed it."""


class Signer(Protocol):
    """A private key."""

    @property
    def kid(self) -> str:
        """The key's name."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Sign a message."""
        ...


class Verifier(Protocol):
    """A public key."""

    def holds(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this is the key's signature of the message."""
        ...


Key = TypeVar("Key", bound=Verifier)


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload, its type, and the one signature over both."""

    payload_type: str
    payload: bytes
    keyid: str
    signature: bytes

    @property
    def value(self) -> dict[str, object]:
        """As JSON."""
        return {
            "payload": base64.b64encode(self.payload).decode(),
            "payloadType": self.payload_type,
            "signatures": [{"keyid": self.keyid, "sig": base64.b64encode(self.signature).decode()}],
        }


def pae(payload_type: str, payload: bytes) -> bytes:
    """Pre-authentication encoding: what is signed (DSSE v1, protocol.md)."""
    encoded = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(encoded), encoded, len(payload), payload)


def sign(payload_type: str, payload: bytes, key: Signer) -> Envelope:
    """Sign a payload."""
    return Envelope(payload_type, payload, key.kid, key.sign(pae(payload_type, payload)))


def verify(envelope: Envelope, keys: Iterable[Key]) -> Key:
    """Return the key that signed this payload under this type. Raises EnvelopeError when none of them did."""
    message = pae(envelope.payload_type, envelope.payload)
    for key in keys:
        if key.holds(message, envelope.signature):
            return key
    raise EnvelopeError("no known key signed this")


def envelope_of(value: object) -> Envelope:
    """Read an envelope from its JSON value. Raises EnvelopeError."""
    envelope = _members(value, {"payload", "payloadType", "signatures"})
    signatures = envelope["signatures"]
    if not isinstance(signatures, list) or len(signatures) != 1:
        raise EnvelopeError("an envelope has exactly one signature")
    signature = _members(signatures[0], {"keyid", "sig"})
    payload_type, keyid = envelope["payloadType"], signature["keyid"]
    if not isinstance(payload_type, str) or not isinstance(keyid, str):
        raise EnvelopeError("payloadType and keyid are text")
    return Envelope(payload_type, _decoded(envelope["payload"]), keyid, _decoded(signature["sig"]))


def _members(value: object, names: set[str]) -> Mapping[str, object]:
    if not isinstance(value, dict) or value.keys() != names:
        raise EnvelopeError(f"an object has {', '.join(sorted(names))} and nothing else")
    return value


def _decoded(text: object) -> bytes:
    try:
        value = base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except (ValueError, binascii.Error) as error:
        raise EnvelopeError("the envelope has something that is not base64") from error
    if base64.b64encode(value).decode() != text:
        raise EnvelopeError("the envelope has something that is not base64 in its one spelling")
    return value
