"""Rules that know the language they speak of, run over the pieces of code of a proposal.

Owns whether a place among words is code that would run. What a rule weighs is in `severity_table.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.code.pieces import Piece
from gatekeeper.assessment.examples import fenced
from gatekeeper.assessment.rules import PatternRule, Where, examine
from gatekeeper.assessment.text.context import is_denied
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import is_within
from gatekeeper.assessment.text.reading import Match, compile_pattern, compile_phrase

_MENDED = compile_phrase(
    r"(?i)\b(?:replac(?:e|es|ed|ing)|remov(?:e|es|ed|ing|al)|fix(?:es|ed|ing)?|stop(?:s|ped|"
    r"ping)? |drop(?:s|ped|ping)? |"
    r"eliminat\w+|get(?:s|ting)? rid of|migrat\w+ (?:away )?from|ban(?:s|ned|ning)?\b|"
    r"audit\w*|scan\w*|lint\w*|search(?:es)? "
    r"for|grep\w*|vulnerab\w+|insecure|unsafe|dangerous|such as|e\.g\.|for example|rewrit\w+|"
    r"no longer|formerly|previously|"
    r"used to|swap\w* out|away from|old)\b"
)
_COMMENTED = compile_pattern(r"^[ \t>*-]*(?://|#|/\*|\*|<!--)")
_LINE_OF_CODE = compile_pattern(
    r"^[ \t]*(?:(?:const|let|var|return|await|if|for|def|import|from|func|public|private|"
    r"class|using|new)\b[^.!?]*|"
    r"[@$<%{}()\[\]].*|[\w.$>:-]+(?:\[[^\]]*\])?\s*(?:\(|:?=|\+=).*)$|[;{}]\s*$"
)


@dataclass(frozen=True, slots=True)
class CodeRule(PatternRule):
    """A pattern rule on code; it says nothing of a piece in which `unless` is found too."""

    unless: str


def insecure(
    name: str,
    title: str,
    confidence: float,
    *,
    language: str,
    pattern: str,
    examples: tuple[str, ...],
    lookalikes: tuple[str, ...],
    unless: str = "",
) -> CodeRule:
    """Return a rule on insecure code whose examples are code in `language`."""
    return CodeRule(
        id=f"insecure.{name}",
        hazard=Hazard.INSECURE_CODE,
        title=title,
        confidence=confidence,
        examples=tuple(fenced(language, code) for code in examples),
        lookalikes=tuple(fenced(language, code) for code in lookalikes),
        pattern=pattern,
        where=Where.CODE,
        unless=unless,
    )


def is_code(document: Document, piece: Piece, start: int, end: int) -> bool:
    """Tell whether what stands at `start:end` of a piece would run: not a string, and not only spoken of."""
    if not piece.said:
        return not is_within(document.strings, start)
    first = document.reading.rfind(b"\n", 0, start) + 1
    last = document.reading.find(b"\n", end)
    line = document.reading[first : last if last >= 0 else len(document.reading)]
    if _COMMENTED.search(line) is not None or (piece.language == "diff" and line.startswith(b"-")):
        return False
    if _LINE_OF_CODE.search(line) is not None:
        return True
    said = document.reading[max(first, start - 160) : end]
    return _MENDED.search(said) is None and not is_denied(document.reading, start, end)


class CodeScanner:
    """Runs rules over the pieces of code that may be in their language; compiled once, at import."""

    def __init__(self, languages: tuple[str, ...], rules: tuple[CodeRule, ...]) -> None:
        self._languages = languages
        self._rules = tuple(
            (rule, compile_phrase(rule.pattern), compile_phrase(rule.unless) if rule.unless else None)
            for rule in rules
        )
        self._any = compile_phrase("|".join(f"(?:{rule.pattern})" for rule in rules))

    def scan(self, document: Document) -> Iterator[Finding]:
        """Yield what the rules find in code, a few places for each rule and piece."""
        for piece in document.code:
            span = (piece.start, piece.end)
            if not piece.may_be(self._languages) or self._any.search(document.running, *span) is None:
                continue
            for rule, pattern, unless in self._rules:
                if unless is None or unless.search(document.running, *span) is None:
                    judge = partial(_judged, document, piece, rule)
                    yield from examine(document, pattern.finditer(document.running, *span), judge)


def _judged(document: Document, piece: Piece, rule: CodeRule, match: Match) -> Finding | None:
    return rule.finding(document, *match.span()) if is_code(document, piece, *match.span()) else None
