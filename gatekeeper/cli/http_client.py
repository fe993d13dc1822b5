"""The gate over HTTP, for the commands that submit, read and vote. Speaks to one gate with one token."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import urllib3

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

_TIMEOUT = urllib3.Timeout(connect=5, read=60)
_FAMILIES: dict[int, type[GatekeeperError]] = {
    401: NotAuthenticatedError,
    403: NotPermittedError,
    404: NotFoundError,
    409: ConflictError,
}


class RemoteGate:
    """A gate that runs elsewhere. Redirects are not followed, so a token goes nowhere else."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        self._http = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)

    def get(self, path: str, fields: dict[str, str] | None = None) -> Any:
        """The JSON answer of a GET."""
        return self._call("GET", path, fields=fields)

    def post(self, path: str, value: object | None = None) -> Any:
        """The JSON answer of a POST with a JSON body."""
        body = b"" if value is None else orjson.dumps(value)
        return self._call("POST", path, body=body, content_type="application/json")

    def post_report(self, raw: bytes, media_type: str) -> Any:
        """The Proposal that a report became."""
        return self._call("POST", "/v1/proposals", body=raw, content_type=media_type)

    def delete(self, path: str) -> Any:
        """The JSON answer of a DELETE."""
        return self._call("DELETE", path)

    def _call(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        content_type: str | None = None,
        fields: dict[str, str] | None = None,
    ) -> Any:
        headers = self._headers | ({"Content-Type": content_type} if content_type and body else {})
        try:
            answer = self._http.request(
                method, self._url + path, body=body, fields=fields, headers=headers, redirect=False
            )
        except urllib3.exceptions.HTTPError as error:
            raise UnavailableError(f"The gate at {self._url} does not answer: {error}") from error
        if 200 <= answer.status < 300:
            return _json(answer.data)
        raise _error(answer.status, answer.data)


def read_token(token: str | None, token_file: Path | None) -> str:
    """The token given, or the content of the file; raises InvalidInputError when there is neither."""
    if token_file is not None:
        return token_file.read_text(encoding="utf-8").strip()
    if token:
        return token
    raise InvalidInputError("Set GATEKEEPER_TOKEN or GATEKEEPER_TOKEN_FILE, or give --token-file.")


def _error(status: int, data: bytes) -> GatekeeperError:
    try:
        problem = orjson.loads(data)
        detail, code = str(problem["detail"]), str(problem["code"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return UnavailableError(f"The gate answered with status {status} and no explanation.")
    if status in _FAMILIES:
        return _FAMILIES[status](detail, code=code)
    if 400 <= status < 500:
        faults = [FieldError(str(f["pointer"]), str(f["detail"])) for f in problem.get("errors", ())]
        return InvalidInputError(detail, errors=faults, code=code)
    return UnavailableError(detail, code=code)


def _json(data: bytes) -> Any:
    if not data:
        return None
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise UnavailableError("The gate's answer is not JSON.") from error
