"""How many requests a process works on at once. Whoever waits for its client is not among them.

The server hands a request on when its head is read, and reading the body then waits for the client, for ever if need
be. So there is a thread for every connection that a process takes, and few of them may work: a client that is slow, or
sends nothing, occupies its own connection and nobody's place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Semaphore
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

MOST_CONNECTIONS = 512


class WorkingPlaces:
    """A WSGI application that works on at most `count` requests at once."""

    def __init__(self, application: WSGIApplication, count: int) -> None:
        self._application = application
        self._free = Semaphore(count)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request when there is a place for it."""
        environ["wsgi.input"] = ClientsBody(environ["wsgi.input"].read, self._free)
        with self._free:
            return self._application(environ, start_response)


class ClientsBody:
    """What `wsgi.input` is to the application: its place is free for others while the client is waited for."""

    def __init__(self, source: Callable[..., bytes], free: Semaphore) -> None:
        self._source = source
        self._free = free

    def read(self, *size: int) -> bytes:
        """What the client sends, as the server reads it; waits for a place again afterwards."""
        self._free.release()
        try:
            return self._source(*size)
        finally:
            self._free.acquire()
