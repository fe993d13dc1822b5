"""Findings marked in place in a proposal's text. Overlaps are cut into segments; the text itself is never altered.

Each stretch that the same findings cover becomes one `<mark>`; where a finding begins stands an empty link to its
entry in the list of findings, whose number comes from the style sheet, so that copied text holds the text alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from gatekeeper.assessment.assessment import Finding
from gatekeeper.web.visible_text import plain, visible


@dataclass(frozen=True, slots=True)
class NumberedFinding:
    """A finding with its number on the page, counted from 1."""

    number: int
    finding: Finding

    @property
    def is_marked(self) -> bool:
        """Whether it names a stretch of the text; one that does not is about the whole."""
        return self.finding.end > self.finding.start


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of text with the numbers of the findings that cover it and of those that begin at its start."""

    text: str
    covering: tuple[int, ...]
    beginning: tuple[int, ...]


def numbered(findings: Sequence[Finding]) -> tuple[NumberedFinding, ...]:
    """The findings in the order in which their marks appear in the text."""
    ordered = sorted(findings, key=lambda finding: (finding.start, -finding.end, finding.rule))
    return tuple(NumberedFinding(number, finding) for number, finding in enumerate(ordered, start=1))


def segments(text: str, findings: Sequence[NumberedFinding]) -> list[Segment]:
    """Cut the text wherever a finding begins or ends. Joined, the segments are the text."""
    length = len(text)
    spans = [
        (max(0, each.finding.start), min(length, each.finding.end), each.number)
        for each in findings
        if each.is_marked and each.finding.start < length and each.finding.end > 0
    ]
    cuts = sorted({0, length, *(cut for start, end, _ in spans for cut in (start, end))})
    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    for start, end, number in spans:
        opening.setdefault(start, []).append(number)
        closing.setdefault(end, []).append(number)
    covering: set[int] = set()
    found = []
    for start, end in pairwise(cuts):
        covering -= set(closing.get(start, ()))
        covering |= set(opening.get(start, ()))
        begins = tuple(sorted(opening.get(start, ())))
        found.append(Segment(text[start:end], tuple(sorted(covering)), begins))
    return found


def highlighted(text: str, findings: Sequence[NumberedFinding]) -> Markup:
    """The text as HTML with its findings marked and linked."""
    titles = {each.number: each.finding.title for each in findings}
    return Markup().join(_render(segment, titles) for segment in segments(text, findings))


def _render(segment: Segment, titles: dict[int, str]) -> Markup:
    pins = Markup().join(_pin(number, titles[number]) for number in segment.beginning)
    inside = visible(segment.text)
    if not segment.covering:
        return pins + inside
    numbers = " ".join(map(str, segment.covering))
    deep = Markup(' class="deep"') if len(segment.covering) > 1 else Markup()
    return pins + Markup('<mark data-findings="{}"{}>{}</mark>').format(numbers, deep, inside)


def _pin(number: int, title: str) -> Markup:
    label = escape(plain(f"Finding {number}: {title}"))
    return Markup(
        '<a class="pin" id="mark-{0}" href="#finding-{0}" data-number="{0}" aria-label="{1}"></a>'
    ).format(number, label)
