"""Signer and witness as the processes they are: over a socket and over HTTP, killed, raced, and handed nonsense."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from gatekeeper.errors import UnavailableError
from gatekeeper.ledger.cosigner import Answer, Status
from gatekeeper.ledger.key_files import create_key, read_key, state_path
from gatekeeper.ledger.keys import Kind, SigningKey, new_key
from gatekeeper.ledger.note import Note, parse_signatures, signed_by
from gatekeeper.ledger.signer_socket import ask_signer, listen_at
from tests.support.ports import free_port, wait_until
from tests.support.trees import LOG_KEY, ORIGIN, WITNESS_KEY, Tree, tree
from tests.support.workspace import REPOSITORY

EXTENDED = tree(40)
THREADS = 8


@dataclass
class Keeper:
    """One process with its key, to be killed and started again."""

    words: Sequence[str]
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it, and wait for the line that says it listens."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gatekeeper", *self.words],
            cwd=REPOSITORY,
            env={},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        assert "Its key: " in self.process.stderr.readline()

    def kill(self) -> None:
        """SIGKILL, if it still runs."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.communicate()
            self.process = None


@pytest.fixture
def socket_path(tmp_path: Path) -> Path:
    """Longer than the kernel takes for an address."""
    directory = tmp_path / ("long" * 25)
    directory.mkdir()
    return directory / "socket"


@pytest.fixture
def signer(tmp_path: Path, socket_path: Path) -> Iterator[Keeper]:
    create_key(tmp_path / "key", LOG_KEY)
    keeper = Keeper(["signer", "--key", str(tmp_path / "key"), "--socket", str(socket_path)])
    keeper.start()
    yield keeper
    keeper.kill()


