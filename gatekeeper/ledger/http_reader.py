"""A log that is read over HTTP, from a gate or any static file server. Owns the transport and its limits.

Certificates are verified, redirects are not followed, proxies of the environment are not used. What answers may be
hostile: sizes are bounded and every answer has its deadline.
"""

from __future__ import annotations

import time
from urllib.parse import urlsplit

import urllib3

from gatekeeper import __version__
from gatekeeper.errors import InvalidInputError, UnavailableError
from gatekeeper.ledger.log_reader import most_bytes

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 30.0
_CHUNK_BYTES = 64 * 1024


class HttpReader:
    """The log below an address: `<address>/checkpoint`, `<address>/tile/...`."""

    def __init__(self, address: str) -> None:
        """Raises InvalidInputError for what is no http or https address."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            raise InvalidInputError(f"{address} is not the http or https address of a log.", code="not_a_url")
        self._address = address.rstrip("/")
        self._http = urllib3.PoolManager(
            headers={"User-Agent": f"gatekeeper/{__version__}"},
            retries=False,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=ANSWER_SECONDS),
        )

    def read(self, path: str) -> bytes | None:
        """Return the bytes at a path, None when there are none. Raises UnavailableError for any other answer."""
        url = f"{self._address}/{path}"
        try:
            answer = self._http.request("GET", url, preload_content=False, redirect=False)
            try:
                if answer.status == 404:
                    return None
                if answer.status != 200:
                    raise UnavailableError(
                        f"{url} was answered with status {answer.status}", code="unreadable"
                    )
                return _body(answer, url, most_bytes(path))
            finally:
                answer.close()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise UnavailableError(f"{url} gives no answer: {_reason(error)}", code="unreadable") from error


def _reason(error: Exception) -> str:
    """What an error says, without the connection that urllib3 names before it."""
    text = str(error)
    return text.partition("): ")[2] or text


def _body(answer: urllib3.BaseHTTPResponse, url: str, most: int) -> bytes:
    """Read at most one byte more than there can be, and no longer than an answer may take."""
    deadline = time.monotonic() + ANSWER_SECONDS
    body = bytearray()
    while len(body) <= most:
        chunk = answer.read1(min(_CHUNK_BYTES, most + 1 - len(body)), decode_content=False)
        if not chunk:
            return bytes(body)
        body += chunk
        if time.monotonic() > deadline:
            raise UnavailableError(f"{url} takes longer than {ANSWER_SECONDS:.0f} seconds", code="unreadable")
    return bytes(body)
