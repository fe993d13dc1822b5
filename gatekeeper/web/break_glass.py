"""Break-glass pages: ask, be the second, write the review that is owed, and see every use there was."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from gatekeeper.errors import (
    ConflictError,
    GatekeeperError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
)
from gatekeeper.identity.principal import Principal, Role
from gatekeeper.review.break_glass import BreakGlass
from gatekeeper.web.ballot import ballot_of
from gatekeeper.web.errors import describe
from gatekeeper.web.routing import Route, Visit, field, see

DEFAULT_MINUTES = 15
MAX_MINUTES = 60
_REFUSALS = (ConflictError, InvalidInputError, NotPermittedError)


def break_glass_list(visit: Visit) -> ResponseReturnValue:
    """Every use, latest first."""
    return render_template("break_glass_list.html", uses=visit.gatekeeper.break_glass.all())


def break_glass_use(visit: Visit, use_id: str) -> ResponseReturnValue:
    """One use, with the form for whoever is needed next."""
    return _use_page(visit, use_id)


def break_glass_form(visit: Visit, proposal_id: str) -> ResponseReturnValue:
    """The form to ask for it."""
    return _form_page(visit, proposal_id)


def request_break_glass(visit: Visit, proposal_id: str) -> ResponseReturnValue:
    """The first person asks."""
    try:
        ttl_seconds = 60 * _minutes(field("minutes"))
        use = visit.gatekeeper.break_glass.request(
            proposal_id, field("digest"), field("reason"), ttl_seconds, visit.viewer, visit.now
        )
    except _REFUSALS as error:
        return _form_page(visit, proposal_id, error), describe(error).status.value
    flash("Asked. Now a second person has to agree; everybody sees the request.", "success")
    return see("break_glass_use", use_id=use.id)


def second_break_glass(visit: Visit, use_id: str) -> ResponseReturnValue:
    """The second person agrees."""
    done = "The glass is broken: the proposal has passed for the time asked. A review is owed."
    return _act(
        visit, use_id, lambda: visit.gatekeeper.break_glass.second(use_id, visit.viewer, visit.now), done
    )


def review_break_glass(visit: Visit, use_id: str) -> ResponseReturnValue:
    """Somebody who took no part writes the review."""
    service, reason = visit.gatekeeper.break_glass, field("reason")
    return _act(
        visit,
        use_id,
        lambda: service.record_review(use_id, reason, visit.viewer, visit.now),
        "The review is recorded.",
    )


def _act(visit: Visit, use_id: str, act: Callable[[], BreakGlass], done: str) -> ResponseReturnValue:
    try:
        act()
    except _REFUSALS as error:
        return _use_page(visit, use_id, error), describe(error).status.value
    flash(done, "success")
    return see("break_glass_use", use_id=use_id)


def _use_page(visit: Visit, use_id: str, refusal: GatekeeperError | None = None) -> str:
    use = next((each for each in visit.gatekeeper.break_glass.all() if each.id == use_id), None)
    if use is None:
        raise NotFoundError(f"There is no break-glass request {use_id}.", code="break_glass_unknown")
    return render_template(
        "break_glass_use.html",
        use=use,
        dossier=visit.gatekeeper.dossiers.get(use.proposal.id, use.proposal.revision),
        why_not=_why_not(use, visit.viewer),
        refusal=refusal,
        draft=field("reason"),
    )


def _form_page(visit: Visit, proposal_id: str, refusal: GatekeeperError | None = None) -> str:
    dossier = visit.gatekeeper.dossiers.get(proposal_id)
    return render_template(
        "break_glass_form.html",
        dossier=dossier,
        ballot=ballot_of(dossier, visit.viewer),
        minutes=field("minutes") or DEFAULT_MINUTES,
        max_minutes=MAX_MINUTES,
        refusal=refusal,
        draft=field("reason"),
    )


def _why_not(use: BreakGlass, viewer: Principal) -> str:
    if not (viewer.has(Role.REVIEWER) or viewer.has(Role.OPERATOR)):
        return "That needs the role reviewer or operator, which you do not have."
    if viewer.name in (use.requested_by, use.seconded_by):
        return "You took part yourself, so it has to be somebody else."
    return ""


def _minutes(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:6]) <= MAX_MINUTES:
        raise InvalidInputError(f"The time must be a whole number of minutes from 1 to {MAX_MINUTES}.")
    return int(text)


ROUTES = (
    Route("GET", "/break-glass", break_glass_list),
    Route("GET", "/break-glass/<use_id>", break_glass_use),
    Route("POST", "/break-glass/<use_id>/second", second_break_glass),
    Route("POST", "/break-glass/<use_id>/review", review_break_glass),
    Route("GET", "/proposals/<proposal_id>/break-glass", break_glass_form),
    Route("POST", "/proposals/<proposal_id>/break-glass", request_break_glass),
)
