"""Publication on both databases, by a real signer and witness: what is signed is stored, and one history only."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from gatekeeper.clock import rfc3339
from gatekeeper.errors import ConflictError, TamperError, UnavailableError
from gatekeeper.ledger import log
from gatekeeper.ledger.checkpoints import Published, latest_checkpoint
from gatekeeper.ledger.cosigner import Answer, LogSigner
from gatekeeper.ledger.cosigner import Witness as CheckpointWitness
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.ledger.keys import Kind, SigningKey, new_key
from gatekeeper.ledger.note import NoteError, parse_note, signed_by
from gatekeeper.ledger.progress import Progress, read_progress
from gatekeeper.ledger.publisher import ASKED_AGAIN, Cosignatory, Publisher
from gatekeeper.ledger.refusals import Refusals
from gatekeeper.ledger.signed_state import SignedState
from gatekeeper.ledger.witness_policy import NotWitnessedError, Witness, WitnessPolicy
from gatekeeper.storage.database import Database
from tests.support.trees import LOG_KEY, ORIGIN, SECONDS, WITNESS_KEY

AT = datetime(2026, 3, 1, tzinfo=UTC)
POLICY = WitnessPolicy((LOG_KEY.verifier,), (Witness("w", WITNESS_KEY.verifier, None),), {}, "w")


@dataclass
class Keepers:
    """Signer and witness with their memories, whose answers can be lost."""

    signer: LogSigner
    witness: CheckpointWitness
    signer_state: SignedState
    is_witness_silent: bool = False
    lost_answers: int = 0

    def ask_signer(self, request: bytes) -> Answer:
        answer = self.signer.add_checkpoint(request)
        if self.lost_answers:
            self.lost_answers -= 1
            raise UnavailableError("it was killed before it could answer")
        return answer

    def ask_witness(self, request: bytes) -> Answer:
        if self.is_witness_silent:
            raise UnavailableError("no answer")
        return self.witness.add_checkpoint(request)

    def publisher(self, database: Database, policy: WitnessPolicy = POLICY) -> Publisher:
        signer = Cosignatory(policy.logs[0], self.ask_signer)
        return Publisher(database, policy, signer, [Cosignatory(WITNESS_KEY.verifier, self.ask_witness)])


def keepers_in(directory: Path, key: SigningKey = LOG_KEY) -> Keepers:
    for name in ("signer.state", "witness.state"):
        SignedState.create(directory / name)
    state = SignedState(directory / "signer.state")
    witness_state = SignedState(directory / "witness.state")
    return Keepers(
        LogSigner(key, state, lambda: SECONDS),
        CheckpointWitness(WITNESS_KEY, [key.verifier], witness_state, lambda: SECONDS),
        state,
    )


@pytest.fixture
def keepers(tmp_path: Path) -> Keepers:
    return keepers_in(tmp_path)


def record(database: Database, count: int) -> None:
    with database.write() as connection:
        log.append(connection, [Event(EventType.GATE_FROZEN, AT, facts={"n": n}) for n in range(count)])


def progress(database: Database) -> Progress:
    with database.read() as connection:
        return read_progress(connection, POLICY)


def newest(database: Database) -> Published | None:
    with database.read() as connection:
        return latest_checkpoint(connection)


def head(database: Database) -> tuple[int, bytes]:
    with database.read() as connection:
        return log.root(connection)


def rewrite(database: Database, count: int, *, forget: bool) -> None:
    """Become another log of `count` entries, as whoever owns the database can at any time."""
    with database.write() as connection:
        for table in ("events", "log_nodes"):
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}"))
            else:
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_refuse_update"))
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_refuse_delete"))
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("UPDATE log_head SET size = 0, edge = :edge"), {"edge": b""})
        if forget:
            connection.execute(text("DELETE FROM log_checkpoints"))
        log.append(connection, [Event(EventType.GATE_THAWED, AT, facts={"n": n}) for n in range(count)])


def test_what_is_committed_is_published_with_every_signature(database: Database, keepers: Keepers) -> None:
    publisher = keepers.publisher(database)
    assert (publisher.publish(AT), newest(database)) == (0, None)
    for count, size in ((3, 3), (1, 4), (300, 304)):
        record(database, count)
        assert publisher.publish(AT) == count
        published = newest(database)
        assert published is not None
        assert (published.checkpoint.origin, published.checkpoint.size) == (ORIGIN, size)
        assert (published.checkpoint.size, published.checkpoint.root) == head(database)
        POLICY.require(published.note)
        assert publisher.publish(AT) == 0
    assert progress(database) == Progress(304, 304, True, None)


def test_a_lost_answer_is_made_good(database: Database, keepers: Keepers) -> None:
    record(database, 3)
    keepers.lost_answers = 1
    publisher = keepers.publisher(database)
    with pytest.raises(UnavailableError):
        publisher.publish(AT)
    assert progress(database) == Progress(3, 0, False, AT)
    assert keepers.signer_state.last(ORIGIN).size == 3
    assert publisher.publish(AT) == 3
    keepers.lost_answers = 1
    record(database, 2)
    with pytest.raises(UnavailableError):
        publisher.publish(AT)
    record(database, 4)
    assert publisher.publish(AT) == 6
    assert progress(database) == Progress(9, 9, True, None)


def test_a_silent_witness_holds_nothing_up_and_is_asked_again(database: Database, keepers: Keepers) -> None:
    publisher = keepers.publisher(database)
    keepers.is_witness_silent = True
    record(database, 3)
    assert publisher.publish(AT) == 3
    assert progress(database) == Progress(3, 3, False, None)
    keepers.is_witness_silent = False
    publisher.publish(AT + ASKED_AGAIN - timedelta(seconds=1))
    assert progress(database).is_witnessed is False
    assert publisher.publish(AT + ASKED_AGAIN) == 0
    assert progress(database) == Progress(3, 3, True, None)


def test_two_publishers_publish_one_log(database: Database, keepers: Keepers) -> None:
    first, second = keepers.publisher(database), keepers.publisher(database)
    for publisher in (first, second, second, first):
        record(database, 2)
        assert publisher.publish(AT) == 2
    assert progress(database) == Progress(8, 8, True, None)


@pytest.mark.parametrize("forget", [False, True])
@pytest.mark.parametrize("count", [6, 10, 30])
def test_a_rewritten_database_is_refused(
    database: Database, keepers: Keepers, count: int, forget: bool
) -> None:
    record(database, 10)
    publisher = keepers.publisher(database)
    publisher.publish(AT)
    signed = keepers.signer_state.last(ORIGIN)
    rewrite(database, count, forget=forget)
    for tried in (publisher, keepers.publisher(database)):
        with pytest.raises(TamperError, match="another history than was signed") as refused:
            tried.publish(AT)
    published = "nothing" if forget else signed.text
    evidence = str(refused.value.fields["evidence"])
    assert f"to be signed:\n{ORIGIN}\n{count}\n" in evidence
    assert f"published before:\n{published}" in evidence
    assert keepers.signer_state.last(ORIGIN) == signed


def test_a_stolen_signing_key_does_not_fool_the_witness(
    database: Database, keepers: Keepers, tmp_path: Path
) -> None:
    record(database, 10)
    keepers.publisher(database).publish(AT)
    rewrite(database, 30, forget=True)
    (tmp_path / "thief").mkdir()
    thief = keepers_in(tmp_path / "thief")
    thief.witness = keepers.witness
    with pytest.raises(TamperError, match=f"{WITNESS_KEY.name} answers 422") as refused:
        thief.publisher(database).publish(AT)
    assert newest(database) is None
    forged = str(refused.value.fields["evidence"]).split("to be signed:\n")[1].split("\npublished before:")[0]
    assert signed_by(parse_note(forged.encode()), [LOG_KEY.verifier]) == (LOG_KEY.verifier,)


def refused_leaves(database: Database) -> list[tuple[int, object]]:
    """Where the log says that a checkpoint was refused, and by what evidence."""
    with database.read() as connection:
        bodies = [json.loads(body) for body in log.entries(connection, 0, log.size(connection))]
    return [(each["index"], each["facts"]) for each in bodies if each["type"] == "log.checkpoint_refused"]


def test_a_refusal_is_a_leaf_once_for_each_evidence(database: Database, tmp_path: Path) -> None:
    record(database, 3)
    refusals = Refusals(tmp_path)
    leaves = []
    for trouble, index in (("the witness said no", 3), ("and again", 6)):
        refusals.keep(trouble, AT)
        refusals.keep("what is found later of the same trouble", AT)
        kept = hashlib.sha256(refusals.path.read_bytes()).hexdigest()
        leaves.append((index, {"evidence": f"sha256:{kept}"}))
        for _ in range(2):
            refusals.record(database, AT)
            record(database, 1)
        refusals.put_aside(AT + timedelta(seconds=index))
    assert refused_leaves(database) == leaves
    assert log.verify(database).ok


def test_evidence_that_a_kill_or_a_full_disk_left_out_is_written_later(tmp_path: Path) -> None:
    refusals = Refusals(tmp_path)
    refusals.path.touch()
    assert refusals.is_in_force()
    refusals.keep("the witness said no", AT)
    assert refusals.path.read_text() == f"{rfc3339(AT)}\nthe witness said no"
    assert list(tmp_path.iterdir()) == [refusals.path]


def test_a_log_of_another_signer_is_not_continued(
    database: Database, keepers: Keepers, tmp_path: Path
) -> None:
    record(database, 3)
    keepers.publisher(database).publish(AT)
    (tmp_path / "other").mkdir()
    key = new_key(ORIGIN, Kind.ED25519, b"O" * 32)
    policy = WitnessPolicy((key.verifier,), POLICY.witnesses, {}, "w")
    other = keepers_in(tmp_path / "other", key).publisher(database, policy)
    with pytest.raises(ConflictError) as refused:
        other.publish(AT)
    assert refused.value.code == "log_of_another_signer"


def test_a_log_goes_on_under_a_new_key_that_its_policy_and_its_witness_know(
    database: Database, keepers: Keepers, tmp_path: Path
) -> None:
    record(database, 3)
    keepers.publisher(database).publish(AT)
    later = new_key(ORIGIN, Kind.ED25519, b"2" * 32)
    both = (later.verifier, LOG_KEY.verifier)
    policy = WitnessPolicy(both, POLICY.witnesses, {}, "w")
    keepers.signer = LogSigner(later, keepers.signer_state, lambda: SECONDS)
    publisher = keepers.publisher(database, policy)
    record(database, 2)
    assert publisher.publish(AT) == 2
    published = newest(database)
    assert published is not None
    assert signed_by(published.note, both) == (later.verifier,)
    with pytest.raises(NotWitnessedError):
        policy.require(published.note)

    remembered = SignedState(tmp_path / "witness.state")
    keepers.witness = CheckpointWitness(WITNESS_KEY, both, remembered, lambda: SECONDS)
    assert publisher.publish(AT + ASKED_AGAIN) == 0
    published = newest(database)
    assert published is not None
    assert published.checkpoint.size == 5
    policy.require(published.note)
    with pytest.raises(NoteError, match="no known log signed"):
        POLICY.require(published.note)


def test_a_log_of_another_name_begins_anew(database: Database, keepers: Keepers, tmp_path: Path) -> None:
    record(database, 3)
    keepers.publisher(database).publish(AT)
    (tmp_path / "other").mkdir()
    key = new_key("new.example/log", Kind.ED25519, b"O" * 32)
    policy = WitnessPolicy((key.verifier,), POLICY.witnesses, {}, "w")
    keepers_in(tmp_path / "other", key).publisher(database, policy).publish(AT)
    published = newest(database)
    assert published is not None
    assert (published.checkpoint.origin, published.checkpoint.size) == ("new.example/log", 3)
    policy.require(published.note)


def test_a_signature_by_somebody_else_is_not_taken(database: Database, keepers: Keepers) -> None:
    record(database, 3)
    signer = Cosignatory(LOG_KEY.verifier, lambda _: Answer(*_signed_by_a_stranger(database)))
    publisher = Publisher(database, POLICY, signer, [])
    with pytest.raises(UnavailableError, match="no signature of its own"):
        publisher.publish(AT)
    assert newest(database) is None


def _signed_by_a_stranger(database: Database):
    from gatekeeper.ledger.checkpoint import Checkpoint
    from gatekeeper.ledger.cosigner import Status

    stranger = new_key(ORIGIN, Kind.ED25519, b"X" * 32)
    return Status.SIGNED, stranger.sign(Checkpoint(ORIGIN, *head(database)), SECONDS).line
