"""The gate over HTTP: one call, one connection, one deadline, one token. Turns problem documents back into errors.

Certificates are verified (SSL_CERT_FILE names another authority). Redirects are not followed and proxies of the
environment are not used, so the token goes to the named gate only. An answer that is not the gate's is no answer.
"""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson

from gatekeeper import __version__
from gatekeeper.errors import (
    ConflictError,
    FieldError,
    GatekeeperError,
    InvalidInputError,
    NotAuthenticatedError,
    NotFoundError,
    NotPermittedError,
    UnavailableError,
)

TIMEOUT_SECONDS = 35.0
_MAX_ANSWER_BYTES = 256 * 1024 * 1024
_FAMILIES: Mapping[int, type[GatekeeperError]] = {
    401: NotAuthenticatedError,
    403: NotPermittedError,
    404: NotFoundError,
    409: ConflictError,
}


@dataclass(frozen=True, slots=True)
class RemoteGate:
    """A gate at an http or https address, and the token that proves who calls."""

    url: str
    token: str = field(repr=False)
    timeout_seconds: float = TIMEOUT_SECONDS

    def get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> Any:
        """The JSON that stands at a path."""
        return _json_of(self._exchange("GET", _with_query(path, query)))

    def get_text(self, path: str, media_type: str, query: Sequence[tuple[str, str]] = ()) -> str:
        """The text that stands at a path, in another form than JSON."""
        return self._exchange("GET", _with_query(path, query), accept=media_type).decode(errors="replace")

    def post(self, path: str, value: object = None) -> Any:
        """The JSON answer to a JSON body, or to none."""
        body = None if value is None else orjson.dumps(value)
        return _json_of(self._exchange("POST", path, body, "application/json"))

    def post_report(self, content: bytes, media_type: str) -> Any:
        """The Proposal that a report became."""
        return _json_of(self._exchange("POST", "/v1/proposals", content, media_type))

    def delete(self, path: str) -> Any:
        """The JSON answer to a deletion."""
        return _json_of(self._exchange("DELETE", path))

    def _exchange(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        media_type: str = "",
        accept: str = "application/json",
    ) -> bytes:
        parts = urlsplit(self.url)
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Accept": accept,
            "User-Agent": f"gatekeeper/{__version__}",
        }
        if body is not None:
            headers["Content-Type"] = media_type
        connection = self._connection(parts.scheme, parts.hostname or "", parts.port)
        try:
            connection.request(method, f"{parts.path.rstrip('/')}{target}", body, headers)
            answer = connection.getresponse()
            content = answer.read(_MAX_ANSWER_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise self._unreachable(error) from error
        finally:
            connection.close()
        if 200 <= answer.status < 300:
            return content
        raise _error_of(answer.status, content)

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(host, port, timeout=self.timeout_seconds, context=context)
        return http.client.HTTPConnection(host, port, timeout=self.timeout_seconds)

    def _unreachable(self, error: Exception) -> UnavailableError:
        detail = str(error) or type(error).__name__
        return UnavailableError(
            f"The gate at {self.url} gives no answer: {detail}. Nothing is allowed; trying again is safe.",
            code="gate_unreachable",
        )


def _with_query(path: str, query: Sequence[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(query)}" if query else path


def _json_of(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise UnavailableError(
            "What answers at this address is not a gate: its answer is no JSON.", code="not_a_gate"
        ) from error


def _error_of(status: int, content: bytes) -> GatekeeperError:
    try:
        problem = orjson.loads(content)
        detail, code = str(problem["detail"]), str(problem["code"])
        faults = [FieldError(str(each["pointer"]), str(each["detail"])) for each in problem["errors"]]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return UnavailableError(
            f"What answers at this address is not a gate, or not a healthy one: status {status}.",
            code="not_a_gate",
        )
    if status in _FAMILIES:
        return _FAMILIES[status](detail, code=code)
    if 400 <= status < 500:
        return InvalidInputError(detail, errors=faults, code=code)
    return UnavailableError(detail, code=code)
