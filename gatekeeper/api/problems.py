"""The one place where errors become RFC 9457 problem documents with JSON Pointers. Knows every family and its status.

A problem never carries internals: what went wrong inside is logged by its type and place and answered with a bare 500.
Errors of a request's body point into the body; errors of a query parameter or a header point to `/` and its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import orjson
from flask import Response
from werkzeug.exceptions import HTTPException

from gatekeeper.errors import (
    ConflictError,
    FieldError,
    GatekeeperError,
    InvalidInputError,
    NotAuthenticatedError,
    NotFoundError,
    NotPermittedError,
    TamperError,
    TooLargeError,
    UnavailableError,
    UnsupportedFormError,
)

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 5


class NotAcceptableError(InvalidInputError):
    """The client accepts none of the media types this resource has."""

    code = "not_acceptable"
    title = "No acceptable media type"


class LengthRequiredError(InvalidInputError):
    """The form does not show its own end, so a cut connection could not be told from the whole."""

    code = "length_required"
    title = "Content-Length is required"


class IncompleteBodyError(InvalidInputError):
    """Fewer bytes arrived than Content-Length announced."""

    code = "incomplete_body"
    title = "The body is incomplete"


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One documented kind of problem: its family, its status, and what a client should do about it."""

    family: type[GatekeeperError]
    status: HTTPStatus
    remedy: str

    @property
    def uri(self) -> str:
        """Resolves to this kind's description in the OpenAPI document."""
        return f"/openapi.json#/x-problem-types/{self.family.code}"


PROBLEM_TYPES: tuple[ProblemType, ...] = (
    ProblemType(IncompleteBodyError, HTTPStatus.BAD_REQUEST, "Send it again; nothing was decided."),
    ProblemType(LengthRequiredError, HTTPStatus.LENGTH_REQUIRED, "Send it with Content-Length."),
    ProblemType(NotAcceptableError, HTTPStatus.NOT_ACCEPTABLE, "Accept one of the types in `detail`."),
    ProblemType(TooLargeError, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Send less; see the limit in `detail`."),
    ProblemType(
        UnsupportedFormError, HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Use one of the types in the Accept header."
    ),
    ProblemType(InvalidInputError, HTTPStatus.UNPROCESSABLE_ENTITY, "Mend every field that `errors` names."),
    ProblemType(NotAuthenticatedError, HTTPStatus.UNAUTHORIZED, "Send a valid bearer token."),
    ProblemType(NotPermittedError, HTTPStatus.FORBIDDEN, "Let a principal do it who may."),
    ProblemType(NotFoundError, HTTPStatus.NOT_FOUND, "Check the identifier."),
    ProblemType(ConflictError, HTTPStatus.CONFLICT, "Read the resource again; its state forbids this."),
    ProblemType(
        UnavailableError,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Nothing was allowed and nothing was recorded. Try again after Retry-After seconds.",
    ),
    ProblemType(TamperError, HTTPStatus.INTERNAL_SERVER_ERROR, "Stop, and call an operator."),
    ProblemType(
        GatekeeperError, HTTPStatus.INTERNAL_SERVER_ERROR, "Call an operator; the log has the place."
    ),
)
"""From the most special family to the root: the first that fits is the answer."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem document and the headers that go with it."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: tuple[FieldError, ...] = ()
    extensions: Mapping[str, object] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        """The RFC 9457 object."""
        listed = [{"pointer": error.pointer, "detail": error.detail} for error in self.errors]
        return dict(self.extensions) | {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "errors": listed,
        }

    def response(self) -> Response:
        """The HTTP answer."""
        body = orjson.dumps(self.to_json(), default=str)
        return Response(body, self.status, dict(self.headers), mimetype=MEDIA_TYPE)


INTERNAL = Problem(
    type=PROBLEM_TYPES[-1].uri,
    title=GatekeeperError.title,
    status=HTTPStatus.INTERNAL_SERVER_ERROR.value,
    detail="The gate met an error of its own. Nothing was allowed.",
    code=GatekeeperError.code,
)


def problem_of(error: GatekeeperError) -> Problem:
    """The problem document of an error of the house."""
    kind = next(kind for kind in PROBLEM_TYPES if isinstance(error, kind.family))
    if kind.family is GatekeeperError:
        return INTERNAL
    return Problem(
        type=kind.uri,
        title=kind.family.title,
        status=kind.status.value,
        detail=error.detail,
        code=error.code,
        errors=error.errors if isinstance(error, InvalidInputError) else (),
        extensions=_extensions(kind, error),
        headers=_headers(kind, error),
    )


def problem_of_http(error: HTTPException) -> Problem:
    """The problem document of what the web framework refused before any of our code ran."""
    status = HTTPStatus(error.code or 500)
    headers = {}
    if allowed := getattr(error, "valid_methods", None):
        headers["Allow"] = ", ".join(sorted(allowed))
    code = status.phrase.lower().replace(" ", "_").replace("-", "_")
    detail = _HTTP_DETAILS.get(status, f"The request was refused: {status.phrase}.")
    return Problem("about:blank", status.phrase, status.value, detail, code, headers=headers)


_HTTP_DETAILS = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address. /openapi.json lists what there is.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take this method; see the Allow header.",
}
_INSIDE = (HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)


def _extensions(kind: ProblemType, error: GatekeeperError) -> dict[str, object]:
    if kind.status in _INSIDE:
        return {}
    return {
        name: value
        for name, value in error.fields.items()
        if isinstance(value, str | int | bool | list | dict)
    }


def _headers(kind: ProblemType, error: GatekeeperError) -> dict[str, str]:
    if kind.status is HTTPStatus.UNAUTHORIZED:
        missing = error.code == NotAuthenticatedError.code
        reason = "" if missing else ', error="invalid_token"'
        return {"WWW-Authenticate": f'Bearer realm="gatekeeper"{reason}'}
    if kind.status is HTTPStatus.SERVICE_UNAVAILABLE:
        return {"Retry-After": str(RETRY_AFTER_SECONDS)}
    if kind.status is HTTPStatus.UNSUPPORTED_MEDIA_TYPE and "accept" in error.fields:
        return {"Accept": str(error.fields["accept"])}
    return {}
