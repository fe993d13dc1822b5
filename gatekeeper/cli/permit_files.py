"""What commands about permits are given: a bundle, the gate's keys and an executor's key, each from where it is named.

A file of this kind has a limit of bytes. What cannot be reached is told apart from what is wrong: without the gate's
keys nothing can be decided.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from gatekeeper.errors import InvalidInputError, UnavailableError
from gatekeeper.ledger.http_reader import HttpReader
from gatekeeper.permits.bundle import MOST_BYTES
from gatekeeper.permits.signing_keys import PermitKey, keys_of
from gatekeeper.proposals.strict_json import NotStrictJsonError, read_json

_FETCH = "The gate publishes them at /.well-known/gatekeeper/permit-keys.json."
_MAKE_ONE = "Make one with: openssl genpkey -algorithm ed25519"


def content_of(path: Path) -> bytes:
    """The bytes of a file, one more than a bundle may have at most. Raises InvalidInputError."""
    try:
        return _read(path)
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be read: {error.strerror}.", code="unreadable") from error


def gate_keys(source: str) -> list[PermitKey]:
    """The gate's keys in a file or at an address. Raises UnavailableError, and InvalidInputError for what is no key."""
    raw = _fetched(source) if source.startswith(("http://", "https://")) else _opened(Path(source))
    try:
        return keys_of(read_json(raw))
    except NotStrictJsonError as error:
        raise InvalidInputError(
            f"{source} holds no keys. {_FETCH}", errors=error.faults, code="not_keys"
        ) from error


def executor_private_key(path: Path) -> Ed25519PrivateKey:
    """The key of an executor, in PEM. Raises InvalidInputError."""
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        detail = f"The key {path} cannot be read. {_MAKE_ONE}"
        raise InvalidInputError(detail, code="no_executor_key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidInputError(f"The key {path} is not an Ed25519 key. {_MAKE_ONE}", code="no_executor_key")
    return key


def _fetched(address: str) -> bytes:
    directory, _, name = address.rpartition("/")
    raw = HttpReader(directory).read(name)
    if raw is None:
        raise UnavailableError(f"There are no keys at {address}. {_FETCH}", code="no_keys")
    return raw


def _opened(path: Path) -> bytes:
    try:
        return _read(path)
    except OSError as error:
        detail = f"The keys {path} cannot be read: {error.strerror}. {_FETCH}"
        raise UnavailableError(detail, code="no_keys") from error


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
