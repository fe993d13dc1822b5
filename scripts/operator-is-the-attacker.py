"""The operator is the attacker: what a stranger can still tell when root rewrites the record with every key of the log.

    .venv/bin/python scripts/operator-is-the-attacker.py

A gate runs with the signer and the witness that `serve` runs by default. It blocks a change. Then its operator, who
has the database, both private keys and both memories, turns that block into an allow, builds the tree anew, signs it,
has it witnessed, and publishes it. Every check that is made of it afterwards is printed with its exit code: those
that catch the operator, and those that do not. Exits 0 when each came out as it is documented (docs/ledger.md), else 1.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

from gatekeeper.cli.running import run
from gatekeeper.errors import UnavailableError
from gatekeeper.ledger.checkpoint import Checkpoint, parse_checkpoint
from gatekeeper.ledger.cosigner import Answer, Extension
from gatekeeper.ledger.key_files import create_key, read_key
from gatekeeper.ledger.keys import Kind, new_key
from gatekeeper.ledger.merkle import Frontier, leaf_hash
from gatekeeper.ledger.note import Note, parse_note
from gatekeeper.ledger.witness_client import ask_witness

REPOSITORY = Path(__file__).resolve().parents[1]
EMPTIES_A_TABLE = REPOSITORY / "proposals" / "examples" / "valid" / "3-clean-up-users.json"
PATIENCE_SECONDS = 120


class Machine:
    """The operator's machine: the gate with its database, and everything that it keeps about its log."""

    def __init__(self, home: Path) -> None:
        self.data = home / "operator"
        self.url = f"http://127.0.0.1:{free_port()}"
        self.environ = {
            "PATH": os.environ["PATH"],
            "GATEKEEPER_DATA_DIR": str(self.data),
            "GATEKEEPER_BIND": self.url.removeprefix("http://"),
            "GATEKEEPER_URL": self.url,
        }

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Run the gate for a while."""
        words = [sys.executable, "-m", "gatekeeper", "serve", "--workers", "1"]
        log = (self.data.parent / "serve.log").open("ab")
        with log, subprocess.Popen(words, cwd=REPOSITORY, env=self.environ, stderr=log, stdout=log) as gate:
            try:
                wait_for(lambda: self.fetch("healthz"), "the gate answers")
                yield
            finally:
                gate.terminate()

    def fetch(self, path: str) -> bytes:
        """What the gate answers, nothing while it does not."""
        try:
            with urllib.request.urlopen(f"{self.url}/{path}", timeout=20) as answer:  # noqa: S310  # our own address
                content: bytes = answer.read()
                return content
        except OSError:
            return b""

    def entries(self) -> bytes:
        """The entries that are published and witnessed, few as they are."""
        note = self.fetch("log/checkpoint").decode()
        size = note.split("\n")[1] if note.count("\u2014 ") == 2 else "0"
        return self.fetch(f"log/tile/entries/000.p/{size}")

    def run(self, *words: str, **environ: str) -> tuple[int, str]:
        """One command: its exit code, and what it says."""
        command = [sys.executable, "-m", "gatekeeper", *words]
        done = subprocess.run(
            command, cwd=REPOSITORY, env=self.environ | environ, capture_output=True, text=True
        )
        return done.returncode, (done.stdout or done.stderr).strip()


def rewrite(data: Path) -> Checkpoint:
    """What root does: another decision, tree and checkpoint anew, every key and memory used as if it were true."""
    log_key, signer_memory = read_key(data / "ledger" / "signer" / "key")
    witness_key, witness_memory = read_key(data / "ledger" / "witness" / "key")
    with closing(sqlite3.connect(data / "gatekeeper.db")) as database, database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        decision = "UPDATE revisions SET outcome = 'allow', state = 'passed', verdict = 'pass'"
        database.execute(decision)
        tree, nodes = Frontier(0, []), []
        for leaf, body in database.execute("SELECT leaf, body FROM events ORDER BY leaf").fetchall():
            forged = body.replace('"outcome":"block"', '"outcome":"allow"')
            database.execute("UPDATE events SET body = ? WHERE leaf = ?", (forged, leaf))
            nodes += [value for _, value in tree.append(leaf_hash(forged.encode()))]
        database.executemany(
            "UPDATE log_nodes SET hash = ? WHERE position = ?",
            [(value, at) for at, value in enumerate(nodes)],
        )
        database.execute("UPDATE log_head SET size = ?, edge = ?", (tree.size, b"".join(tree.edge)))
        checkpoint = Checkpoint(log_key.name, tree.size, tree.root())
        now = int(time.time())
        note = Note(checkpoint.text, (log_key.sign(checkpoint, now), witness_key.sign(checkpoint, now)))
        row = (tree.size, note.encoded.decode(), datetime.now(UTC).isoformat())
        database.execute("DELETE FROM log_checkpoints")
        database.execute("INSERT INTO log_checkpoints (size, note, at) VALUES (?, ?, ?)", row)
    signer_memory.replace(checkpoint)
    witness_memory.replace(checkpoint)
    return checkpoint


class Elsewhere:
    """A witness on a machine that is not the operator's."""

    def __init__(self, home: Path, log_key: str) -> None:
        self.directory = home / "elsewhere"
        self.directory.mkdir()
        self.key = new_key("witness.example.org/w1", Kind.COSIGNATURE_ED25519, os.urandom(32))
        create_key(self.directory / "key", self.key)
        self.address = f"127.0.0.1:{free_port()}"
        self.words = ["witness", "--key", str(self.directory / "key"), "--log", log_key]
        self.policy = f"log {log_key}\nwitness w1 {self.key.verifier.vkey}\nquorum w1\n"

    @contextmanager
    def running(self) -> Iterator[None]:
        """Run it for a while."""
        words = [sys.executable, "-m", "gatekeeper", *self.words, "--bind", self.address]
        with subprocess.Popen(words, cwd=REPOSITORY, env={}, stderr=subprocess.PIPE, text=True) as process:
            print(f"   {(process.stderr or io.StringIO()).readline().strip()}")
            try:
                yield
            finally:
                process.kill()

    def asked(self, old_size: int, note: Note) -> Answer:
        """What it answers to a checkpoint, which is said to extend what it signed before and proves nothing more."""
        request = Extension(old_size, (), parse_checkpoint(note.text)).encoded(note)
        return ask_witness(f"http://{self.address}", request)


