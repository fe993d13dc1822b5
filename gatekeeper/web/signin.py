"""Sign in with a token, sign out. The token is exchanged for a session and not kept."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from gatekeeper.errors import NotAuthenticatedError
from gatekeeper.web.moments import duration
from gatekeeper.web.routing import SESSION_KEY, Route, Visit, field, see

MAX_TOKEN_CHARACTERS = 200


def sign_in_page(visit: Visit) -> ResponseReturnValue:
    """The form; whoever is signed in already goes on."""
    wanted = local_path(request.args.get("next", ""))
    if visit.known_viewer is not None:
        return redirect(wanted, 303)
    return render_template("sign_in.html", wanted=wanted)


def sign_in(visit: Visit) -> ResponseReturnValue:
    """Exchange a token for a session."""
    throttle, address = visit.site.throttle, request.remote_addr or ""
    identity = visit.gatekeeper.identity
    try:
        principal = identity.authenticate(field("token").strip()[:MAX_TOKEN_CHARACTERS])
    except NotAuthenticatedError:
        if wait := throttle.wait(address, visit.now):
            return _too_many(wait)
        throttle.failed(address, visit.now)
        problem = "That token is not known here, or it was revoked. Check that you copied all of it."
        return _again(problem), HTTPStatus.UNAUTHORIZED
    throttle.succeeded(address)
    _leave(visit)
    session[SESSION_KEY] = identity.open_session(principal, visit.now)
    return redirect(local_path(field("next")), 303)


def sign_out(visit: Visit) -> ResponseReturnValue:
    """End the session here and on the server."""
    _leave(visit)
    flash("You are signed out.", "success")
    return see("sign_in_page")


def local_path(text: str) -> str:
    """The path to go on to: one of this site, the inbox otherwise."""
    is_path = text.startswith("/") and not text.startswith(("//", "/\\"))
    return text if is_path and text.isprintable() and "\\" not in text else url_for("web.inbox")


def _leave(visit: Visit) -> None:
    secret = session.get(SESSION_KEY)
    if isinstance(secret, str):
        visit.gatekeeper.identity.end_session(secret, visit.now)
    session.clear()


def _again(problem: str) -> str:
    return render_template("sign_in.html", wanted=local_path(field("next")), problem=problem)


def _too_many(wait: timedelta) -> ResponseReturnValue:
    problem = f"Too many failed attempts from your network. Try again in {duration(wait)}."
    headers = {"Retry-After": str(int(wait.total_seconds()) + 1)}
    return _again(problem), HTTPStatus.TOO_MANY_REQUESTS, headers


ROUTES = (
    Route("GET", "/sign-in", sign_in_page, public=True),
    Route("POST", "/sign-in", sign_in, public=True),
    Route("POST", "/sign-out", sign_out, public=True),
)
