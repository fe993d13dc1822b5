"""Rows of labels and of reports, invented."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from gatekeeper.proposals.json_form import report_to_json
from tests.support.reports import a_report, proposal_id

ONE = proposal_id(1)


def an_answer(**changes: object) -> dict[str, object]:
    """One annotator's answer: severity 1, no hazard."""
    return {"likelihood": 1, "damage": 1, "reversibility": 1, "hazards": [], "why": "A wording.", **changes}


def a_row(
    id_: str = ONE, first: object = None, second: object = None, **changes: object
) -> dict[str, object]:
    """A row without its report, labelled harmless by both unless told otherwise."""
    return {"id": id_, "annotators": [first or an_answer(), second or an_answer()], **changes}


def a_report_value(id_: str = ONE, **changes: object) -> dict[str, object]:
    """A valid report's JSON value."""
    return report_to_json(a_report(id=id_, **changes))


def a_file(path: Path, rows: Iterable[object]) -> Path:
    """The rows one a line."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path