class Play:
    """The acts in order; prints what everybody is told, and remembers whether it is what is documented."""

    def __init__(self, home: Path) -> None:
        self.machine = Machine(home)
        self.published = home / "published"
        self.pin = home / "pin"
        self.policy = home / "policy-of-the-gate"
        self.policy_elsewhere = home / "policy-of-the-witness-elsewhere"
        self.home = home
        self.is_as_documented = True

    def all_acts(self) -> bool:
        """Play them; tells whether everything came out as it is documented."""
        with self.machine.serving():
            self.a_block_is_recorded()
        log_key = self.policy.read_text().split()[1]
        elsewhere = Elsewhere(self.home, log_key)
        with elsewhere.running():
            size = self.strangers_keep_something(log_key, elsewhere)
            self.root_rewrites_it()
            with self.machine.serving():
                served = ("--url", f"{self.machine.url}/log")
                self.who_does_not_notice(log_key, served)
                self.who_catches_it(log_key, served)
            self.the_witness_elsewhere_is_asked(elsewhere, size)
        return self.is_as_documented

    def a_block_is_recorded(self) -> None:
        """The honest beginning."""
        print("1. A gate with a signer and a witness of its own blocks a change that empties a table.")
        token = self.machine.run("principal", "add", "automation", "--role", "submitter")[1].split()[-1]
        code, said = self.machine.run("submit", str(EMPTIES_A_TABLE), GATEKEEPER_TOKEN=token)
        self.tell("automation", code, 1, said.splitlines()[0])
        wait_for(lambda: b'"outcome":"block"' in self.machine.entries(), "the decision is published")
        self.policy.write_bytes(self.machine.fetch("log/policy"))

    def strangers_keep_something(self, log_key: str, elsewhere: Elsewhere) -> int:
        """Returns how many entries the witness elsewhere signed."""
        print("2. Strangers keep something: one a pin; others run a witness on a machine of their own.")
        self.machine.run("ledger", "export", str(self.published))
        pinned = ("--vkey", log_key, "--pin", str(self.pin), "--update-pin")
        self.verify("with a pin", 0, "--dir", str(self.published), *pinned)
        note = parse_note((self.published / "checkpoint").read_bytes())
        answer = elsewhere.asked(0, note)
        (self.published / "checkpoint").write_bytes(note.encoded + answer.body.encode())
        self.policy_elsewhere.write_text(elsewhere.policy)
        asked_for = ("--policy", str(self.policy_elsewhere))
        self.verify("by the witness elsewhere", 0, "--dir", str(self.published), *asked_for)
        return parse_checkpoint(note.text).size

    def root_rewrites_it(self) -> None:
        """The attack."""
        print("3. Root turns the block into an allow, with every key and every memory of that machine.")
        forged = rewrite(self.machine.data)
        print(f"   {forged.size} entries, another root, signed by the log and by its own witness")

    def who_does_not_notice(self, log_key: str, served: tuple[str, ...]) -> None:
        """The honest limits of the default."""
        print("4. Who does not notice: whoever has only what comes from that machine.")
        wait_for(lambda: self.machine.fetch("readyz"), "the gate is ready to decide")
        code, said = self.machine.run("ledger", "verify")
        self.tell("the gate itself", code, 0, said)
        self.verify("with the log's key only", 0, *served, "--vkey", log_key)
        self.verify("by the witness of the gate", 0, *served, "--policy", str(self.policy))

    def who_catches_it(self, log_key: str, served: tuple[str, ...]) -> None:
        """The strangers of the second act."""
        print("5. Who catches it: whoever has a memory that is not on that machine.")
        pinned = ("--pin", str(self.pin))
        self.verify("with a pin", 1, *served, "--vkey", log_key, *pinned)
        self.verify("with a pin, by the lying witness", 1, *served, "--policy", str(self.policy), *pinned)
        self.verify("by the witness elsewhere", 2, *served, "--policy", str(self.policy_elsewhere))

    def the_witness_elsewhere_is_asked(self, elsewhere: Elsewhere, size: int) -> None:
        """What an honest witness says of the forged log, and keeps."""
        shutil.rmtree(self.published)
        self.machine.run("ledger", "export", str(self.published))
        forged = parse_note((self.published / "checkpoint").read_bytes())
        answer = elsewhere.asked(size, forged)
        self.tell("the witness elsewhere, asked to sign", answer.status.value, 409, answer.body.strip())
        kept = list(elsewhere.directory.glob("key.contradiction.*"))
        notes = "\n".join(each.read_text() for each in kept)
        held = notes.count(f"\u2014 {forged.signatures[0].name} ")
        self.tell("it keeps", held, 2, "notes that the log's key signed and that contradict each other")

    def verify(self, who: str, expected: int, *words: str) -> None:
        """A stranger's verification; nothing of the operator's is read but what is published."""
        said = io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            code = run(["ledger", "verify", *words])
        self.tell(f"stranger {who}", code, expected, said.getvalue().strip())

    def tell(self, who: str, found: int, expected: int, said: str) -> None:
        """Print what came out, and remember when it is not what is documented."""
        self.is_as_documented &= found == expected
        print(f"   {who}: {found}  {said}{'' if found == expected else f'   <-- NOT {expected}'}", flush=True)


def wait_for(holds: Callable[[], object], what: str) -> None:
    """Wait until something holds. Raises UnavailableError when it never does."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > until:
            raise UnavailableError(f"{what}: not within {PATIENCE_SECONDS} seconds", code="too_late")
        time.sleep(0.1)


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="gatekeeper-attack-") as directory:
        sys.exit(not Play(Path(directory)).all_acts())
