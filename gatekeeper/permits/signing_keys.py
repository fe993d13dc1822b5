"""Ed25519 keys that sign permits: private ones in files, public ones as JWK. Owns both forms and the files' modes.

A key's name, `kid`, is its RFC 7638 thumbprint: whoever holds the key can compute it. Which key signs now is not known
here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import stat
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from gatekeeper.canonical import canonical_json
from gatekeeper.clock import from_rfc3339_seconds, rfc3339_seconds
from gatekeeper.errors import FieldError, InvalidInputError, UnavailableError
from gatekeeper.ledger.whole_file import PRIVATE, sync_directory, write_whole

PUBLIC_BYTES = 32
SEED_BYTES = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_REMEDY = "Bring it back, or make another one with: gatekeeper permit rotate-key --at-once"


@dataclass(frozen=True, slots=True)
class PermitKey:
    """A public key, and from when on nothing that it signs counts any more, if it is retired.

    `public` has 32 bytes; `retired_at` is a whole second in UTC.
    """

    public: bytes
    retired_at: datetime | None = None

    @property
    def kid(self) -> str:
        """The key's name."""
        return thumbprint(self.public)

    def holds(self, message: bytes, signature: bytes) -> bool:
        """Tell whether this is the key's signature of the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    @property
    def jwk(self) -> dict[str, object]:
        """As a JWK (RFC 8037), with when it was retired."""
        value: dict[str, object] = {"kty": "OKP", "crv": "Ed25519", "x": _base64url(self.public)}
        value |= {"kid": self.kid, "use": "sig", "alg": "EdDSA"}
        if self.retired_at is not None:
            value["retired_at"] = rfc3339_seconds(self.retired_at)
        return value

    @property
    def pem(self) -> str:
        """As a SubjectPublicKeyInfo in PEM, as OpenSSL reads it."""
        key = Ed25519PublicKey.from_public_bytes(self.public)
        return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key. It never shows in a message."""

    _private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> PermitKey:
        """The public key."""
        return PermitKey(self._private.public_key().public_bytes_raw())

    @property
    def kid(self) -> str:
        """The key's name."""
        return self.public.kid

    def sign(self, message: bytes) -> bytes:
        """Sign a message: 64 bytes."""
        return self._private.sign(message)

    @property
    def pem(self) -> bytes:
        """As PKCS #8 in PEM, for its file alone."""
        return self._private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def new_key(seed: bytes) -> SigningKey:
    """Make a key from 32 random bytes."""
    return SigningKey(Ed25519PrivateKey.from_private_bytes(seed))


def thumbprint(public: bytes) -> str:
    """RFC 7638 thumbprint of an Ed25519 public key (RFC 8037, appendix A.3): 43 characters of base64url."""
    members = {"crv": "Ed25519", "kty": "OKP", "x": _base64url(public)}
    return _base64url(hashlib.sha256(canonical_json(members)).digest())


def checked_public_key(text: str, pointer: str = "/executor_key") -> PermitKey:
    """Return the key of standard base64 of its 32 bytes. Raises InvalidInputError naming the field."""
    detail = "must be the base64 of an Ed25519 public key: 32 bytes"
    try:
        public = base64.b64decode(text, validate=True)
        Ed25519PublicKey.from_public_bytes(public)
    except (ValueError, binascii.Error, UnsupportedAlgorithm) as error:
        raise InvalidInputError(f"The key {detail}.", errors=[FieldError(pointer, detail)]) from error
    if base64.b64encode(public).decode() != text:
        raise InvalidInputError(f"The key {detail}.", errors=[FieldError(pointer, detail)])
    return PermitKey(public)


def create_key(directory: Path, key: SigningKey) -> None:
    """Write a private key for its owner only: whole and on disk, or not at all. Raises UnavailableError."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(key_path(directory, key.kid), key.pem, PRIVATE)
        sync_directory(directory.parent)
    except OSError as error:
        detail = (
            f"The key of permits cannot be written to {directory}: {error.strerror}. Let the account that serves the "
            "gate write there, and try again."
        )
        raise UnavailableError(detail, code="key_unwritable") from error


def read_key(directory: Path, kid: str) -> SigningKey:
    """Return the private key of this name.

    Raises UnavailableError when it is not there, open to others, or another key.
    """
    path = key_path(directory, kid)
    try:
        mode, pem = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        detail = f"The key that signs permits, {path}, cannot be read. {_REMEDY}"
        raise UnavailableError(detail, code="no_permit_key") from error
    if mode & _OTHERS:
        detail = f"The key {path} is open to others. Close it with: chmod 600 {path}"
        raise UnavailableError(detail, code="key_open")
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise UnavailableError(f"{path} holds no private key. {_REMEDY}", code="no_permit_key") from error
    if not isinstance(private, Ed25519PrivateKey) or SigningKey(private).kid != kid:
        detail = f"{path} holds another key than its name says. {_REMEDY}"
        raise UnavailableError(detail, code="no_permit_key")
    return SigningKey(private)


def key_path(directory: Path, kid: str) -> Path:
    """Return where the private key of this name is."""
    return directory / f"{kid}.key"


def jwks(keys: list[PermitKey]) -> dict[str, object]:
    """Return the JWK set of these keys, in their order."""
    return {"keys": [key.jwk for key in keys]}


def keys_of(value: object) -> list[PermitKey]:
    """Read a JWK set's value as `jwks` writes it; other members are passed over. Raises InvalidInputError."""
    listed = value.get("keys") if isinstance(value, dict) else None
    if not isinstance(listed, list) or not listed:
        raise InvalidInputError(
            "This is no JWK set: it has no keys. Take what the gate publishes as permit-keys.json.",
            code="not_keys",
        )
    return [_key_of(each, f"/keys/{number}") for number, each in enumerate(listed)]


def _key_of(value: object, pointer: str) -> PermitKey:
    try:
        if not isinstance(value, dict) or (value["kty"], value["crv"]) != ("OKP", "Ed25519"):
            raise ValueError("it is of another kind")
        retired = value.get("retired_at")
        key = PermitKey(
            base64.urlsafe_b64decode(value["x"] + "="),
            None if retired is None else from_rfc3339_seconds(retired),
        )
        if (key.jwk["x"], key.kid) != (value["x"], value["kid"]) or len(key.public) != PUBLIC_BYTES:
            raise ValueError("its kid is not its thumbprint")
    except (KeyError, TypeError, ValueError) as error:
        detail = f"is no Ed25519 key of permits: {error}"
        raise InvalidInputError(
            "This is no key of permits. Take what the gate publishes as permit-keys.json.",
            errors=[FieldError(pointer, detail)],
            code="not_keys",
        ) from error
    return key


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
