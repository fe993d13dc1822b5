"""Calls that do something with the text they are given: what they do, and how much of what follows they take.

Owns these values. The calls of each language are in `sinks_scripted.py` and `sinks_compiled.py`; what text is dangerous
to them is for `input_flows.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gatekeeper.assessment.code.dialects import Dialect
from gatekeeper.assessment.text.reading import Pattern, compile_pattern


class Use(StrEnum):
    """What a call does with text."""

    SQL = "sql"
    STATEMENT_OF_CLIENT = "statement"
    CONDITION = "condition"
    COMMAND = "command"
    CODE = "code"
    FILE = "file"
    ADDRESS = "address"
    MARKUP = "markup"
    PAGE = "page"
    QUERY = "query"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class Sink:
    """A call of one use; its pattern ends where what it is given begins, and `shape` is how far that goes."""

    use: Use
    pattern: Pattern
    shape: Pattern


@dataclass(frozen=True, slots=True)
class Sinks:
    """The sinks of one dialect, and one pattern that finds whether there are any."""

    dialect: Dialect
    sinks: tuple[Sink, ...]
    any: Pattern


def sinks_of(dialect: Dialect, *rows: tuple[Use, Pattern, str]) -> Sinks:
    """Return the sinks of a dialect from uses, shapes and patterns."""
    return Sinks(
        dialect,
        tuple(Sink(use, compile_pattern(pattern), shape) for use, shape, pattern in rows),
        compile_pattern("|".join(f"(?:{pattern})" for _, _, pattern in rows)),
    )
