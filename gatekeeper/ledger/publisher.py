"""Publishing: what was committed becomes a signed, witnessed checkpoint that anybody can fetch.

Owns the way from the newest leaf to a stored checkpoint: asks the signer, then the witnesses, and stores what they
gave. Several may run at once; signer and witnesses let only one history through. Their refusal is a TamperError that
carries the evidence. A witness that is slow or silent holds nothing up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from gatekeeper.errors import ConflictError, TamperError, UnavailableError
from gatekeeper.ledger import log
from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.checkpoints import Published, latest_checkpoint, store_checkpoint
from gatekeeper.ledger.cosigner import Answer, Extension, Status
from gatekeeper.ledger.keys import VerifierKey
from gatekeeper.ledger.merkle import consistency_proof
from gatekeeper.ledger.note import Note, NoteError, Signature, parse_signatures, signed_by
from gatekeeper.ledger.witness_policy import WitnessPolicy
from gatekeeper.storage.database import Database

Ask = Callable[[bytes], Answer]
PROMPT_SECONDS = 0.5
ASKED_AGAIN = timedelta(seconds=10)
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Cosignatory:
    """The signer or a witness: its key and how it is asked."""

    key: VerifierKey
    ask: Ask


class Publisher:
    """Signs and stores the newest checkpoint of one log, whose keys are those of the policy."""

    def __init__(
        self, database: Database, policy: WitnessPolicy, signer: Cosignatory, witnesses: Sequence[Cosignatory]
    ) -> None:
        self._database = database
        self._policy = policy
        self._signer = signer
        self._witnesses = tuple(witnesses)
        self._silent_until: dict[VerifierKey, datetime] = {}
        self._settled: Note | None = None
        self._pending: dict[Future[Signature], tuple[Cosignatory, Checkpoint, Note]] = {}
        self._threads = ThreadPoolExecutor(max(1, len(self._witnesses)), thread_name_prefix="witness")

    def close(self) -> None:
        """Wait for nobody."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def publish(self, now: datetime) -> int:
        """Publish what is new, and ask for cosignatures that are missing; returns how many leaves became public.

        Raises UnavailableError when somebody who is needed does not answer, ConflictError when the log is signed by a
        key that the policy does not name, and TamperError when the signer or a witness refuses, or the tree does not
        have the root that was published: the database then holds another history.
        """
        self._add_late_cosignatures(now)
        with self._database.read() as connection:
            before = self._before(_latest(connection))  # first: another publisher may be at work
            size, root = log.root(connection)
        checkpoint = Checkpoint(self._signer.key.name, size, root)
        published = before.checkpoint.size if before else 0
        if before and published == size:
            if before.checkpoint.root != root:
                raise _tampered(
                    f"the tree of {size} leaves has another root than was published", before, checkpoint
                )
            return self._complete(before, now)
        if before and published > size:
            raise _tampered(f"{published} leaves were published, {size} are there", before, checkpoint)
        if size == 0:
            return 0
        own = self._signed(self._signer, checkpoint, before, None)
        note = Note(checkpoint.text, (own,))
        self._store_with_witnesses(checkpoint, before, note, now)
        return size - published

    def _before(self, newest: Published | None) -> Published | None:
        """The newest checkpoint of this log. One of another log is not continued: this one begins anew."""
        if newest is None or newest.checkpoint.origin != self._signer.key.name:
            return None
        if newest.note != self._settled and not _is_signed(newest.note, self._policy.logs):
            raise ConflictError(
                "The newest checkpoint is signed by a key that the witness policy does not name. Bring the signer's "
                "directory from where it ran, or begin a log of another name (GATEKEEPER_LOG_ORIGIN).",
                code="log_of_another_signer",
            )
        return newest

    def _complete(self, published: Published, now: datetime) -> int:
        """Ask again for the cosignatures that a published checkpoint still needs."""
        if published.note != self._settled:
            if self._policy.accepts(published.note):
                self._settled = published.note
            else:
                self._store_with_witnesses(published.checkpoint, published, published.note, now)
        return 0

    def _store_with_witnesses(
        self, checkpoint: Checkpoint, before: Published | None, note: Note, now: datetime
    ) -> None:
        """Store the note with the signatures that witnesses give promptly; later ones are added when they come."""
        asked = self._ask_witnesses(checkpoint, before, note, now)
        wait(asked, PROMPT_SECONDS)
        complete = note
        for signature in self._arrived(asked, now):
            complete = Note(note.text, (*complete.signatures, signature))
        if before is None or complete != before.note:
            self._store(checkpoint, complete, now)

    def _add_late_cosignatures(self, now: datetime) -> None:
        for asked in [each for each in self._pending if each.done()]:
            _, checkpoint, note = self._pending[asked]
            for signature in self._arrived([asked], now):
                self._store(checkpoint, Note(note.text, (*note.signatures, signature)), now)

    def _store(self, checkpoint: Checkpoint, note: Note, now: datetime) -> None:
        with self._database.write() as connection:
            store_checkpoint(connection, checkpoint, note, now)

    def _ask_witnesses(
        self, checkpoint: Checkpoint, before: Published | None, note: Note, now: datetime
    ) -> list[Future[Signature]]:
        """Ask every witness that has not signed yet and is not being asked, all at once."""
        signers = {(each.name, each.key_id) for each in note.signatures}
        busy = {witness.key for witness, _, _ in self._pending.values()}
        asked = []
        for witness in self._witnesses:
            key = witness.key
            silent = self._silent_until.get(key, now) > now
            if (key.name, key.key_id) in signers or key in busy or silent:
                continue
            future = self._threads.submit(self._signed, witness, checkpoint, before, note)
            self._pending[future] = (witness, checkpoint, note)
            asked.append(future)
        return asked

    def _arrived(self, asked: Sequence[Future[Signature]], now: datetime) -> Iterator[Signature]:
        """Yield the signatures that have come. Raises TamperError when a witness has seen another history."""
        for future in [each for each in asked if each.done()]:
            witness, _, _ = self._pending.pop(future)
            try:
                yield future.result()
            except (UnavailableError, ConflictError):
                self._silent_until[witness.key] = now + ASKED_AGAIN

    def _signed(
        self, by: Cosignatory, checkpoint: Checkpoint, before: Published | None, note: Note | None
    ) -> Signature:
        """Have a checkpoint signed, from whatever size the signer or witness has signed last."""
        old_size = before.checkpoint.size if before else 0
        for _ in range(_TRIES):
            answer = by.ask(self._extension(old_size, checkpoint).encoded(note))
            if answer.status is Status.SIGNED:
                return _checked(by.key, checkpoint, answer)
            if answer.status not in (Status.CONFLICT, Status.INCONSISTENT):
                said = f"{by.key.name} does not know this log: {answer.status.name.lower()}"
                raise UnavailableError(f"{said} {answer.body.strip()}", code="not_cosigned")
            known = _conflicting_size(answer)
            if (
                known is None
                or known == old_size
                or (known > checkpoint.size and self._is_shorter_than(known))
            ):
                refusal = f"{by.key.name} answers {answer.status.value} {answer.body.strip()}".rstrip()
                raise _tampered(refusal, before, checkpoint, note)
            if known > checkpoint.size:
                raise ConflictError(
                    "Another process has published more meanwhile.", code="published_meanwhile"
                )
            old_size = known
        raise UnavailableError(f"{by.key.name} changes its mind.", code="not_cosigned")

    def _extension(self, old_size: int, checkpoint: Checkpoint) -> Extension:
        with self._database.read() as connection:
            try:
                proof = consistency_proof(old_size, checkpoint.size, partial(log.nodes, connection))
            except KeyError as error:
                raise _tampered(f"the hash at position {error} is gone", None, checkpoint) from error
        return Extension(old_size, tuple(proof), checkpoint)

    def _is_shorter_than(self, size: int) -> bool:
        with self._database.read() as connection:
            return log.size(connection) < size


