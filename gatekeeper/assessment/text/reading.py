"""The text as the analyzers read it: ASCII bytes, each of which knows the character it came from.

Owns that one mapping and the compiling of patterns over it. Compatibility forms and lookalikes become the letter they
stand for, accents and invisible characters vanish, words of other scripts become `_` and stand apart from ASCII ones,
everything else becomes a space. Refuses patterns that backtrack: every pattern over hostile text runs on RE2, in time
linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import re2

from gatekeeper.assessment.text.confusables import LOOKALIKES

Spans = Sequence[tuple[int, int]]

_NOWHERE = (-1, -1)
_ANYWHERE, _AT_START = re2._Anchor.UNANCHORED, re2._Anchor.ANCHOR_START


class Match:
    """What a pattern matched, with the methods of `re.Match` that analyzers use."""

    __slots__ = ("_spans", "_text")

    def __init__(self, text: bytes, spans: Spans) -> None:
        self._text = text
        self._spans = spans

    def start(self, group: int = 0) -> int:
        """Return the first offset of the group, -1 for one that took no part."""
        return self._spans[group][0]

    def end(self, group: int = 0) -> int:
        """Return the offset after the group."""
        return self._spans[group][1]

    def span(self, group: int = 0) -> tuple[int, int]:
        """Return both."""
        return self._spans[group]

    def group(self, group: int = 0) -> bytes:
        """Return the group's bytes, empty for one that took no part."""
        start, end = self._spans[group]
        return self._text[start:end]

    def groups(self) -> Sequence[bytes | None]:
        """Return the bytes of every group, None for one that took no part."""
        return [None if span == _NOWHERE else self._text[slice(*span)] for span in self._spans[1:]]


class Pattern:
    """A compiled pattern over a reading.

    RE2's matcher is asked itself: what google-re2 puts around it, for text that is no bytes and for what nobody here
    asks of a match, took a seventh of all the time of an assessment.
    """

    __slots__ = ("_spans", "sub")

    def __init__(self, compiled: Any) -> None:
        self._spans: Callable[[Any, bytes, int, int], Spans] = compiled._regexp.Match
        self.sub: Callable[[bytes | Callable[[Match], bytes], bytes], bytes] = compiled.sub

    def search(self, text: bytes, start: int = 0, end: int | None = None) -> Match | None:
        """Find the first match in `start:end`."""
        return self._first(_ANYWHERE, text, start, end)

    def match(self, text: bytes, start: int = 0, end: int | None = None) -> Match | None:
        """Match at `start`."""
        return self._first(_AT_START, text, start, end)

    def finditer(self, text: bytes, start: int = 0, end: int | None = None) -> Iterator[Match]:
        """Find all matches, left to right."""
        at = max(0, start)
        while (match := self._first(_ANYWHERE, text, at, end)) is not None:
            yield match
            # after a match of nothing one byte is passed over, or there would be no end
            at = match.end() if match.end() > at else at + 1

    def _first(self, anchor: Any, text: bytes, start: int, end: int | None) -> Match | None:
        first, last = max(0, start), len(text) if end is None else max(0, min(end, len(text)))
        if first > last:
            return None
        spans = self._spans(anchor, text, first, last)
        return None if spans[0] == _NOWHERE else Match(text, spans)


def options_for_readings() -> Any:
    """Return how RE2 is to read patterns for readings: bytes, bounded memory, nothing on standard error."""
    options = _quiet_options()
    options.encoding = re2.Options.Encoding.LATIN1
    return options


class _OncePattern:
    """A pattern that is compiled when it is first used, and from then on is the compiled one.

    There are many hundreds, and most commands need none of them.
    """

    def __init__(self, pattern: bytes, options: Callable[[], Any]) -> None:
        self._pattern = pattern
        self._options = options

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        compiled = Pattern(re2.compile(self._pattern, self._options()))
        for each in ("search", "match", "finditer"):
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)


def compile_pattern(pattern: str) -> Pattern:
    """Return an ASCII pattern for readings, compiled once; called at import only."""
    once: Any = _OncePattern(pattern.encode("ascii"), options_for_readings)
    return cast(Pattern, once)


def compile_utf8(pattern: str) -> Pattern:
    """Compile a pattern over text as UTF-8, for the scripts that a reading does not keep; called at import only."""
    once: Any = _OncePattern(pattern.encode(), _quiet_options)
    return cast(Pattern, once)


