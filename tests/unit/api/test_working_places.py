"""Few requests are worked on at once, and one that waits for its client's body has no place meanwhile."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from threading import Event
from typing import Any

import pytest

from gatekeeper.api.working_places import WorkingPlaces

PATIENCE_SECONDS = 20


class Client:
    """A body that comes when it is sent."""

    def __init__(self) -> None:
        self.is_waited_for = Event()
        self.sent: SimpleQueue[bytes] = SimpleQueue()

    def read(self, *size: int) -> bytes:
        self.is_waited_for.set()
        return self.sent.get(timeout=PATIENCE_SECONDS)


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    return [environ["wsgi.input"].read(4)]


def answer(places: WorkingPlaces, body: object) -> list[bytes]:
    return list(places({"wsgi.input": body}, lambda *_: None))


def test_who_waits_for_a_client_leaves_the_only_place_to_others():
    places, slow = WorkingPlaces(echo, 1), Client()
    with ThreadPoolExecutor(2) as pool:
        waiting = pool.submit(answer, places, slow)
        assert slow.is_waited_for.wait(PATIENCE_SECONDS)
        assert pool.submit(answer, places, io.BytesIO(b"fast")).result(PATIENCE_SECONDS) == [b"fast"]
        slow.sent.put(b"slow")
        assert waiting.result(PATIENCE_SECONDS) == [b"slow"]


def test_no_more_are_worked_on_than_there_are_places():
    entered: SimpleQueue[int] = SimpleQueue()
    leave = Event()

    def work(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(1)
        entered.put(1)
        leave.wait(PATIENCE_SECONDS)
        return [body]

    places = WorkingPlaces(work, 2)
    with ThreadPoolExecutor(5) as pool:
        answers = [pool.submit(answer, places, io.BytesIO(b"x")) for _ in range(5)]
        assert [entered.get(timeout=PATIENCE_SECONDS) for _ in range(2)] == [1, 1]
        assert entered.empty()
        leave.set()
        assert [each.result(PATIENCE_SECONDS) for each in answers] == [[b"x"]] * 5


def test_a_failure_gives_the_place_back():
    def fail(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        return [b"not reached"]

    class Gone:
        def read(self, *size: int) -> bytes:
            raise OSError("the client is gone")

    places = WorkingPlaces(fail, 1)
    for _ in range(3):
        with pytest.raises(OSError, match="gone"):
            answer(places, Gone())
    assert answer(places, io.BytesIO(b"")) == [b"not reached"]
