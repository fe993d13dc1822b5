"""What the names of a piece of code hold: what a client sent, or text that is put together from values.

Owns one small, linear following of assignments in the order in which they stand. It knows no grammar: what a call
returns is not what it was given, unless it only writes the same text another way, and a name that is checked anywhere
is trusted. Which calls are dangerous is for the analyzers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Flag, auto

from gatekeeper.assessment.code.dialects import Dialect
from gatekeeper.assessment.text.reading import Match, Pattern, compile_pattern

LONGEST_EXPRESSION = 1200
_DEEPEST_CALL = 6

_QUOTED = (
    r"\"\"\"(?s:.*?)\"\"\"|'''(?s:.*?)'''|\"(?:[^\"\\\n]|\\(?s:.))*\"|"
    r"'(?:[^'\\\n]|\\(?s:.))*'|`(?:[^`\\]|\\(?s:.))*`"
)
_INNER = rf"(?:{_QUOTED}|[^()]|\((?:{_QUOTED}|[^()]|\([^()]*\))*\))*"

# How far an expression goes: to the end of its statement, of the call's arguments, or of the first of them.
STATEMENT = compile_pattern(rf"(?:{_QUOTED}|[^;\n]|\n\s*(?:[+.?&|)]|:\s)|[+.,(=&|?]\s*\n)*")
ARGUMENTS = compile_pattern(rf"(?:{_QUOTED}|[^()]|\({_INNER}\))*")
FIRST = compile_pattern(rf"(?:{_QUOTED}|[^()\[\]{{}},]|\({_INNER}\)|\[[^\[\]]*\]|\{{[^{{}}]*\}})*")

_LITERAL = compile_pattern(rf"([A-Za-z]{{0,2}}[$@]{{0,2}})({_QUOTED})")
_SCHEME = compile_pattern(r"^https?://$")
_CALL = compile_pattern(r"([\w$.>:?-]*[\w$!?])?\(([^()]*)\)")
_NUMBER = compile_pattern(
    r"\(\s*(?:int|integer|float|bool|long|double|Int32|Long)\s*\)\s*[\w$.>\[\]'-]+|"
    r"[\w$@]+(?:\[[^\[\]]*\])*\.(?:to_i|to_f|length|size)\b"
)
_SAME_TEXT = compile_pattern(
    r"(?i)(?:^|[.>:])(?:string|str|text|format|[sv]?printf|concat|join|trim|l?r?strip|"
    r"to_?lower(?:case)?|lower|upper|"
    r"to_?upper(?:case)?|replace(?:all)?|g?sub|slice|substr(?:ing)?|split|\w*decode\w*|from|"
    r"to_?string|to_s|parse|loads|"
    r"unescape|bytes?|get|getbytes|encode|valueof|list|array|of|resolve|uri?|url|path|file|unquote|first|dig|"
    r"stripslashes|addslashes|classify|camelize|titleize|appendformat)$"
)
_LIBRARY = compile_pattern(
    r"^(?:[A-Z]|os\b|base64\b|urllib|util\b|path\b|fmt\b|strings?\b|json\b|filepath\b|java\.)"
)
_INDEX = compile_pattern(r"([\w)])\[[^\[\]]*\]")
_CHOICE = compile_pattern(r"^[^?]*[^?]\?[ \t\n]([^:]*):((?s:.*))$|^((?s:.*)) if [^\n]* else ((?s:.*))$")
_COMPARISON = compile_pattern(r"[=!]==?|\s(?:<|>|in|instanceof|is)\s|\b(?:typeof|isset|empty)\b")
_IN_TERMS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$@.>:"
_ONLY_TERMS = bytes(byte if byte in _IN_TERMS else ord(" ") for byte in range(256))
_EMPTY_WORDS = frozenset(
    b"await new return null true false None undefined not and or if as string const".split()
)
_MARK = b"client__"
_SQL = compile_pattern(
    r"(?i)\b(?:select\b(?s:.*)\bfrom\b|select\s+[\w*]|insert\s+(?:ignore\s+)?into\b|update\b(?s:.*)\bset\b|"
    r"delete\s+from\b|(?:drop|truncate|alter|create)\s+(?:table|user|database|role)\b)|"
    r"^['\"\s]*from\s+\w+\s+(?:\w+\s+)?where\b"
)
_FRAGMENT = compile_pattern(
    r"(?i)^[$@]?\w*(?:column|field|placeholder|where|condition|clause|fragment|join|order_?by|"
    r"set_?list|sets|assignments?|"
    r"schema|prefix|suffix|limit|offset|idx|index|count|length|size)\w*$|^[$@]?(?:i|n|j|k|op|sql)$"
)
_CONSTANT = compile_pattern(r"^[A-Z_][A-Z0-9_]+$")
_PLACEHOLDER = compile_pattern(r"[$:@]['\"`]*$")
_CHECKED = compile_pattern(
    r"(?i)(?:\b([\w$]+)\.)?\b(?:includes|has|indexOf|starts_?with|match|matches|fullmatch|"
    r"test|endswith|hasPrefix|contains(?:Key)?|"
    r"include\?|in_array|array_key_exists|is_?(?:valid|safe|allowed|local)\w*|valid\w*|"
    r"url_has_allowed\w*|allow\w*|check\w*|"
    r"ensure\w*|is_relative_to|commonpath|assert\w*)\s*\(([^()\n]*(?:\([^()\n]*\)[^()\n]*)?)\)"
    r"|\bif\s+\(?!?\(?([\w$]+)\s+(?:not\s+)?in\s"
)
_PARAMETER = compile_pattern(
    r"^\s*(?:\[[^\]]*\]\s*)?(?:([\w.<>?]+)\s+)?\*?([$@]?[A-Za-z_]\w*)\s*(?::\s*([\w.\[\]|"
    r" ]+))?\s*(?:=(?s:.*))?$"
)
_TEXT = compile_pattern(
    r"(?i)^\s*(?:(?:const|let|var|final|(?:optional\[)?(?:string|str|any|unknown|object))\b.*)?$"
)


class Holds(Flag):
    """What an expression or a name holds."""

    NOTHING = 0
    FOREIGN = auto()
    """What a client sent, or text that it is a part of."""
    LEADS = auto()
    """It begins with what a client sent."""
    BUILT = auto()
    """Text that is put together from values."""
    WORDS_OF_SQL = auto()
    """Text of SQL."""
    SQL = auto()
    """SQL that is put together from values."""
    MARKUP = auto()
    """Text with tags in it."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression with each literal as a quote, joined to what stands inside it; `literal` is the text of all."""

    bare: bytes
    literal: bytes


