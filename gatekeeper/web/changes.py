"""What changed from one revision of a proposal to the next, line by line, so that nobody has to read it all again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from flask import render_template
from flask.typing import ResponseReturnValue

from gatekeeper.canonical import canonical_json
from gatekeeper.errors import NotFoundError
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.report import Report
from gatekeeper.web.routing import Route, Visit

CONTEXT_LINES = 3
MAX_LINES = 4_000


class Change(StrEnum):
    """What became of a line. A gap stands for unchanged lines that are left out."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison."""

    change: Change
    text: str


def changes(visit: Visit, proposal_id: str, revision: int) -> ResponseReturnValue:
    """A revision beside the one before it."""
    if revision < 2:
        raise NotFoundError(
            "The first revision has none before it to compare with.", code="no_earlier_revision"
        )
    dossiers = visit.gatekeeper.dossiers
    after = dossiers.get(proposal_id, min(revision, 2**31 - 1))
    before = dossiers.get(proposal_id, revision - 1)
    old, new = report_lines(before.report), report_lines(after.report)
    return render_template(
        "changes.html",
        before=before,
        after=after,
        lines=compare(old, new) if len(old) + len(new) <= MAX_LINES else None,
    )


def report_lines(report: Report) -> list[str]:
    """A report as lines to compare: every field by name, the proposal's text last and as it is."""
    value = report_to_json(report)
    text = str(value.pop("proposal"))
    fields = []
    for name, content in sorted(value.items()):
        entries = content if isinstance(content, list) else [content]
        fields += [f"{name}: {_field(entry)}" for entry in entries]
    return [*fields, "", *text.split("\n")]


def compare(before: Sequence[str], after: Sequence[str]) -> list[Line]:
    """The changed lines with a few unchanged ones around them; nothing at all when both are the same."""
    found: list[Line] = []
    for group in SequenceMatcher(None, before, after).get_grouped_opcodes(CONTEXT_LINES):
        if group[0][1] > 0:
            found.append(Line(Change.GAP, ""))
        for what, start, end, new_start, new_end in group:
            if what == "equal":
                found += [Line(Change.SAME, text) for text in before[start:end]]
            else:
                found += [Line(Change.REMOVED, text) for text in before[start:end]]
                found += [Line(Change.ADDED, text) for text in after[new_start:new_end]]
    return found


def _field(content: object) -> str:
    return content if isinstance(content, str) else canonical_json(content).decode()


ROUTES = (Route("GET", "/proposals/<proposal_id>/revisions/<int:revision>/changes", changes),)
