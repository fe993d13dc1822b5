"""The private key of a signer or witness in a file, and its memory in another file beside it.

Owns both files' names, modes and making. They are made together and once; a key without its memory is refused, because
a memory that begins anew would sign a second history. A key that takes the place of another goes on with its memory.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from gatekeeper.errors import ConflictError, InvalidInputError, TamperError, UnavailableError
from gatekeeper.ledger.keys import (
    KeyFormatError,
    SigningKey,
    VerifierKey,
    new_key,
    parse_signing_key,
    parse_vkey,
)
from gatekeeper.ledger.signed_state import SignedState
from gatekeeper.ledger.whole_file import PRIVATE, write_whole

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def state_path(key_path: Path) -> Path:
    """Return where the memory of a key is."""
    return key_path.with_suffix(".state")


def retired_path(key_path: Path) -> Path:
    """Return where the public keys are listed that a key took the place of."""
    return key_path.with_suffix(".retired")


def create_key(path: Path, key: SigningKey) -> None:
    """Write a new key, for its owner only, and its empty memory. Raises ConflictError when either is there already."""
    memory = state_path(path)
    try:
        if os.path.lexists(path):  # before the memory is made: a lost one must not begin anew
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
        SignedState.create(memory)
        _write_or_forget(path, key, memory)
    except FileExistsError as error:
        detail = f"{error.filename} is there already; a key is made once. Name another file, or go on with that key."
        raise ConflictError(detail, code="key_exists") from error
    except OSError as error:
        raise UnavailableError(
            f"{path} cannot be written: {error.strerror}.", code="key_unwritable"
        ) from error


def read_key(path: Path) -> tuple[SigningKey, SignedState]:
    """Return a key and its memory.

    Raises UnavailableError when there is no key, InvalidInputError when it is no key or not its owner's alone, and
    TamperError when its memory is lost or damaged.
    """
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        detail = f"The key {path} cannot be read. Make one with: gatekeeper ledger new-key {path} --name NAME"
        raise UnavailableError(detail, code="no_key") from error
    if mode & _OTHERS:
        detail = f"The key {path} is open to others. Close it with: chmod 600 {path}"
        raise InvalidInputError(detail, code="key_open")
    try:
        key = parse_signing_key(text)
    except KeyFormatError as error:
        raise InvalidInputError(f"{path} holds no private key.", code="not_a_key") from error
    return key, _read_state(path, key)


def rotate_key(path: Path, seed: bytes) -> SigningKey:
    """Put a new key of the same name and kind in the place of one, whose public key is kept; the memory stays.

    Raises what `read_key` raises, and UnavailableError when a file cannot be written: the old key is then there still.
    """
    old, _ = read_key(path)
    key = new_key(old.name, old.kind, seed)
    listed = "".join(f"{each.vkey}\n" for each in (old.verifier, *retired_keys(path)))
    try:
        owner = path.stat()
        write_whole(retired_path(path), listed.encode())
        write_whole(path, key.encoded.encode(), PRIVATE, (owner.st_uid, owner.st_gid))
    except OSError as error:
        raise UnavailableError(
            f"{path} cannot be replaced: {error.strerror}.", code="key_unwritable"
        ) from error
    return key


def retired_keys(path: Path) -> tuple[VerifierKey, ...]:
    """Return the public keys that the key at `path` took the place of, the last one first.

    Raises InvalidInputError when their file is damaged.
    """
    own = read_key(path)[0].verifier
    try:
        listed = retired_path(path).read_text(encoding="ascii").split()
        return tuple(key for key in map(parse_vkey, listed) if key != own)
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError, KeyFormatError) as error:
        detail = f"{retired_path(path)} does not list public keys, one a line: {error}."
        raise InvalidInputError(detail, code="not_a_key") from error


def _write_or_forget(path: Path, key: SigningKey, memory: Path) -> None:
    """A key that could not be written leaves no memory behind: it may be made again."""
    try:
        write_whole(path, key.encoded.encode(), PRIVATE)
    except OSError:
        if not os.path.lexists(path):
            memory.unlink()
        raise


def _read_state(path: Path, key: SigningKey) -> SignedState:
    state = SignedState(state_path(path))
    try:
        state.last(key.name)
    except (OSError, ValueError) as error:
        raise TamperError(
            f"{state_path(path)}, which says what {key.name} signed last, is lost or damaged: nothing is signed. "
            "Bring back its newest copy; a fresh one would let a second history be signed. When there is none, "
            "give the key up: move both files away and begin a log or witness of another name.",
            code="state_lost",
        ) from error
    return state
