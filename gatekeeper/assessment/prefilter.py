"""Which of many patterns can match a text at all: one pass over the text instead of one for each pattern.

Owns one RE2 filter over the patterns of all rules. It looks for the literal pieces that a match must contain, so it may
name a pattern that does not match and never passes over one that does. Patterns are added at import and compiled once;
should the filter itself run out of memory on a text, every pattern is named.
"""

from __future__ import annotations

import re2

from gatekeeper.assessment.text.reading import Pattern, options_for_readings, phrase

SENTINEL = b"\x00gatekeeper-sentinel\x00"


class Prefilter:
    """Patterns by number, and the pass that tells which of them a text can match."""

    def __init__(self) -> None:
        self._patterns: list[str] = []
        self._compiled = re2.Filter()
        self._compiled_count = -1
        self._matchers: tuple[Pattern, ...] = ()

    def add(self, pattern: str) -> int:
        """Take in a pattern, in which a blank stands for any run of blanks and line ends; returns its number."""
        self._patterns.append(phrase(pattern))
        return len(self._patterns) - 1

    def compile(self) -> None:
        """Compile what was added; done once, when all rules are known."""
        if self._compiled_count == len(self._patterns):
            return
        self._compiled, options = re2.Filter(), options_for_readings()
        for pattern in self._patterns:
            self._compiled.Add(pattern.encode("ascii"), options)
        self._compiled.Add(SENTINEL, options)
        self._compiled.Compile()
        self._compiled_count = len(self._patterns)
        self._matchers = tuple(Pattern(self._compiled.re(number)) for number in range(self._compiled_count))

    def candidates(self, text: bytes) -> frozenset[int]:
        """Return the numbers of all patterns that may match `text`."""
        self.compile()
        every = range(self._compiled_count)
        named = self._compiled.Match(text + SENTINEL, potential=True) or ()
        return frozenset(each for each in named if each in every) if len(every) in named else frozenset(every)

    def pattern(self, number: int) -> Pattern:
        """Return the compiled pattern of a number."""
        self.compile()
        return self._matchers[number]


# What is sought in prose, and what is sought in code too: a text that gives files whole has hardly any prose.
SAID_PATTERNS = Prefilter()
RULE_PATTERNS = Prefilter()
