"""A witness over HTTP: C2SP tlog-witness v1.0.0, `POST /add-checkpoint`, and nothing else.

Owns the transport only; what is signed is decided in `cosigner.py`. Written for a proxy in front that speaks TLS: few
connections at once, each of which has to be done within its time, and no request beyond 64 KiB.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import structlog

from gatekeeper.ledger.cosigner import MOST_REQUEST_BYTES, Answer, Status

CONNECTION_SECONDS = 10.0
MOST_CONNECTIONS = 32
TEXT = "text/plain; charset=utf-8"
TREE_SIZE = "text/x.tlog.size"
_PATH = "/add-checkpoint"
_log = structlog.get_logger()


def listen_at(host: str, port: int) -> socket.socket:
    """Listen at an address. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=MOST_CONNECTIONS)


class WitnessServer(ThreadingHTTPServer):
    """Answers at a socket that listens already."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, add_checkpoint: Callable[[bytes], Answer]) -> None:
        super().__init__(listener.getsockname()[:2], _Connection, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.add_checkpoint = add_checkpoint
        self._open: dict[Any, float] = {}
        self._lock = threading.Lock()

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Take a connection only when there are not too many."""
        with self._lock:
            if len(self._open) >= MOST_CONNECTIONS:
                return False
            self._open[request] = time.monotonic() + CONNECTION_SECONDS
            return True

    def shutdown_request(self, request: Any) -> None:
        """Forget a connection that is done."""
        with self._lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Cut off connections that are past their time."""
        with self._lock:
            late = [request for request, until in self._open.items() if until < time.monotonic()]
        for request in late:
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log what is no fault of the client's; it gets no answer, and so no signature."""
        _log.exception("witness.failed")


class _Connection(BaseHTTPRequestHandler):
    """One request and its answer; the connection ends with it."""

    server: WitnessServer
    timeout = CONNECTION_SECONDS
    server_version = "gatekeeper-witness"
    sys_version = ""

    def do_POST(self) -> None:
        """Answer add-checkpoint."""
        if self.path != _PATH:
            self._answer(404, "")
            return
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()):
            self._answer(411, "")
        elif len(length) > 9 or int(length) > MOST_REQUEST_BYTES:
            self._answer(413, "")
        else:
            with suppress(OSError):
                self._add_checkpoint(int(length))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the log of requests is the proxy's."""

    def _add_checkpoint(self, length: int) -> None:
        request = self.rfile.read(length)
        if len(request) != length:
            self._answer(400, "the request breaks off\n")
            return
        try:
            answer = self.server.add_checkpoint(request)
        except (OSError, ValueError):
            _log.exception("witness.failed")
            self._answer(500, "")
            return
        is_size = answer.status is Status.CONFLICT
        self._answer(answer.status.value, answer.body, TREE_SIZE if is_size else TEXT)

    def _answer(self, status: int, body: str, media_type: str = TEXT) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())