def bared(text: bytes, shape: Pattern, dialect: Dialect) -> Expression:
    """Return the expression of a shape at the start of `text`."""
    cut = shape.match(text[:LONGEST_EXPRESSION])
    text = cut.group() if cut is not None else b""
    bare: list[bytes] = []
    literal: list[bytes] = []
    at = 0
    for found in _LITERAL.finditer(text):
        between, inside = text[at : found.start()], _inside(found.group(1), found.group(2), dialect)
        leads = not inside[0] or (not bare and not between.strip() and _SCHEME.search(inside[0]) is not None)
        quotes = [b"" if leads and inside[1:] else b"'", b"'" if inside[1:] else b""]
        bare.append(between + b"+".join(filter(None, (quotes[0], *inside[1:], quotes[1]))))
        literal.append(found.group(2))
        at = found.end()
    whole = b"".join((*bare, text[at:]))
    if dialect.dots_join:
        whole = whole.replace(b".", b" . ")
    return Expression(whole.partition(b"=>")[0] if dialect.arrows else whole, b" ".join(literal))


def _inside(prefix: bytes, literal: bytes, dialect: Dialect) -> list[bytes]:
    """Return what a literal begins with, then each expression that it takes in."""
    inside = literal.strip(literal[:1])
    if dialect.inserted is None or literal[:1] not in dialect.quotes or dialect.marker not in prefix.lower():
        return [inside]
    found = list(dialect.inserted.finditer(inside))
    first = inside[: found[0].start()] if found else inside
    return [first, *(b" " + each.group().strip(dialect.edges) + b" " for each in found)]


