"""What every template may use: filters for untrusted text and moments, words, and who is looking at what notices."""

from __future__ import annotations

from flask import Flask, g

from gatekeeper.clock import from_rfc3339, utc_now
from gatekeeper.errors import GatekeeperError
from gatekeeper.executions.execution import UNFINISHED
from gatekeeper.identity.principal import Role
from gatekeeper.notices import Notice
from gatekeeper.web import moments, wording
from gatekeeper.web.routing import Site, Visit, arrive
from gatekeeper.web.severity import percent
from gatekeeper.web.visible_text import plain, visible


def present(app: Flask, site: Site) -> None:
    """Make filters, words and the frame's values known to the templates."""
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        visible=visible,
        plain=plain,
        relative=moments.relative,
        absolute=moments.absolute,
        machine=moments.machine,
        moment=from_rfc3339,
        duration=moments.duration,
        headline=wording.headline,
        hazard=wording.hazard_label,
        event=wording.event_label,
        facts=wording.event_facts,
        percent=percent,
    )
    environment.globals.update(
        stamp_of=wording.stamp_of,
        OUTCOMES=wording.OUTCOMES,
        EFFECTS=wording.EFFECTS,
        BREAK_GLASS=wording.BREAK_GLASS,
        PERMITS=wording.PERMITS,
        EXECUTIONS=wording.EXECUTIONS,
        UNFINISHED=UNFINISHED,
    )
    app.context_processor(lambda: frame(site))


def frame(site: Site) -> dict[str, object]:
    """The values around every page. An error page must come out even when nothing can be asked any more."""
    visit = _visit(site)
    if visit is None or visit.known_viewer is None:
        return {"now": utc_now(), "viewer": None, "notices": [], "is_operator": False}
    viewer = visit.known_viewer
    return {
        "now": visit.now,
        "viewer": viewer,
        "notices": _notices(site, visit),
        "is_operator": viewer.has(Role.OPERATOR),
    }


def _visit(site: Site) -> Visit | None:
    """The present visit; whoever asks for an unknown address has not got one yet."""
    if "visit" in g:
        found = g.visit
        return found if isinstance(found, Visit) else None
    try:
        return arrive(site)
    except GatekeeperError:
        return None


def _notices(site: Site, visit: Visit) -> list[Notice]:
    try:
        return site.gatekeeper.notices.current(visit.now)
    except GatekeeperError:
        return []
