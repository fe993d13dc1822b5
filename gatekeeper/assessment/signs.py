"""Signs: short patterns without which an analyzer need not look any closer, all sought in one pass over a text.

Owns one RE2 set over the signs of all analyzers. A pass of its own for each of them costs little in steps and much in
memory: dozens of automata push one another out of the processor's caches. A sign is a few words, with no gap that
reaches far, or the one automaton of all signs grows beyond measure. Signs are added at import and compiled once; should
the set run out of memory on a text, every sign is taken to stand there.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

import re2

from gatekeeper.assessment.prefilter import SENTINEL
from gatekeeper.assessment.text.reading import options_for_readings, phrase

_MEMORY_BYTES = 64 << 20


class Signs:
    """Signs by number, and the pass that tells which of them stand in a text."""

    def __init__(self) -> None:
        self._patterns: list[str] = []
        self._compiled: Any = None

    def __len__(self) -> int:
        return len(self._patterns)

    def add(self, pattern: str) -> int:
        """Take in a sign, in which a blank stands for any run of blanks and line ends; returns its number."""
        self._patterns.append(phrase(pattern))
        self._compiled = None
        return len(self) - 1

    def shown_in(self, text: bytes) -> Container[int]:
        """Return the numbers of the signs that stand in `text`."""
        if self._compiled is None:
            self._compile()
        shown = self._compiled.Match(text + SENTINEL) or ()
        every = range(len(self))
        return frozenset(shown).intersection(every) if len(every) in shown else every

    def _compile(self) -> None:
        options = options_for_readings()
        options.max_mem = _MEMORY_BYTES
        self._compiled = re2.Set.SearchSet(options)
        for pattern in (*self._patterns, SENTINEL.decode("ascii")):
            self._compiled.Add(pattern.encode("ascii"))
        self._compiled.Compile()


SIGNS = Signs()
