"""Somebody between a client and a gate, who changes what is asked and what is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import urllib3

Change = Callable[[Any], Any]


@dataclass
class Meddler:
    """Passes everything on but what `asked`, `answered` and `faked` (by the path's last part) change."""

    url: str = ""
    asked: dict[str, Change] = field(default_factory=dict)
    answered: dict[str, Change] = field(default_factory=dict)
    faked: dict[str, object] = field(default_factory=dict)
    passed_on: list[str] = field(default_factory=list)


@contextmanager
def meddling_with(url: str) -> Iterator[Meddler]:
    """A meddler in front of a gate, at an address of its own."""
    meddler, http = Meddler(), urllib3.PoolManager(retries=False, timeout=30)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Between, meddler, http, url))
    meddler.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield meddler
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        http.clear()


class Between(BaseHTTPRequestHandler):
    """One connection of a client; what it asks goes on to the gate at `url` as the meddler wants it."""

    def __init__(self, meddler: Meddler, http: urllib3.PoolManager, url: str, *connection: Any) -> None:
        self.meddler, self.http, self.url = meddler, http, url
        super().__init__(*connection)  # which answers already

    def do_GET(self) -> None:
        self.pass_on("GET", None)

    def do_POST(self) -> None:
        self.pass_on("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def pass_on(self, method: str, body: bytes | None) -> None:
        part, meddler = self.path.rpartition("/")[2], self.meddler
        if part in meddler.faked:
            self.answer(200, orjson.dumps(meddler.faked[part]))
            return
        if part in meddler.asked:
            body = orjson.dumps(meddler.asked[part](orjson.loads(body or b"null")))
        meddler.passed_on.append(part)
        kept = {
            name: self.headers[name] for name in ("Authorization", "Content-Type") if name in self.headers
        }
        got = self.http.request(method, self.url + self.path, body=body, headers=kept)
        changed = meddler.answered.get(part)
        if changed is None or got.status >= 300:
            self.answer(got.status, got.data)
        else:
            self.answer(got.status, orjson.dumps(changed(orjson.loads(got.data))))

    def answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""
