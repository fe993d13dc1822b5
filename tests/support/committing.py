"""A process that commits leaves and publishes them as fast as it can, forked anew each time it was killed.

    python -m tests.support.committing DATABASE_URL DIRECTORY

Each line on its standard input has a child forked from here, where everything is imported already; the child says what
it commits and publishes, one line each, until it is killed. The keys of signer and witness, and their memories, are in
the directory, as `gatekeeper signer` and `gatekeeper witness` keep them; both sign in the child, so that a kill may
fall into their work as well.
"""

from __future__ import annotations

import os
import random
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from gatekeeper.clock import unix_seconds, utc_now
from gatekeeper.errors import GatekeeperError
from gatekeeper.ledger import log
from gatekeeper.ledger.checkpoints import latest_checkpoint
from gatekeeper.ledger.cosigner import LogSigner, Witness
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.ledger.key_files import create_key, read_key
from gatekeeper.ledger.merkle import EMPTY_ROOT
from gatekeeper.ledger.publisher import Cosignatory, Publisher
from gatekeeper.ledger.witness_policy import Witness as ListedWitness
from gatekeeper.ledger.witness_policy import WitnessPolicy
from gatekeeper.storage.database import Database
from tests.support.trees import LOG_KEY, WITNESS_KEY

POLICY = WitnessPolicy((LOG_KEY.verifier,), (ListedWitness("w", WITNESS_KEY.verifier, None),), {}, "w")
MOST_LEAVES_AT_ONCE = 5


def make_keys(directory: Path) -> None:
    """The keys with empty memories."""
    create_key(directory / "signer", LOG_KEY)
    create_key(directory / "witness", WITNESS_KEY)


def publisher_of(database: Database, directory: Path) -> Publisher:
    """What publishes the log, with signer and witness in this process."""
    key, memory = read_key(directory / "signer")
    signer = LogSigner(key, memory, lambda: unix_seconds(utc_now()))
    cosigning, remembered = read_key(directory / "witness")
    witness = Witness(cosigning, [key.verifier], remembered, lambda: unix_seconds(utc_now()))
    asked = Cosignatory(cosigning.verifier, witness.add_checkpoint)
    return Publisher(database, POLICY, Cosignatory(key.verifier, signer.add_checkpoint), [asked])


def _commit_for_ever(database: Database) -> None:
    while True:
        events = [Event(EventType.GATE_FROZEN, utc_now())] * random.randint(1, MOST_LEAVES_AT_ONCE)
        with database.write() as connection:
            leaves = log.append(connection, events)
        _say(f"committed {leaves[-1] + 1}")


def _publish_for_ever(database: Database, directory: Path) -> None:
    """Publish what was left behind first, then begin to commit."""
    publisher = publisher_of(database, directory)
    publisher.publish(utc_now())
    _say_published(database)
    threading.Thread(target=_or_say, args=(_commit_for_ever, database), daemon=True).start()
    while True:
        if publisher.publish(utc_now()):
            _say_published(database)


def _or_say(work: Callable[..., None], *given: object) -> None:
    try:
        work(*given)
    except GatekeeperError as error:
        _say(f"failed {error.code} {error.detail}")
    except Exception as error:
        _say(f"failed {error!r}")


def _say_published(database: Database) -> None:
    with database.read() as connection:
        newest = latest_checkpoint(connection)
    size, root = (newest.checkpoint.size, newest.checkpoint.root) if newest else (0, EMPTY_ROOT)
    _say(f"published {size} {root.hex()}")


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


def _wait_and_fork(url: str, directory: Path) -> None:
    Database(url).close()  # imports what it needs, and connects to nothing
    for _ in sys.stdin.buffer:
        child = os.fork()
        if child == 0:
            _or_say(_publish_for_ever, Database(url), directory)
            os._exit(1)
        _say(f"started {child}")
        os.waitpid(child, 0)
        _say("ended")


if __name__ == "__main__":
    _wait_and_fork(sys.argv[1], Path(sys.argv[2]))
