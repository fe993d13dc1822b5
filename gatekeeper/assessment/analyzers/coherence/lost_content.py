"""What was lost on the way into a proposal's text: objects that became their type's name, data that is cut off.

Owns the rules on texts without a file; files with gaps are `stubs.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rules import Rule
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import Match, compile_pattern

_LOST_VALUE = Rule(
    id="incoherent.lost_value",
    hazard=Hazard.INCOHERENT,
    title="Names an object where its content should stand",
    confidence=0.8,
    examples=(
        "Implement: [object Object]\n\nImpact: high",
        "The order of work is:\n[object Array]\nWe test it after each step.",
    ),
    lookalikes=(
        "Implement: a page that shows an object.",
        "The page shows `[object Object]` instead of the price: we format the price first.",
        in_file("a.test.js", "expect(String({})).toBe('[object Object]');"),
    ),
)
_CUT_OFF = Rule(
    id="incoherent.cut_off_data",
    hazard=Hazard.INCOHERENT,
    title="Holds data that is cut off, or that was never data",
    confidence=0.7,
    examples=(
        'Implement: {\n  "steps": [\n    {"name": "export"},\n\nImpact: high',
        'Build: [{"name": "export", "pages": 3}, {"name": "imp\n\nPriority: low',
    ),
    lookalikes=(
        'Implement: {"steps": [{"name": "export"}]}\n\nImpact: high',
        'The answer is {"name": "export"}, or an error.',
        "Implement: {name} of each page, shown in its title.",
        '```json\n{\n  "name": "export",\n```',
        in_file("a.json", '{\n  "steps": [\n'),
    ),
)
RULES: tuple[Rule, ...] = (_LOST_VALUE, _CUT_OFF)

_OBJECT = compile_pattern(
    r"(?m)(?:^|:[ \t]+)\[object (?:Object|Array|Promise|Map|Set|Undefined|Null)\](?:[.,;]|[ \t]*$)"
)
_DATA = compile_pattern(r"(?m)(?:^|:)[ \t]*(\{\s*\"\w[^\"\n]{0,80}\"\s*:|\[\s*\{\s*\"\w[^\"\n]{0,80}\"\s*:)")
_MOST_DATA = 20
_DECODER = json.JSONDecoder()


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what is missing in the text of a proposal that gives no file."""
    if document.writes_files:
        return
    prose = document.prose
    if b"[object " in prose and (lost := _OBJECT.search(prose)):
        yield _LOST_VALUE.finding(document, *lost.span())
    if b'"' in prose and (data := _cut_off(prose)):
        yield _CUT_OFF.finding(document, *data.span(1))


def _cut_off(prose: bytes) -> Match | None:
    """Return the first place where data begins and never ends; what lies inside whole data is passed over."""
    text, at = prose.decode("ascii"), 0
    for _ in range(_MOST_DATA):
        data = _DATA.search(prose, at)
        if data is None:
            return None
        try:
            at = _DECODER.raw_decode(text, data.start(1))[1]
        except (ValueError, RecursionError):
            return data
    return None
