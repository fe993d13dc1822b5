"""Freeze the gate and thaw it, on a page of its own: the same with and without JavaScript."""

from __future__ import annotations

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from gatekeeper.errors import ConflictError, GatekeeperError, InvalidInputError
from gatekeeper.identity.principal import Role
from gatekeeper.web.errors import describe
from gatekeeper.web.routing import Route, Visit, field, see


def freeze_page(visit: Visit) -> ResponseReturnValue:
    """Whether the gate is frozen, what that means, and the form for operators."""
    return _page(visit)


def freeze(visit: Visit) -> ResponseReturnValue:
    """Close the gate."""
    try:
        visit.gatekeeper.closures.freeze(field("reason"), visit.viewer, visit.now)
    except (ConflictError, InvalidInputError) as error:
        return _page(visit, error, field("reason")), describe(error).status.value
    flash("The gate is frozen.", "success")
    return see("freeze_page")


def thaw(visit: Visit) -> ResponseReturnValue:
    """Open the gate again."""
    try:
        visit.gatekeeper.closures.thaw(visit.viewer, visit.now)
    except ConflictError as error:
        return _page(visit, error), describe(error).status.value
    flash("The gate is open again. Approvals given meanwhile take effect within a minute.", "success")
    return see("freeze_page")


def _page(visit: Visit, refusal: GatekeeperError | None = None, draft: str = "") -> str:
    return render_template(
        "freeze.html",
        freeze=visit.gatekeeper.closures.current(),
        is_operator=visit.viewer.has(Role.OPERATOR),
        refusal=refusal,
        draft=draft,
    )


ROUTES = (
    Route("GET", "/freeze", freeze_page),
    Route("POST", "/freeze", freeze),
    Route("POST", "/thaw", thaw),
)
