"""A rule: the name of one kind of evidence, with texts that show it and texts that only look like it.

Owns the rule value, the bound on what is examined and reported for each rule, and the scanner that runs many pattern
rules over a document. What a rule weighs is in
`severity_table.py`; whether its words are negated is decided in `context.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.prefilter import RULE_PATTERNS, SAID_PATTERNS, Prefilter
from gatekeeper.assessment.text.context import is_negated, is_only_talked_about
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span, is_within
from gatekeeper.assessment.text.reading import Match

EXCERPT_CHARACTERS = 160
REPORTED_PER_RULE = 8
EXAMINED_PER_RULE = 4096


class Where(StrEnum):
    """Which part of a proposal a pattern speaks about.

    PROSE is what is said, PLAN what is said where no file is given whole, CODE what would run, ANYWHERE code or prose,
    TEXT everything, comments too. Words that do not run count only when they are not negated. COMMAND is everything
    too, for commands that deny ("do not report this").
    """

    PROSE = "prose"
    PLAN = "plan"
    CODE = "code"
    ANYWHERE = "anywhere"
    TEXT = "text"
    COMMAND = "command"


_SAID = (Where.PROSE, Where.PLAN)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of evidence. `examples` must be found, `lookalikes` must not: the tests run them all."""

    id: str
    hazard: Hazard
    title: str
    confidence: float
    examples: tuple[str, ...]
    lookalikes: tuple[str, ...]

    def finding(self, document: Document, start: int, end: int, confidence: float | None = None) -> Finding:
        """Report this rule at a span of the document's reading, cut to a short excerpt."""
        return self.finding_at(document, *document.original(start, max(start, end)), confidence)

    def finding_at(
        self, document: Document, start: int, end: int, confidence: float | None = None
    ) -> Finding:
        """Report this rule at a span of the proposal itself, cut to a short excerpt."""
        excerpt = document.excerpt(start, end, EXCERPT_CHARACTERS)
        end = start + len(excerpt)
        return Finding(self.id, self.hazard, self.title, start, end, excerpt, confidence or self.confidence)


@dataclass(frozen=True, slots=True)
class PatternRule(Rule):
    """A rule found by one linear-time pattern; what it matches is the finding's span.

    A blank in the pattern stands for any run of blanks and line ends.
    """

    pattern: str
    where: Where


TOO_MUCH = Rule(
    "unassessable.too_much",
    Hazard.INCOHERENT,
    "Repeats a phrase too often to examine every place",
    1.0,
    (),
    (),
)


def examine(
    document: Document,
    matches: Iterable[Match],
    judge: Callable[[Match], Finding | None],
    *,
    kinds: int = 1,
    most: int = EXAMINED_PER_RULE,
) -> Iterator[Finding]:
    """Yield what `judge` finds in the matches of a pattern, a few places for each of the `kinds` of rules it reports.

    Of more than `most` matches the first are examined, and that there are more is a finding too.
    """
    reported: dict[str, int] = {}
    left = kinds * REPORTED_PER_RULE
    for examined, match in enumerate(matches):
        if examined == most:
            yield TOO_MUCH.finding(document, *match.span())
            return
        finding = judge(match)
        if finding is None or reported.get(finding.rule) == REPORTED_PER_RULE:
            continue
        reported[finding.rule] = reported.get(finding.rule, 0) + 1
        yield finding
        left -= 1
        if left == 0:
            return


Excuse = Callable[[Document, int, int], bool]


class Scanner:
    """Runs pattern rules over documents; compiled once, at import.

    `excuse` tells of a place that matches whether it is something else after all.
    """

    def __init__(self, rules: tuple[PatternRule, ...], excuse: Excuse | None = None) -> None:
        self._excuse = excuse
        self._rules = tuple((rule, *_sought(rule)) for rule in rules)

    def may_find(self, document: Document) -> bool:
        """Tell whether any rule's pattern can occur at all; asked of all rules together, it costs next to nothing."""
        return any(document.may_match(number, patterns) for _, patterns, number in self._rules)

    def scan(self, document: Document, *, outside: Sequence[Span] = ()) -> Iterator[Finding]:
        """Yield what the rules find where they apply and `outside` the given spans, a few places for each rule."""
        for rule, patterns, number in self._rules:
            if not document.may_match(number, patterns):
                continue
            if rule.where is Where.PLAN and document.writes_files:
                continue
            text = _text(document, rule.where)
            judge = partial(self._judge, document, rule, text, outside)
            yield from examine(document, patterns.pattern(number).finditer(text), judge)

    def _judge(
        self, document: Document, rule: PatternRule, text: bytes, outside: Sequence[Span], match: Match
    ) -> Finding | None:
        start, end = match.span()
        if is_within(outside, start) or not _speaks(document, rule.where, text, start, end):
            return None
        if self._excuse is not None and self._excuse(document, start, end):
            return None
        return rule.finding(document, start, end)


def _sought(rule: PatternRule) -> tuple[Prefilter, int]:
    patterns = SAID_PATTERNS if rule.where in _SAID else RULE_PATTERNS
    return patterns, patterns.add(rule.pattern)


def _text(document: Document, where: Where) -> bytes:
    if where in _SAID:
        return document.prose
    return document.flowing if where in (Where.TEXT, Where.COMMAND) else document.running


def _speaks(document: Document, where: Where, text: bytes, start: int, end: int) -> bool:
    if where is Where.COMMAND or (where not in _SAID and document.runs_at(start)):
        return True
    if where is Where.CODE or not (where is Where.TEXT or document.is_prose_at(start)):
        return False
    return not is_negated(text, start, end) and not is_only_talked_about(text, start, end)