@dataclass(frozen=True)
class RunningWitness:
    """A witness at a port, and its key's file."""

    port: int
    key_file: Path
    keeper: Keeper

    def post(
        self, body: bytes, path: str = "/add-checkpoint", headers: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Status, media type and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("POST", path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type", ""), answer.read().decode()
        finally:
            connection.close()


def running_witness(directory: Path, key: SigningKey) -> RunningWitness:
    create_key(directory / "witness.key", key)
    port = free_port()
    words = ["witness", "--key", str(directory / "witness.key"), "--log", LOG_KEY.verifier.vkey]
    keeper = Keeper([*words, "--bind", f"127.0.0.1:{port}"])
    keeper.start()
    return RunningWitness(port, directory / "witness.key", keeper)


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[RunningWitness]:
    running = running_witness(tmp_path, WITNESS_KEY)
    yield running
    running.keeper.kill()


def holds(key: SigningKey, of: Tree, size: int, body: str) -> bool:
    note = Note(of.checkpoint(size).text, parse_signatures(body.encode()))
    return signed_by(note, [key.verifier]) == (key.verifier,)


def test_the_signer_s_socket_is_its_owner_s_only(signer: Keeper, socket_path: Path) -> None:
    assert socket_path.stat().st_mode & 0o777 == 0o600
    answer = ask_signer(socket_path, EXTENDED.request(0, 5))
    assert (answer.status, holds(LOG_KEY, EXTENDED, 5, answer.body)) == (Status.SIGNED, True)


def test_a_signer_that_is_killed_before_it_answers_signs_the_same_again(
    signer: Keeper, socket_path: Path, tmp_path: Path
) -> None:
    ask_signer(socket_path, EXTENDED.request(0, 5))
    state = read_key(tmp_path / "key")[1]
    directory = os.open(socket_path.parent, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as asked:
        asked.connect(f"/proc/self/fd/{directory}/{socket_path.name}")
        asked.sendall(EXTENDED.request(5, 20))
        asked.shutdown(socket.SHUT_WR)
        wait_until(lambda: state.last(ORIGIN).size == 20, 20, "nothing is remembered")
        signer.kill()
    os.close(directory)
    with pytest.raises(UnavailableError):
        ask_signer(socket_path, EXTENDED.request(5, 20))
    signer.start()
    assert ask_signer(socket_path, EXTENDED.request(5, 20)) == Answer(Status.CONFLICT, "20\n")
    assert ask_signer(socket_path, tree(40, 3).request(20, 40)) == Answer(Status.INCONSISTENT)
    again = ask_signer(socket_path, EXTENDED.request(20, 20))
    assert (again.status, holds(LOG_KEY, EXTENDED, 20, again.body)) == (Status.SIGNED, True)


def test_a_signer_without_its_memory_says_so_and_signs_nothing(
    signer: Keeper, socket_path: Path, tmp_path: Path
) -> None:
    ask_signer(socket_path, EXTENDED.request(0, 5))
    state_path(tmp_path / "key").unlink()
    with pytest.raises(UnavailableError):
        ask_signer(socket_path, EXTENDED.request(5, 20))
    signer.kill()
    ended = subprocess.run(
        [sys.executable, "-m", "gatekeeper", *signer.words],
        cwd=REPOSITORY,
        env={},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "lost or damaged: nothing is signed. Bring back its newest copy" in ended.stderr


@pytest.mark.parametrize("kind", [Kind.COSIGNATURE_ED25519, Kind.COSIGNATURE_MLDSA44])
def test_a_witness_speaks_tlog_witness(tmp_path: Path, kind: Kind) -> None:
    key = new_key("witness.example/w", kind, b"W" * 32)
    witness = running_witness(tmp_path, key)
    try:
        status, media_type, body = witness.post(EXTENDED.signed_request(0, 20))
        assert (status, media_type) == (200, "text/plain; charset=utf-8")
        assert holds(key, EXTENDED, 20, body)
        conflict = (409, "text/x.tlog.size", "20\n")
        assert witness.post(EXTENDED.signed_request(0, 30)) == conflict
        assert witness.post(tree(40, 5).signed_request(20, 20)) == conflict
        assert witness.post(tree(40, 5).signed_request(20, 40))[0] == 422
        for kind, size in (("contradiction", 20), ("unproven", 40)):
            (kept,) = tmp_path.glob(f"witness.{kind}.*")
            assert kept.read_text() == both_notes(EXTENDED.note(20), tree(40, 5).note(size))
        stranger = new_key(ORIGIN, Kind.ED25519, b"X" * 32)
        assert witness.post(EXTENDED.signed_request(20, 40, stranger))[0] == 403
        assert witness.post(Tree([b"x"], origin="other.example/log").signed_request(0, 1))[0] == 404
        assert witness.post(b"nonsense")[0] == 400
        assert witness.post(EXTENDED.signed_request(20, 40), path="/")[0] == 404
        assert witness.post(b"", headers={"Content-Length": "65537"})[0] == 413
        assert witness.post(EXTENDED.signed_request(20, 40))[0] == 200
    finally:
        witness.keeper.kill()


def both_notes(before: Note, refused: Note) -> str:
    return f"signed before:\n{before.encoded.decode()}\nrefused:\n{refused.encoded.decode()}"


def test_of_many_histories_at_once_a_witness_signs_one(witness: RunningWitness) -> None:
    witness.post(EXTENDED.signed_request(0, 20))
    signed = [f"entry {index}".encode() for index in range(20)]
    for _ in range(3):
        size = len(signed) + 1
        branches = [Tree([*signed, f"branch {number}".encode()]) for number in range(THREADS)]
        answers = at_once(witness, [branch.signed_request(size - 1, size) for branch in branches])
        statuses = [status for status, _, _ in answers]
        assert sorted(statuses) == [200] + [409] * (THREADS - 1)
        winner = statuses.index(200)
        assert holds(WITNESS_KEY, branches[winner], size, answers[winner][2])
        assert read_key(witness.key_file)[1].last(ORIGIN) == branches[winner].checkpoint(size)
        signed.append(f"branch {winner}".encode())


def at_once(witness: RunningWitness, requests: Sequence[bytes]) -> list[tuple[int, str, str]]:
    """The answers to requests that are sent at the same moment."""
    barrier = threading.Barrier(len(requests))

    def post(request: bytes) -> tuple[int, str, str]:
        barrier.wait()
        return witness.post(request)

    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(post, requests))


def test_a_client_that_sends_nothing_keeps_nobody_waiting(witness: RunningWitness) -> None:
    idle = [socket.create_connection(("127.0.0.1", witness.port)) for _ in range(THREADS)]
    try:
        assert witness.post(EXTENDED.signed_request(0, 20))[0] == 200
    finally:
        for each in idle:
            each.close()


def test_a_witness_without_its_memory_signs_nothing(witness: RunningWitness) -> None:
    witness.post(EXTENDED.signed_request(0, 20))
    state_path(witness.key_file).unlink()
    assert witness.post(tree(40, 5).signed_request(0, 40))[0] == 500
    assert not state_path(witness.key_file).exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["signer", "--key", "{witness}", "--socket", "{socket}"], "is the key of a witness"),
        (["witness", "--key", "{log}", "--log", LOG_KEY.verifier.vkey, "--bind", "127.0.0.1:1"], "is the key of a log"),
        (["witness", "--key", "{witness}", "--log", "nonsense", "--bind", "127.0.0.1:1"], "--log nonsense"),
        (["witness", "--key", "{witness}", "--log", WITNESS_KEY.verifier.vkey], "this is the key of a witness"),
        (["witness", "--key", "{witness}", "--log", LOG_KEY.verifier.vkey, "--bind", "here"], "--bind HOST:PORT"),
        (["signer", "--key", "{log}"], "--socket PATH"),
    ],
)  # fmt: skip
def test_keys_of_the_wrong_kind_and_missing_addresses_are_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    from gatekeeper.cli.running import run

    places = {"log": tmp_path / "log.key", "witness": tmp_path / "w.key", "socket": tmp_path / "socket"}
    create_key(places["log"], LOG_KEY)
    create_key(places["witness"], WITNESS_KEY)
    assert run([word.format(**places) for word in words]) == 2
    assert said in capsys.readouterr().err


def test_a_signer_lets_its_group_ask_when_it_is_told_to(tmp_path: Path) -> None:
    listen_at(tmp_path / "socket", for_group=True).close()
    assert (tmp_path / "socket").stat().st_mode & 0o777 == 0o660
    listen_at(tmp_path / "socket").close()
    assert (tmp_path / "socket").stat().st_mode & 0o777 == 0o600