@dataclass(slots=True)
class Names:
    """What each name holds at the place that is read. Those that are checked anywhere in the piece are trusted."""

    dialect: Dialect
    checked: frozenset[bytes]
    held: dict[bytes, Holds] = field(default_factory=dict)

    def assign(self, match: Match, expression: Expression) -> None:
        """Take note of an assignment of an expression."""
        names = assigned_names(match)
        value = self.judge(expression)
        adds = match.group().rstrip().endswith((b"+=", b".=", b"<<", b"("))
        for name in names:
            if adds:
                self.held[name] = self._added(self.held.get(name, Holds.NOTHING), value)
            else:
                self.held[name] = value

    def declare(self, parameters: bytes) -> None:
        """Take note of parameters that a framework fills with what a client sends; numbers are harmless."""
        for part in parameters.split(b","):
            match = _PARAMETER.search(part)
            if match is not None and _TEXT.search(match.group(1) or match.group(3) or b""):
                self.held[match.group(2)] = Holds.FOREIGN | Holds.LEADS

    @staticmethod
    def _added(before: Holds, value: Holds) -> Holds:
        after = before | (value & ~Holds.LEADS)
        joins = bool(value & (Holds.BUILT | Holds.FOREIGN))
        return after | Holds.SQL if before & Holds.WORDS_OF_SQL and joins else after

    def judge(self, expression: Expression) -> Holds:
        """Return what an expression holds."""
        bare = _without_calls(_chosen(self.dialect.inputs.sub(_MARK, expression.bare)))
        if _COMPARISON.search(bare) is not None:
            return Holds.NOTHING
        values = [value for value in words(bare) if value not in self.checked]
        holds = Holds.WORDS_OF_SQL if _SQL.search(expression.literal) is not None else Holds.NOTHING
        holds |= Holds.MARKUP if b"<" in expression.literal else Holds.NOTHING
        for value in values:
            holds |= (Holds.FOREIGN if value == _MARK else self.held.get(value, Holds.NOTHING)) & ~Holds.LEADS
        if values and bare.lstrip(b" (&*").startswith(values[0]):
            holds |= (
                Holds.LEADS if values[0] == _MARK else self.held.get(values[0], Holds.NOTHING)
            ) & Holds.LEADS
        return holds | self._built(expression, values, holds)

    def _built(self, expression: Expression, values: list[bytes], holds: Holds) -> Holds:
        if self.dialect.joined.search(expression.bare) is None:
            return Holds.NOTHING
        loose = any(not _FRAGMENT.search(value) and not _CONSTANT.search(value) for value in values)
        if not (loose or holds & Holds.FOREIGN) or _PLACEHOLDER.search(expression.literal) is not None:
            return Holds.NOTHING
        return Holds.BUILT | (Holds.SQL if holds & Holds.WORDS_OF_SQL else Holds.NOTHING)


def checked_names(text: bytes, start: int, end: int) -> frozenset[bytes]:
    """Return the names that something checks in `start:end`."""
    return frozenset(
        word
        for match in _CHECKED.finditer(text, start, end)
        for group in (1, 2, 3)
        if match.start(group) >= 0
        for word in words(match.group(group))
    )


def words(bare: bytes) -> Iterator[bytes]:
    """Return the names that the terms of a bare expression begin with: `order` of `order.owner.name`."""
    for term in bare.translate(_ONLY_TERMS).split():
        name = term.partition(b".")[0].partition(b">")[0].partition(b":")[0]
        if name and not name[:1].isdigit() and name not in _EMPTY_WORDS:
            yield name


def assigned_names(assignment: Match) -> list[bytes]:
    """Return the names that an assignment gives a value."""
    names = (assignment.group(1) or assignment.group(2)).strip(b"{}[] ")
    parts = (part.partition(b"=")[0].rpartition(b":")[2] for part in names.split(b","))
    return [part.strip() for part in parts if part.strip()]


def _chosen(bare: bytes) -> bytes:
    """Return the two values of a conditional expression without its condition."""
    match = _CHOICE.search(bare)
    if match is None:
        return bare
    return b" , ".join(match.group(group) for group in (1, 2, 3, 4) if match.start(group) >= 0)


def _without_calls(bare: bytes) -> bytes:
    bare = _NUMBER.sub(b"0", bare)
    for _ in range(_DEEPEST_CALL):
        shorter = _CALL.sub(_returned, _INDEX.sub(b"\\1", bare))
        if shorter == bare:
            break
        bare = shorter
    return bare


def _returned(call: Match) -> bytes:
    """Return what a call gives back of its receiver and arguments: all when it only writes the same text otherwise."""
    callee, arguments = call.group(1) or b"", call.group(2)
    if not callee:
        return arguments
    if _SAME_TEXT.search(callee) is None:
        return b" 0 "
    receiver = callee.rpartition(b".")[0]
    return arguments if not receiver or _LIBRARY.search(receiver) else b" ".join((receiver, arguments))
