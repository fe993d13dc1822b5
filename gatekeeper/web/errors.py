"""Errors as pages: what happened, and what to do now. Never a stack trace; the cause of a 500 goes to the log."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

import structlog
from flask import Flask, Response, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from gatekeeper.errors import (
    ConflictError,
    GatekeeperError,
    InvalidInputError,
    NotAuthenticatedError,
    NotFoundError,
    NotPermittedError,
    TamperError,
    UnavailableError,
)
from gatekeeper.web.security import harden

RETRY_SECONDS = 5
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What the visitor reads."""

    status: HTTPStatus
    headline: str
    detail: str
    to_do: str


_FAMILIES: tuple[tuple[type[GatekeeperError], HTTPStatus, str, str], ...] = (
    (
        InvalidInputError,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "That cannot be accepted",
        "Go back, correct it and send it again.",
    ),
    (NotAuthenticatedError, HTTPStatus.UNAUTHORIZED, "Sign in first", "Sign in with your token."),
    (
        NotPermittedError,
        HTTPStatus.FORBIDDEN,
        "You may not do this",
        "Ask somebody who may. An operator can tell you who has which role.",
    ),
    (
        NotFoundError,
        HTTPStatus.NOT_FOUND,
        "There is nothing here",
        "Check the address, or find the proposal in the inbox.",
    ),
    (
        ConflictError,
        HTTPStatus.CONFLICT,
        "Too late, or too early",
        "Open the page again to see how things stand now.",
    ),
    (
        UnavailableError,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "The gate cannot decide at this moment",
        "Nothing was allowed and nothing was recorded. Try again shortly; if it persists, call an operator.",
    ),
    (
        TamperError,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "A record does not match its proof",
        "Stop, and call an operator.",
    ),
)
_HTTP = {
    HTTPStatus.NOT_FOUND: ("There is nothing here", "Check the address, or find the proposal in the inbox."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("This address takes no such request", "Go back and use the form."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("That is too long", "Go back and shorten it."),
}
_FORGED = ErrorPage(
    HTTPStatus.BAD_REQUEST,
    "This form is not valid any more",
    "It was not sent from a page of your present session, so nothing was done.",
    "Open the page again and repeat it. Cookies have to be allowed for this site.",
)
_INTERNAL = ErrorPage(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong inside the gate",
    "Nothing was allowed.",
    "Try again; if it persists, call an operator: the log has the place.",
)


def describe(error: Exception) -> ErrorPage:
    """What to tell the visitor of an error."""
    if isinstance(error, CSRFError):
        return _FORGED
    if isinstance(error, HTTPException):
        status = HTTPStatus(error.code or 500)
        if status >= 500:
            return _INTERNAL
        headline, to_do = _HTTP.get(status, ("That request cannot be answered", "Go back and try again."))
        return ErrorPage(status, headline, "", to_do)
    for family, status, headline, to_do in _FAMILIES:
        if isinstance(error, family):
            return ErrorPage(status, headline, error.detail, to_do)
    return _INTERNAL


def error_page(error: Exception) -> Response:
    """The whole answer for an error."""
    told = describe(error)
    if told.status >= 500:
        _log.error(
            "web.failed", status=told.status.value, error_type=type(error).__name__, place=_place(error)
        )
    response = make_response(render_template("error.html", told=told), told.status.value)
    if told.status is HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return harden(response)


def catch_errors(app: Flask) -> None:
    """Answer what no view has caught, unknown addresses too, with a page."""

    @app.errorhandler(Exception)
    def caught(error: Exception) -> ResponseReturnValue:
        if isinstance(error, HTTPException) and (error.code or 500) < 400:
            return error  # a redirect of the router
        return error_page(error)


def _place(error: BaseException) -> str:
    """Where an error arose: code only, for its message may hold what must not be logged."""
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    return f"{step.tb_frame.f_code.co_filename}:{step.tb_lineno}" if step else "unknown"
