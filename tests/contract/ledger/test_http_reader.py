"""A log read over HTTP from servers that are honest, broken or hostile: the verdict is never whole by accident."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gatekeeper.errors import InvalidInputError
from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.http_reader import HttpReader
from gatekeeper.ledger.verifier import Verdict, Verification, verify_log
from gatekeeper.ledger.witness_policy import log_keys_policy
from tests.support.exported_logs import LOG, Files, files_of, some_entries, tree_of
from tests.support.ports import free_port

POLICY = log_keys_policy([LOG.verifier.vkey])
ENTRIES = some_entries(600)
FILES = files_of(ENTRIES)


class Connection(BaseHTTPRequestHandler):
    """Answers with files, and as `answer` has it for paths that it names."""

    protocol_version = "HTTP/1.1"
    files: Files
    answers: dict[str, Callable[[Connection], None]]

    def do_GET(self) -> None:
        path = self.path.removeprefix("/log/")
        if path in self.answers:
            self.answers[path](self)
        elif path in self.files:
            self.give(200, self.files[path])
        else:
            self.give(404, b"")

    def give(self, status: int, body: bytes, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def served(**answers: Callable[[Connection], None]) -> Iterator[str]:
    named = {name.replace("__", "/"): answer for name, answer in answers.items()}
    handler = type("Handler", (Connection,), {"files": FILES, "answers": named})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/log"
        server.shutdown()
        thread.join()


def found(url: str) -> Verification:
    return verify_log(HttpReader(url).read, POLICY)


def test_a_client_with_a_pin_is_not_served_an_old_log_again():
    old = files_of(ENTRIES[:300])
    giving = {path: lambda to, content=content: to.give(200, content) for path, content in old.items()}
    with served(**giving) as url:
        assert found(url).verdict is Verdict.WHOLE
        pin = Checkpoint(LOG.name, 600, tree_of(ENTRIES)[0])
        assert verify_log(HttpReader(url).read, POLICY, pin) == Verification(
            Verdict.TAMPERED, "ROLLBACK 600>300: the log is shorter than it was", 300
        )


def test_an_honest_log_is_whole_with_and_without_a_slash_at_the_end():
    with served() as url:
        for address in (url, f"{url}/"):
            whole = found(address)
            assert (whole.verdict, whole.detail) == (
                Verdict.WHOLE,
                f"600 entries, root {tree_of(ENTRIES)[0].hex()}",
            )


def test_where_nobody_listens_nothing_can_be_told():
    url = f"http://127.0.0.1:{free_port()}/log"
    assert found(url) == Verification(
        Verdict.CANNOT_TELL,
        f"{url}/checkpoint gives no answer: Failed to establish a new connection: "
        "[Errno 111] Connection refused",
    )


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda each: each.give(500, b"no"), "was answered with status 500"),
        (lambda each: each.give(302, b"", Location="/log/tile/entries/000"), "was answered with status 302"),
        (lambda each: each.give(404, b""), "tile/entries/001 is missing"),
        (lambda each: each.give(200, b"half", length=400), "gives no answer"),
        (lambda each: each.wfile.write(b"SSH-2.0\r\n"), "gives no answer"),
    ],
)
def test_what_is_no_answer_is_cannot_tell(answer: Callable[[Connection], None], said: str):
    def broken(each: Connection) -> None:
        each.close_connection = True
        answer(each)

    with served(tile__entries__001=broken) as url:
        verification = found(url)
    assert (verification.verdict, said in verification.detail) == (Verdict.CANNOT_TELL, True), verification


def test_an_answer_without_end_is_read_up_to_its_bound():
    sent = []

    def endless(each: Connection) -> None:
        each.close_connection = True
        each.send_response(200)
        each.end_headers()
        try:
            while True:
                each.wfile.write(b"x" * 65_536)
                sent.append(65_536)
        except OSError:
            return

    with served(checkpoint=endless) as url:
        assert found(url) == Verification(
            Verdict.TAMPERED, "the checkpoint is not one: a note may have 524288 bytes"
        )
    assert sum(sent) < 16 * 1024 * 1024


def test_a_host_that_does_not_listen_is_cannot_tell():
    verification = found(f"http://127.0.0.1:{free_port()}/log")
    assert (verification.verdict, "gives no answer" in verification.detail) == (Verdict.CANNOT_TELL, True)


@pytest.mark.parametrize(
    "url", ["file:///etc", "gate.example.com/log", "http://", "https://x/log?a=b", "http://x/#a"]
)
def test_what_is_no_address_is_refused(url: str):
    with pytest.raises(InvalidInputError, match="not the http or https address of a log"):
        HttpReader(url)
