"""The signer as a process of its own, behind a socket that only its owner may open: both ends of that socket.

Owns the framing: a request ends where the client stops writing; the answer is a line with the status, then the body.
One request at a time. Whoever may connect can have the next checkpoint signed, and no earlier one and no fork.
"""

from __future__ import annotations

import os
import socket
import socketserver
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from gatekeeper.errors import UnavailableError
from gatekeeper.ledger.cosigner import MOST_REQUEST_BYTES, Answer, Status

ANSWER_SECONDS = 5.0
AddCheckpoint = Callable[[bytes], Answer]
_LONGEST_ADDRESS = 100
_WAITING = 16
_log = structlog.get_logger()


def listen_at(path: Path, *, for_group: bool = False) -> socket.socket:
    """Listen at a path that only this user, or its group too, may open; in the place of a socket that was left there.

    Raises UnavailableError.
    """
    listener = socket.socket(socket.AF_UNIX)
    before = os.umask(0o117 if for_group else 0o177)
    try:
        if path.exists() and stat.S_ISSOCK(path.stat().st_mode):
            path.unlink()
        with _address(path) as address:
            listener.bind(address)
        listener.listen(_WAITING)
    except OSError as error:
        listener.close()
        raise UnavailableError(f"Cannot listen at {path}: {error.strerror}.", code="no_socket") from error
    finally:
        os.umask(before)
    return listener


class SignerServer(socketserver.UnixStreamServer):
    """Answers at a socket that listens already."""

    def __init__(self, listener: socket.socket, add_checkpoint: AddCheckpoint) -> None:
        super().__init__("", _Connection, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.add_checkpoint = add_checkpoint

    def handle_error(self, _request: object, _client_address: object) -> None:
        """Log it; the client gets no answer, and so no signature."""
        _log.exception("signer.failed")


class _Connection(socketserver.StreamRequestHandler):
    """One request and its answer."""

    timeout = ANSWER_SECONDS
    server: SignerServer

    def handle(self) -> None:
        request = self.rfile.read(MOST_REQUEST_BYTES + 1)
        if len(request) > MOST_REQUEST_BYTES:
            answer = Answer(Status.MALFORMED, "the request is too long\n")
        else:
            answer = self.server.add_checkpoint(request)
        self.wfile.write(f"{answer.status.value}\n{answer.body}".encode())


def ask_signer(path: Path, request: bytes) -> Answer:
    """Have the signer at `path` answer a request. Raises UnavailableError when it does not."""
    try:
        with socket.socket(socket.AF_UNIX) as connection, _address(path) as address:
            connection.settimeout(ANSWER_SECONDS)
            connection.connect(address)
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            with connection.makefile("rb") as answered:
                answer = answered.read(MOST_REQUEST_BYTES)
        status, _, body = answer.decode("utf-8").partition("\n")
        return Answer(Status(int(status)), body)
    except (OSError, ValueError) as error:
        raise UnavailableError("The log's signer does not answer.", code="signer_unavailable") from error


@contextmanager
def _address(path: Path) -> Iterator[str]:
    """An address that the kernel takes: one of more than 107 bytes is shortened by way of its open directory."""
    if len(os.fsencode(path)) <= _LONGEST_ADDRESS:
        yield str(path)
        return
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)