def _latest(connection: Connection) -> Published | None:
    """Return the newest checkpoint. Raises TamperError when the row holds none."""
    try:
        return latest_checkpoint(connection)
    except NoteError as error:
        raise TamperError(f"The newest checkpoint is damaged: {error}.", code="checkpoint_refused") from error


def _tampered(
    what: str, before: Published | None, checkpoint: Checkpoint, note: Note | None = None
) -> TamperError:
    """The refusal with its evidence: what was to be signed, as the log signed it if it did, and what was before."""
    published = before.note.encoded.decode() if before else "nothing\n"
    refused = note.encoded.decode() if note else checkpoint.text
    evidence = f"{what}\n\nto be signed:\n{refused}\npublished before:\n{published}"
    return TamperError(
        f"The database holds another history than was signed: {what}.",
        code="checkpoint_refused",
        evidence=evidence,
    )


def _is_signed(note: Note, keys: Sequence[VerifierKey]) -> bool:
    try:
        return bool(signed_by(note, keys))
    except NoteError:
        return False


def _checked(key: VerifierKey, checkpoint: Checkpoint, answer: Answer) -> Signature:
    """The signature in an answer, when it is the one that was asked for."""
    try:
        signatures = parse_signatures(answer.body.encode())
        if signed_by(Note(checkpoint.text, signatures), [key]):
            return next(each for each in signatures if (each.name, each.key_id) == (key.name, key.key_id))
    except NoteError:
        pass
    raise UnavailableError(f"{key.name} answered with no signature of its own.", code="not_cosigned")


def _conflicting_size(answer: Answer) -> int | None:
    body = answer.body.strip()
    known = answer.status is Status.CONFLICT and body.isascii() and body.isdecimal() and len(body) < 19
    return int(body) if known else None
