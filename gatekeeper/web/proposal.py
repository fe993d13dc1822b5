"""The proposal page, and what people do on it: vote, withdraw. A refused action shows the page again, with why."""

from __future__ import annotations

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from gatekeeper.dossier import Dossier
from gatekeeper.errors import (
    ConflictError,
    GatekeeperError,
    InvalidInputError,
    NotFoundError,
    NotPermittedError,
    UnavailableError,
)
from gatekeeper.proposals.revisions import State
from gatekeeper.web.ballot import ballot_of
from gatekeeper.web.errors import describe
from gatekeeper.web.highlight import highlighted, numbered
from gatekeeper.web.permits import uses_of
from gatekeeper.web.routing import Route, Visit, field, see
from gatekeeper.web.severity import bands_of, severity_view
from gatekeeper.web.standing import standing_of
from gatekeeper.web.visible_text import hidden_characters

MAX_REVISION = 2**31 - 1
_REFUSALS = (ConflictError, InvalidInputError, NotPermittedError, UnavailableError)


def proposal(visit: Visit, proposal_id: str) -> ResponseReturnValue:
    """The current revision."""
    return _page(visit, visit.gatekeeper.dossiers.get(proposal_id))


def proposal_revision(visit: Visit, proposal_id: str, revision: int) -> ResponseReturnValue:
    """One revision, to read what was judged then."""
    if not 1 <= revision <= MAX_REVISION:
        raise NotFoundError(f"There is no revision {revision} of proposal {proposal_id}.")
    return _page(visit, visit.gatekeeper.dossiers.get(proposal_id, revision))


def vote(visit: Visit, proposal_id: str) -> ResponseReturnValue:
    """Approve or reject exactly the revision whose digest the form shows."""
    kind, reason = field("vote"), field("reason")
    try:
        visit.gatekeeper.reviews.vote(proposal_id, kind, reason, field("digest"), visit.viewer, visit.now)
    except _REFUSALS as error:
        return _again(visit, proposal_id, error, reason)
    flash(_after_vote(visit.gatekeeper.dossiers.get(proposal_id), kind), "success")
    return see("proposal", proposal_id=proposal_id)


def withdraw(visit: Visit, proposal_id: str) -> ResponseReturnValue:
    """End one's own pending proposal."""
    try:
        visit.gatekeeper.reviews.withdraw(proposal_id, visit.viewer, visit.now)
    except _REFUSALS as error:
        return _again(visit, proposal_id, error)
    flash("Withdrawn. It will not run.", "success")
    return see("proposal", proposal_id=proposal_id)


def _again(visit: Visit, proposal_id: str, error: GatekeeperError, draft: str = "") -> ResponseReturnValue:
    dossier = visit.gatekeeper.dossiers.get(proposal_id)
    return _page(visit, dossier, error, draft), describe(error).status.value


def _page(visit: Visit, dossier: Dossier, refusal: GatekeeperError | None = None, draft: str = "") -> str:
    findings = numbered(dossier.assessment.findings)
    history = visit.gatekeeper.dossiers.history(dossier.id)
    return render_template(
        "proposal.html",
        dossier=dossier,
        severity=severity_view(dossier),
        bands=bands_of(visit.gatekeeper.bundle),
        findings=findings,
        text=highlighted(dossier.report.proposal, findings),
        hidden=hidden_characters(dossier.report.proposal),
        ballot=ballot_of(dossier, visit.viewer),
        standing=standing_of(visit.gatekeeper, dossier, visit.now),
        uses=uses_of(visit, dossier.id),
        history=history,
        revisions=[entry for entry in history if entry.type == "proposal.submitted"],
        refusal=refusal,
        draft=draft,
    )


def _after_vote(dossier: Dossier, kind: str) -> str:
    voted = "approval" if kind == "approve" else "rejection"
    if dossier.state is State.PASSED:
        return f"Your {voted} is recorded, and with it the proposal has passed."
    if dossier.state is State.PENDING_REVIEW:
        return f"Your {voted} is recorded. The proposal still waits."
    return f"Your {voted} is recorded, and with it the proposal has failed. It will not run."


ROUTES = (
    Route("GET", "/proposals/<proposal_id>", proposal),
    Route("GET", "/proposals/<proposal_id>/revisions/<int:revision>", proposal_revision),
    Route("POST", "/proposals/<proposal_id>/votes", vote),
    Route("POST", "/proposals/<proposal_id>/withdraw", withdraw),
)
