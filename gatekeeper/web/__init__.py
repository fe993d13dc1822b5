"""The reviewers' pages: server-rendered, useful without JavaScript, protected by a strict content security policy.

Owns what people see and the forms they send; every decision is made by the services behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Flask

from gatekeeper.web import break_glass, changes, freeze, inbox, proposal, signin
from gatekeeper.web.assets import serve_assets
from gatekeeper.web.errors import catch_errors
from gatekeeper.web.presentation import present
from gatekeeper.web.routing import Site, mount
from gatekeeper.web.security import harden, protect
from gatekeeper.web.throttle import SignInThrottle

if TYPE_CHECKING:
    from gatekeeper.app import Gatekeeper

_ROUTES = (
    *signin.ROUTES,
    *inbox.ROUTES,
    *proposal.ROUTES,
    *changes.ROUTES,
    *freeze.ROUTES,
    *break_glass.ROUTES,
)


def register(app: Flask, gatekeeper: Gatekeeper) -> None:
    """Put the pages into the application."""
    pages = Blueprint("web", __name__, template_folder="templates")
    site = Site(gatekeeper, SignInThrottle())
    protect(app, pages, gatekeeper.settings)
    present(app, site)
    serve_assets(app, pages)
    mount(pages, _ROUTES, site)
    pages.after_request(harden)
    catch_errors(app)
    app.register_blueprint(pages)
