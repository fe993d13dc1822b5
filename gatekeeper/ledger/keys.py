"""Keys of the log and its witnesses, as C2SP writes them, and what their signatures cover.

Owns three kinds: Ed25519 over a note (0x01, the log's), and timestamped cosignatures of a checkpoint by Ed25519 (0x04)
and ML-DSA-44 (0x06), the witnesses'. Key ids only tell keys apart; trust comes from the key itself.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.note import NoteError, Signature, is_key_name

_TIMESTAMP_BYTES = 8
_LATEST = 2**63 - 1
_SEED_BYTES = 32
_LABEL = b"subtree/v1\n\x00"
_PRIVATE = "GATEKEEPER-PRIVATE-KEY"


class Kind(IntEnum):
    """Signature types by their identifier byte."""

    ED25519 = 0x01
    COSIGNATURE_ED25519 = 0x04
    COSIGNATURE_MLDSA44 = 0x06


_PUBLIC_BYTES = {Kind.ED25519: 32, Kind.COSIGNATURE_ED25519: 32, Kind.COSIGNATURE_MLDSA44: 1312}


class KeyFormatError(ValueError):
    """The text is not a key of a kind that is known here."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name and kind."""

    name: str
    kind: Kind
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first 4 bytes of SHA-256 over name, newline, kind and key."""
        encoded = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(encoded).digest()[:4]

    @property
    def vkey(self) -> str:
        """`name+id+base64`, as verifiers are told it."""
        material = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"

    def holds(self, text: str, value: bytes) -> bool:
        """Tell whether `value` is this key's signature of a note's text."""
        if self.kind is Kind.ED25519:
            return _verifies(Ed25519PublicKey.from_public_bytes(self.public).verify, value, text.encode())
        seconds = cosigned_seconds(value)
        if seconds is None:
            return False
        signature = value[_TIMESTAMP_BYTES:]
        if self.kind is Kind.COSIGNATURE_ED25519:
            message = _cosigned_text(seconds, text)
            return _verifies(Ed25519PublicKey.from_public_bytes(self.public).verify, signature, message)
        try:
            message = _cosigned_message(self.name, seconds, parse_checkpoint(text))
        except NoteError:
            return False
        return _verifies(MLDSA44PublicKey.from_public_bytes(self.public).verify, signature, message)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its name and kind. Its seed never shows in a message."""

    name: str
    kind: Kind
    _seed: bytes

    def __repr__(self) -> str:
        return f"SigningKey({self.name!r}, {self.kind!r})"

    @property
    def verifier(self) -> VerifierKey:
        """The public key."""
        private = _mldsa(self._seed) if self.kind is Kind.COSIGNATURE_MLDSA44 else _ed25519(self._seed)
        return VerifierKey(self.name, self.kind, private.public_key().public_bytes_raw())

    @property
    def encoded(self) -> str:
        """The private key as a line of text, for its file alone."""
        return f"{_PRIVATE}+{self.name}+{self.kind:02x}+{base64.b64encode(self._seed).decode()}\n"

    def sign(self, checkpoint: Checkpoint, seconds: int) -> Signature:
        """Sign a checkpoint; a cosignature also says the time, in seconds since 1970."""
        key_id, text = self.verifier.key_id, checkpoint.text
        if self.kind is Kind.ED25519:
            return Signature(self.name, key_id, _ed25519(self._seed).sign(text.encode()))
        stamp = seconds.to_bytes(_TIMESTAMP_BYTES, "big")
        if self.kind is Kind.COSIGNATURE_ED25519:
            value = _ed25519(self._seed).sign(_cosigned_text(seconds, text))
        else:
            value = _mldsa(self._seed).sign(_cosigned_message(self.name, seconds, checkpoint))
        return Signature(self.name, key_id, stamp + value)


def new_key(name: str, kind: Kind, seed: bytes) -> SigningKey:
    """Make a key from 32 random bytes. Raises KeyFormatError for a name or seed that cannot be one."""
    if not is_key_name(name) or len(seed) != _SEED_BYTES:
        raise KeyFormatError("a key has a name without blanks and plus, and a seed of 32 bytes")
    return SigningKey(name, kind, seed)


def parse_signing_key(text: str) -> SigningKey:
    """Read what `SigningKey.encoded` wrote. Raises KeyFormatError, which never shows the text."""
    mark, _, rest = text.strip().partition("+")
    name, _, rest = rest.partition("+")
    kind, _, seed = rest.partition("+")
    try:
        if mark != _PRIVATE:
            raise KeyFormatError("this is not a private key")
        return new_key(name, Kind(int(kind, 16)), base64.b64decode(seed, validate=True))
    except (ValueError, binascii.Error) as error:
        raise KeyFormatError("this is not a private key") from error


def parse_vkey(text: str) -> VerifierKey:
    """Read `name+id+base64`. Raises KeyFormatError."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    try:
        material = base64.b64decode(encoded, validate=True)
        key = VerifierKey(name, Kind(material[0]), material[1:])
    except (ValueError, IndexError, binascii.Error) as error:
        raise KeyFormatError("this is not a verifier key of a kind that is known here") from error
    if not is_key_name(name) or len(key.public) != _PUBLIC_BYTES[key.kind] or key.vkey != text:
        raise KeyFormatError(f"the verifier key of {name or 'nobody'} does not agree with its id {key_id}")
    return key


def cosigned_seconds(value: bytes) -> int | None:
    """Return the time a cosignature states, in seconds since 1970, or None when it states none that can be."""
    seconds = int.from_bytes(value[:_TIMESTAMP_BYTES], "big")
    return seconds if len(value) > _TIMESTAMP_BYTES and seconds <= _LATEST else None


def _cosigned_text(seconds: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _cosigned_message(name: str, seconds: int, checkpoint: Checkpoint) -> bytes:
    """`cosigned_message` of tlog-cosignature: the subtree from 0 to the checkpoint's size."""
    parts = (
        _LABEL,
        _short(name),
        seconds.to_bytes(8, "big"),
        _short(checkpoint.origin),
        (0).to_bytes(8, "big"),
        checkpoint.size.to_bytes(8, "big"),
        checkpoint.root,
    )
    return b"".join(parts)


def _short(text: str) -> bytes:
    encoded = text.encode()
    if not 1 <= len(encoded) <= 255:
        raise NoteError("a name or origin has 1 to 255 bytes")
    return bytes([len(encoded)]) + encoded


def _verifies(verify: Callable[[bytes, bytes], None], signature: bytes, message: bytes) -> bool:
    try:
        verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _ed25519(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def _mldsa(seed: bytes) -> MLDSA44PrivateKey:
    return MLDSA44PrivateKey.from_seed_bytes(seed)
