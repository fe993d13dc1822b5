"""What the log's signer and its witnesses have in common: sign a checkpoint only when it extends the last one signed.

Owns the rules and bytes of C2SP tlog-witness's add-checkpoint. Whoever signs keeps the last size and root of each log;
checking against it and replacing it is one step, on disk before the signature leaves the process. The signer is asked
by the log itself, so the checkpoint it is handed has no signature yet; a witness signs nothing that the log has not.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

import structlog

from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.keys import SigningKey, VerifierKey
from gatekeeper.ledger.merkle import HASH_BYTES, is_consistent
from gatekeeper.ledger.note import Note, NoteError, parse_note, signed_by
from gatekeeper.ledger.signed_state import Refused, SignedState

MOST_HASHES = 63
MOST_REQUEST_BYTES = 64 * 1024
_log = structlog.get_logger()
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


class Status(IntEnum):
    """The answers of add-checkpoint, as HTTP has them."""

    SIGNED = 200
    MALFORMED = 400
    UNTRUSTED = 403
    UNKNOWN_LOG = 404
    CONFLICT = 409
    INCONSISTENT = 422


@dataclass(frozen=True, slots=True)
class Extension:
    """What is to be signed: the size that was signed last, the proof from there, and a checkpoint."""

    old_size: int
    proof: tuple[bytes, ...]
    checkpoint: Checkpoint

    def encoded(self, note: Note | None = None) -> bytes:
        """The request's bytes, with the checkpoint as the log signed it, or as it is to be signed."""
        lines = [f"old {self.old_size}", *(base64.b64encode(each).decode() for each in self.proof), "", ""]
        signed = self.checkpoint.text.encode() if note is None else note.encoded
        return "\n".join(lines).encode() + signed


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: signature lines, the size that was signed last (on a conflict), or what is wrong."""

    status: Status
    body: str = ""


class CheckpointSigner:
    """Signs checkpoints with one key, each only when it extends the one before it."""

    def __init__(self, key: SigningKey, state: SignedState, now: Callable[[], int]) -> None:
        """`now` tells the time in seconds since 1970."""
        self._key = key
        self._state = state
        self._now = now

    def sign(self, extension: Extension, note: Note | None = None) -> Answer:
        """Sign or refuse; a note of the log's that may contradict the one signed before is kept beside it.

        Raises OSError or ValueError when the memory fails: then nothing was signed.
        """
        checkpoint = extension.checkpoint
        if extension.old_size > checkpoint.size:
            return Answer(Status.MALFORMED, "the old size is larger than the checkpoint's\n")
        with self._state.locked() as state:
            last = state.last(checkpoint.origin)
            if refusal := _refusal(last, extension):
                if note:
                    _keep_refused(state, last, extension, note)
                return refusal
            signature = self._key.sign(checkpoint, self._now())
            state.replace(checkpoint, note)
        return Answer(Status.SIGNED, signature.line)


class LogSigner:
    """Signs the log's own checkpoints; asked only by the log."""

    def __init__(self, key: SigningKey, state: SignedState, now: Callable[[], int]) -> None:
        """The key's name is the log's origin."""
        self._origin = key.name
        self._signer = CheckpointSigner(key, state, now)

    def add_checkpoint(self, request: bytes) -> Answer:
        """Answer one request, whose checkpoint is not signed yet."""
        try:
            old_size, proof, text = _parse_request(request)
            checkpoint = parse_checkpoint(text.decode("utf-8"))
        except (NoteError, UnicodeDecodeError) as error:
            return Answer(Status.MALFORMED, f"{error}\n")
        if checkpoint.origin != self._origin:
            return Answer(Status.UNKNOWN_LOG)
        return self._signer.sign(Extension(old_size, proof, checkpoint))


class Witness:
    """Cosigns checkpoints of the logs it knows; asked by anybody."""

    def __init__(
        self, key: SigningKey, logs: Sequence[VerifierKey], state: SignedState, now: Callable[[], int]
    ) -> None:
        """`logs` are the keys of the logs that are known; a key's name is its log's origin. A log may have several."""
        self._logs = {log.name: [each for each in logs if each.name == log.name] for log in logs}
        self._signer = CheckpointSigner(key, state, now)

    def add_checkpoint(self, request: bytes) -> Answer:
        """Answer one request, whose checkpoint the log must have signed."""
        try:
            old_size, proof, signed = _parse_request(request)
            note = parse_note(signed)
            checkpoint = parse_checkpoint(note.text)
        except NoteError as error:
            return Answer(Status.MALFORMED, f"{error}\n")
        keys = self._logs.get(checkpoint.origin)
        if keys is None:
            return Answer(Status.UNKNOWN_LOG)
        if not _is_signed(note, keys):
            return Answer(Status.UNTRUSTED)
        return self._signer.sign(Extension(old_size, proof, checkpoint), note)


def _parse_request(request: bytes) -> tuple[int, tuple[bytes, ...], bytes]:
    head, blank, checkpoint = request.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise NoteError("the request is not ASCII") from error
    old = _OLD.fullmatch(lines[0])
    if not blank or old is None or len(lines) > 1 + MOST_HASHES:
        raise NoteError("the request is not an old size, a proof and a checkpoint")
    return int(old[1]), tuple(_hash(line) for line in lines[1:]), checkpoint


def _refusal(last: Checkpoint, extension: Extension) -> Answer | None:
    checkpoint = extension.checkpoint
    if extension.old_size != last.size:
        return Answer(Status.CONFLICT, f"{last.size}\n")
    if last.size == checkpoint.size and last.root != checkpoint.root:
        return Answer(Status.CONFLICT, f"{last.size}\n")
    if not is_consistent(last.size, last.root, checkpoint.size, checkpoint.root, extension.proof):
        return Answer(Status.INCONSISTENT)
    return None


def _keep_refused(state: SignedState, last: Checkpoint, extension: Extension, note: Note) -> None:
    """Keep what is refused, if it shows anything; a disk that is full makes no refusal an answer that never came."""
    kind = _shown_by(last, extension)
    try:
        if kind and state.keep_refused(note, kind):
            _log.error("witness.refused", log=last.origin, size=extension.checkpoint.size, shows=kind.value)
    except OSError as error:
        _log.error("witness.refused_note_not_kept", log=last.origin, error=error.strerror)


def _shown_by(last: Checkpoint, extension: Extension) -> Refused | None:
    """What a refused checkpoint shows of its log; nothing when the client is merely late."""
    if last.size == extension.checkpoint.size:
        return Refused.CONTRADICTION if last.root != extension.checkpoint.root else None
    return Refused.UNPROVEN if last.size == extension.old_size else None


def _is_signed(note: Note, keys: Sequence[VerifierKey]) -> bool:
    try:
        return bool(signed_by(note, keys))
    except NoteError:
        return False


def _hash(line: str) -> bytes:
    try:
        value = base64.b64decode(line, validate=True)
    except binascii.Error as error:
        raise NoteError("the proof has a line that is no hash") from error
    if len(value) != HASH_BYTES:
        raise NoteError("the proof has a line that is no hash")
    return value