def compile_phrase(pattern: str) -> Pattern:
    """Compile a pattern in which a blank stands for any run of blanks and line ends; called at import only."""
    return compile_pattern(phrase(pattern))


def phrase(pattern: str) -> str:
    """Return the pattern in which each blank stands for any run of blanks and line ends."""
    return _BLANKS.sub(lambda found: found.group(1) or r"\s+", pattern)


def _quiet_options() -> Any:
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 32 << 20
    return options


# What is left alone: escapes, character classes, and blanks that are repeated or optional.
_BLANKS = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\]| (?=[*+?{]))| +")


@dataclass(frozen=True, slots=True)
class Reading:
    """The bytes of a text with, for each, the offset of its character; `origins` is None where both are the same."""

    text: bytes
    origins: Sequence[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the original text the bytes `start:end` come from."""
        if self.origins is None:
            return start, end
        first = self.origins[start]
        return first, max(first, self.origins[end - 1] + 1) if end > start else first

    def origins_of(self, start: int, end: int) -> Sequence[int]:
        """Return for each of the bytes `start:end` the offset of its character."""
        return range(start, end) if self.origins is None else self.origins[start:end]

    def offset(self, original: int) -> int:
        """Return the first byte that comes from the character at `original` or from one after it."""
        return original if self.origins is None else bisect_left(self.origins, original)


def read(text: str) -> Reading:
    """Return the reading of `text`; the origin of its end is the length of the text."""
    if text.isascii():
        return Reading(text.encode("ascii"), None)
    pieces: list[str] = []
    origins = array("L")
    at = 0
    for foreign in _FOREIGN.finditer(text):
        start, end = foreign.span()
        pieces.append(text[at:start])
        origins.extend(range(at, start))
        joins = _joins(text[start - 1 : start]), _joins(text[end : end + 1])
        run = foreign.group()
        plain, offsets = _short_run(run, joins) if len(run) <= _SHORT else _plain_run(run, joins)
        pieces.append(plain)
        origins.extend([start + offset for offset in offsets])
        at = end
    pieces.append(text[at:])
    origins.extend(range(at, len(text) + 1))
    return Reading("".join(pieces).encode("ascii"), origins)


def read_as_bytes(text: str) -> bytes:
    """Return the bytes alone, for texts in which no finding is placed."""
    return read(text).text


_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_LOOKS_LIKE = str.maketrans(
    {each: plain for plain, others in LOOKALIKES.items() for each in others}
    | {
        "\u00df": "ss",
        "\u00e6": "ae",
        "\u0153": "oe",
        "\u00f8": "o",
        "\u0142": "l",
        "\u0111": "d",
        "\u00fe": "th",
    }
)
_TOKEN = re.compile(r"\w+|\W+")
_LINE_ENDS = "\x85\u2028\u2029"
_UNSEEN = frozenset({"Cf", "Mn", "Me"})
_UNREADABLE = "_"


def _plain_run(run: str, joins: tuple[bool, bool]) -> tuple[str, tuple[int, ...]]:
    """Return what a run of foreign characters reads as, and for each of its bytes the offset it comes from.

    A word with a letter of no plain form is underscores; `joins` tells whether ASCII words adjoin the run, from which
    such a word stands apart.
    """
    pieces: list[str] = []
    offsets: list[int] = []
    for token in _TOKEN.finditer(run):
        first, last = token.span()
        forms = [_plain(character) for character in token.group()]
        plain = [form or "" for form in forms]
        if None in forms:
            plain = [_UNREADABLE] * len(forms)
            plain[0] = (" " if first == 0 and joins[0] else "") + plain[0]
            plain[-1] += " " if last == len(run) and joins[1] else ""
        for offset, piece in enumerate(plain, first):
            offsets += [offset] * len(piece)
        pieces += plain
    return "".join(pieces), tuple(offsets)


_SHORT = 16
_short_run = lru_cache(maxsize=4096)(_plain_run)


def _joins(neighbour: str) -> bool:
    return neighbour.isalnum() or neighbour == "_"


@lru_cache(maxsize=4096)
def _plain(character: str) -> str | None:
    """The ASCII that a character stands for: perhaps nothing, perhaps more than one; None for any other letter."""
    if character in _LINE_ENDS:
        return "\n"
    forms = unicodedata.normalize("NFKD", character).translate(_LOOKS_LIKE)
    seen = "".join(each for each in forms if unicodedata.category(each) not in _UNSEEN)
    if seen.isascii():
        return seen
    return None if any(each.isalpha() for each in seen) else " "
