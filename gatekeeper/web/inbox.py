"""The inbox: what waits for people, the gravest first, then the longest waiting; what was settled, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from gatekeeper.proposals.revisions import State
from gatekeeper.web.ballot import ballot_of
from gatekeeper.web.routing import Route, Visit

PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class Shelf:
    """One filter of the inbox: its word in the address, its label, and the states it shows (none: all)."""

    word: str
    label: str
    states: frozenset[State]
    empty: str


SHELVES = (
    Shelf("pending", "Waiting", frozenset({State.PENDING_REVIEW}), "Nothing waits for a decision."),
    Shelf("passed", "Passed", frozenset({State.PASSED}), "No proposal has passed yet."),
    Shelf(
        "failed",
        "Did not pass",
        frozenset({State.FAILED, State.EXPIRED, State.WITHDRAWN}),
        "No proposal was refused, expired or withdrawn yet.",
    ),
    Shelf("all", "All", frozenset(), "No proposal was submitted yet."),
)


def inbox(visit: Visit) -> ResponseReturnValue:
    """One page of a shelf."""
    shelf = chosen_shelf(request.args.get("show", ""))
    page = visit.gatekeeper.dossiers.page(
        states=shelf.states,
        cursor=request.args.get("cursor"),
        limit=PAGE_SIZE,
        inbox=shelf.word == "pending",
    )
    counts = visit.gatekeeper.dossiers.count_by_state()
    return render_template(
        "inbox.html",
        shelf=shelf,
        shelves=[(each, count_on(each, counts)) for each in SHELVES],
        page=page,
        ballots={dossier.id: ballot_of(dossier, visit.viewer) for dossier in page.items},
        is_first=request.args.get("cursor") is None,
    )


def chosen_shelf(word: str) -> Shelf:
    """The shelf a word names, the pending one for any other."""
    return next((shelf for shelf in SHELVES if shelf.word == word), SHELVES[0])


def count_on(shelf: Shelf, counts: dict[str, int]) -> int:
    """How many proposals stand on a shelf."""
    return sum(count for state, count in counts.items() if not shelf.states or State(state) in shelf.states)


ROUTES = (Route("GET", "/", inbox),)
