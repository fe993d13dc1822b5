"""A witness, asked over HTTP. Verifies certificates, follows no redirects, uses no proxy of the environment."""

from __future__ import annotations

import http.client
import ssl
from urllib.parse import urlsplit

from gatekeeper.errors import UnavailableError
from gatekeeper.ledger.cosigner import Answer, Status

ANSWER_SECONDS = 5.0
_MOST_ANSWER_BYTES = 64 * 1024


def ask_witness(url: str, request: bytes) -> Answer:
    """Have the witness at `url` answer a request for a cosignature. Raises UnavailableError when it does not."""
    parts = urlsplit(url)
    try:
        connection = _connection(parts.scheme, parts.hostname or "", parts.port)
        try:
            connection.request("POST", f"{parts.path.rstrip('/')}/add-checkpoint", request)
            answer = connection.getresponse()
            return Answer(Status(answer.status), answer.read(_MOST_ANSWER_BYTES).decode("utf-8"))
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise UnavailableError(
            f"The witness at {url} does not answer.", code="witness_unavailable"
        ) from error


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=ANSWER_SECONDS, context=context)
    return http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)
