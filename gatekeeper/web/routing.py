"""Routes as values, and the frame every page runs in: who is looking, what time it is, what to show when it fails.

A route says nothing about authorisation: services decide that, for every edge alike. Nobody sees a page that is not
public without a session.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Blueprint, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from gatekeeper.clock import utc_now
from gatekeeper.errors import GatekeeperError, NotAuthenticatedError, NotFoundError
from gatekeeper.identity.principal import Principal
from gatekeeper.web.errors import error_page
from gatekeeper.web.throttle import SignInThrottle

if TYPE_CHECKING:
    from gatekeeper.app import Gatekeeper

SESSION_KEY = "secret"
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages share."""

    gatekeeper: Gatekeeper
    throttle: SignInThrottle


@dataclass(frozen=True, slots=True)
class Visit:
    """One request for a page. `known_viewer` is None for whoever has not signed in."""

    site: Site
    now: datetime
    known_viewer: Principal | None

    @property
    def gatekeeper(self) -> Gatekeeper:
        """The wired house."""
        return self.site.gatekeeper

    @property
    def viewer(self) -> Principal:
        """Who is looking; raises NotAuthenticatedError for nobody."""
        if self.known_viewer is None:
            raise NotAuthenticatedError("Sign in first.")
        return self.known_viewer


@dataclass(frozen=True, slots=True)
class Route:
    """One page or one form's target. `path` is a Flask rule whose parts are given to `view` by name."""

    method: str
    path: str
    view: Callable[..., ResponseReturnValue]
    public: bool = False


def mount(pages: Blueprint, routes: Sequence[Route], site: Site) -> None:
    """Put the routes into the blueprint."""
    for route in routes:
        pages.add_url_rule(route.path, route.view.__name__, _framed(route, site), methods=[route.method])


def arrive(site: Site) -> Visit:
    """The visit of this request, remembered for the frame of whatever page answers it."""
    g.visit = None
    now = utc_now()
    visit = g.visit = Visit(site, now, _viewer(site, now))
    return visit


def _viewer(site: Site, now: datetime) -> Principal | None:
    """Whoever this browser's session belongs to, if it is still open."""
    secret = session.get(SESSION_KEY)
    if not isinstance(secret, str):
        return None
    try:
        return site.gatekeeper.identity.session_principal(secret, now)
    except NotAuthenticatedError:
        session.pop(SESSION_KEY)
        flash("Your session has ended. Sign in again.", "warning")
        return None


def see(endpoint: str, **values: str | int) -> ResponseReturnValue:
    """Send the browser on to a page after a form was accepted."""
    return redirect(url_for(f"web.{endpoint}", **values), 303)  # type: ignore[arg-type]  # options of url_for, too


def field(name: str) -> str:
    """A field of the submitted form, empty when it is missing."""
    return request.form.get(name, "")


def _framed(route: Route, site: Site) -> Callable[..., ResponseReturnValue]:
    def framed(**path: str | int) -> ResponseReturnValue:
        try:
            visit = arrive(site)
            _require_identifiers(path)
            if visit.known_viewer is None and not route.public:
                return _to_sign_in()
            return route.view(visit, **path)
        except NotAuthenticatedError:
            return _to_sign_in()
        except GatekeeperError as error:
            return error_page(error)

    return framed


def _require_identifiers(path: Mapping[str, str | int]) -> None:
    """An identifier in the address that could never be ours is simply not found."""
    for part in path.values():
        if isinstance(part, str) and not _IDENTIFIER.match(part):
            raise NotFoundError("There is nothing with this identifier.", code="identifier_unknown")


def _to_sign_in() -> ResponseReturnValue:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    query = f"?{urlencode({'next': wanted})}" if wanted not in ("", "/") else ""
    return redirect(url_for("web.sign_in_page") + query, 303)
