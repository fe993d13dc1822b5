"""The HTTP interface for automation: bearer tokens, JSON, problem documents. One file per slice of the house.

Refuses browser cookies: a request that carries one is judged by its token alone, so that no page elsewhere can act
through a visitor's browser, and the pages' CSRF check has nothing to protect here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Flask

from gatekeeper.api import (
    break_glass,
    bulk,
    executions,
    freeze,
    log,
    openapi,
    operations,
    permits,
    proposals,
    reviews,
    verdicts,
    well_known,
)
from gatekeeper.api.routing import Route, is_api_path, mount

if TYPE_CHECKING:
    from gatekeeper.app import Gatekeeper

BLUEPRINT_NAME = "api"

ROUTES: tuple[Route, ...] = (
    *proposals.ROUTES,
    *bulk.ROUTES,
    *reviews.ROUTES,
    *verdicts.ROUTES,
    *freeze.ROUTES,
    *break_glass.ROUTES,
    *permits.ROUTES,
    *executions.ROUTES,
    *log.ROUTES,
    *well_known.ROUTES,
    *operations.ROUTES,
    *openapi.ROUTES,
)

__all__ = ["BLUEPRINT_NAME", "ROUTES", "is_api_path", "register"]


def register(app: Flask, gatekeeper: Gatekeeper) -> None:
    """Add every route of the interface to the application."""
    blueprint = Blueprint(BLUEPRINT_NAME, __name__)
    mount(app, blueprint, ROUTES, gatekeeper)
