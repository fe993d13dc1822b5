"""A house whose log is published while a test runs: signer and witness with real keys and memories, in a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from gatekeeper.app import Gatekeeper
from gatekeeper.clock import utc_now
from gatekeeper.errors import GatekeeperError, UnavailableError
from gatekeeper.ledger.cosigner import Answer, LogSigner, Witness
from gatekeeper.ledger.key_files import read_key
from gatekeeper.ledger.publisher import ASKED_AGAIN, Cosignatory, Publisher


@dataclass
class Publishing:
    """Publishes as fast as it may; witnesses are silent while `is_witness_silent`."""

    publisher: Publisher
    witness: Witness
    is_witness_silent: bool = False
    stop: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def ask_witness(self, request: bytes) -> Answer:
        if self.is_witness_silent:
            raise UnavailableError("no answer")
        return self.witness.add_checkpoint(request)

    def start(self) -> None:
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def end(self) -> None:
        self.stop.set()
        if self.thread is not None:
            self.thread.join()
        self.publisher.close()

    def run(self) -> None:
        now = utc_now()
        while not self.stop.wait(0.02):
            now += ASKED_AGAIN  # a silent witness is asked again at once
            with suppress(
                GatekeeperError
            ):  # as the gate does: a test that needs the log published will miss it
                self.publisher.publish(now)


@contextmanager
def publishing(house: Gatekeeper) -> Iterator[Publishing]:
    """Have the log of a house published until the end of the block."""
    installation = house.log
    installation.make_keys()
    installation.write_policy("http://127.0.0.1:9")
    (log_key, log_state), (key, state) = read_key(installation.signer_key), read_key(installation.witness_key)
    policy = installation.policy()
    assert policy is not None
    witness = Witness(key, [log_key.verifier], state, lambda: int(time.time()))
    signer = LogSigner(log_key, log_state, lambda: int(time.time()))

    def ask_witness(request: bytes) -> Answer:
        return running.ask_witness(request)

    cosignatories = [Cosignatory(key.verifier, ask_witness)]
    publisher = Publisher(
        house.database, policy, Cosignatory(log_key.verifier, signer.add_checkpoint), cosignatories
    )
    running = Publishing(publisher, witness)
    running.start()
    try:
        yield running
    finally:
        running.end()
