"""A script of shell read into its commands: what stands where it runs, and what is only quoted, told or written.

Owns the little grammar: comments, quotes, substitutions, here-documents, pipes, keywords, assignments before a command.
Linear in the script; nesting beyond a bound is said by `Script.unread`. What a command means is `deeds.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import compile_pattern

DEEPEST_SUBSTITUTION = 24
MOST_RESUMPTIONS = 8

_PLAIN = compile_pattern(r"[^\s;&|<>()`\"'\\$]+")
_BLANK = compile_pattern(r"(?:[ \t\r\f\v]|\\\r?\n)+")
_QUOTED = compile_pattern(r"[^\"\\$`]+")
_PARAMETER = compile_pattern(r"\$(?:\{[^}\n]{0,200}\}|[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])")
_OPERATOR = compile_pattern(r"&&|\|\||\|&|;;|[;&|\n()]")
_REDIRECT = compile_pattern(r"[0-9]*(?:<<-|<<<|<<|&>>|&>|>>|>\||>&|<&|<>|>|<)")
_ASSIGNMENT = compile_pattern(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_ANSI = compile_pattern(r"\$'(?:[^'\\]|\\(?s:.))*'")

_BLANKS = frozenset({b" ", b"\t", b"\r", b"\f", b"\v", b"\\"})
_HASH, _MAY_REDIRECT, _SEPARATES = ord("#"), frozenset(b"<>&0123456789"), frozenset(b";&|\n()")
KEYWORDS = frozenset(
    {b"if", b"then", b"else", b"elif", b"do", b"while", b"until", b"!", b"{", b"}", b"coproc"}
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word without its quotes; `literal` when all of it was quoted with single quotes or not expanded at all."""

    text: bytes
    start: int
    end: int
    quoted: bool


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where output goes or input comes from."""

    operator: bytes
    target: bytes


@dataclass(eq=False, slots=True)
class Command:
    """One simple command. `operator` joins it to `before`; `body` is what a here-document or here-string feeds it.

    `sink` is the command that reads what this one says.
    """

    start: int
    end: int
    operator: bytes
    before: Command | None
    captured: bool
    assignments: list[bytes] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)
    body: bytes = b""
    sink: Command | None = None

    @property
    def source(self) -> Command | None:
        """The command whose output this one reads."""
        return self.before if self.operator in (b"|", b"|&") else None


@dataclass(frozen=True, slots=True)
class Script:
    """The commands in order of their beginnings; `unread` is where nesting went too deep, if it did."""

    commands: tuple[Command, ...]
    unread: Span | None


def read_script(text: bytes, start: int, end: int, shown_at: Span | None = None) -> Script:
    """Read `start:end` of `text`. All commands are placed at `shown_at` when it is given, else where they stand."""
    lexer = _Lexer(text[:end] if end < len(text) else text, shown_at)
    at = start
    for _ in range(MOST_RESUMPTIONS):
        lexer.unclosed = -1
        lexer.commands_until(at, b"", 0)
        if lexer.unclosed < 0:
            break
        # A quote that nothing closes: what follows its line is read again as if it had never been opened.
        line_end = lexer.text.find(b"\n", lexer.unclosed)
        if line_end < 0:
            break
        at = line_end
    return Script(tuple(lexer.commands), lexer.unread)


class _Lexer:
    """Reads one text from left to right, once, except after an unclosed quote."""

    def __init__(self, text: bytes, shown_at: Span | None) -> None:
        self.text = text
        self.commands: list[Command] = []
        self.unclosed = -1
        self.unread: Span | None = None
        self._shown_at = shown_at
        self._awaiting: list[tuple[Command, bytes, bool]] = []

    def commands_until(self, at: int, closer: bytes, depth: int) -> int:
        """Read commands from `at` up to `closer` or the end; return the offset after it."""
        command, open_groups = self._open(at, b"", None, depth), 0
        while (at := self._skip_blanks(at)) < len(self.text):
            byte = self.text[at]
            if closer and byte == closer[0]:
                self._close(command, at)
                return at + 1
            if byte == _HASH:
                at = self._line_end(at)
                continue
            redirect = _REDIRECT.match(self.text, at) if byte in _MAY_REDIRECT else None
            if redirect is not None and self.text[redirect.end() : redirect.end() + 1] != b"(":
                at = self._redirect(command, redirect.group(), redirect.end(), depth)
            elif byte in _SEPARATES and (operator := _OPERATOR.match(self.text, at)) is not None:
                open_groups += (operator.group() == b"(") - (operator.group() == b")")
                if open_groups < 0:
                    open_groups = 0
                    self._forget(command)
                command, at = self._separate(command, operator.group(), at, depth)
            else:
                word, at = self._word(at, closer, depth)
                self._take(command, word)
        self._close(command, len(self.text))
        return len(self.text)

    def _open(self, at: int, operator: bytes, before: Command | None, depth: int) -> Command:
        start, end = self._shown_at or (at, at)
        return Command(start, end, operator, before, depth > 0)

    def _forget(self, command: Command) -> None:
        """Take back what turned out to be the label of a case, with its alternatives before it."""
        while command.operator == b"|" and self.commands and self.commands[-1] is command.before:
            self.commands.pop()
            command.operator, command.before = command.before.operator, command.before.before
        command.words, command.assignments, command.redirects = [], [], []

    def _close(self, command: Command, end: int) -> None:
        if command.words or command.assignments or command.redirects:
            if self._shown_at is None:
                command.end = max(command.start, end)
            self.commands.append(command)

    def _separate(self, command: Command, operator: bytes, at: int, depth: int) -> tuple[Command, int]:
        after = at + len(operator)
        if not (command.words or command.assignments or command.redirects):
            # After a pipe or a list operator the line may go on below.
            if operator == b"\n" and self._awaiting:
                after = self._bodies(after)
            if operator not in b"\n(":
                command.operator = b"" if operator == b")" else operator
            if self._shown_at is None:
                command.start = after
            return command, after
        self._close(command, at)
        if operator == b"\n":
            after = self._bodies(after)
        joined = b";" if operator in (b"\n", b"(", b")", b";;") else operator
        if operator == b")":
            piped = _OPERATOR.match(self.text, self._skip_blanks(after))
            if piped is not None and piped.group() in (b"|", b"|&", b"||", b"&&"):
                joined, after = piped.group(), piped.end()
        opened = self._open(after, joined, command, depth)
        command.sink = opened if opened.source is command else None
        return opened, after

    def _take(self, command: Command, word: Word) -> None:
        if not command.words:
            if self._shown_at is None and not command.assignments:
                command.start = word.start
            if not word.quoted and word.text in KEYWORDS:
                return
            if _ASSIGNMENT.match(word.text) is not None:
                command.assignments.append(word.text)
                return
        command.words.append(word)

    def _redirect(self, command: Command, operator: bytes, at: int, depth: int) -> int:
        at = self._skip_blanks(at)
        word, after = self._word(at, b"", depth)
        if operator.endswith((b"<<", b"<<-")):
            self._awaiting.append((command, word.text, operator.endswith(b"-")))
            command.redirects.append(Redirect(operator.lstrip(b"0123456789"), b""))
        elif operator.endswith(b"<<<"):
            command.body = word.text
        else:
            command.redirects.append(Redirect(operator.lstrip(b"0123456789"), word.text))
        return max(after, at)

    def _bodies(self, at: int) -> int:
        awaiting, self._awaiting = self._awaiting, []
        for command, mark, indented in awaiting:
            begin = at
            while at < len(self.text):
                stop = self._line_end(at)
                line = self.text[at:stop].rstrip(b"\r")
                if (line.lstrip(b"\t ") if indented else line) == mark:
                    command.body = self.text[begin:at]
                    at = stop + 1
                    break
                at = stop + 1
            else:
                command.body = self.text[begin:]
            if self._shown_at is None:
                command.end = min(at, len(self.text))
        return min(at, len(self.text))

    def _word(self, at: int, closer: bytes, depth: int) -> tuple[Word, int]:
        start, pieces, quoted = at, [], False
        while at < len(self.text):
            byte = self.text[at : at + 1]
            plain = _PLAIN.match(self.text, at)
            if plain is not None:
                pieces.append(plain.group())
                at = plain.end()
            elif byte == b"'":
                piece, at = self._single(at)
                pieces.append(piece)
                quoted = True
            elif byte == b'"':
                piece, at = self._double(at, depth)
                pieces.append(piece)
                quoted = True
            elif byte == b"\\":
                pieces.append(b"" if self.text[at + 1 : at + 2] == b"\n" else self.text[at + 1 : at + 2])
                at += 2
            elif byte == b"$" or (byte == b"`" and closer != b"`"):
                piece, at = self._expansion(at, depth)
                pieces.append(piece)
            elif byte in b"<>" and self.text[at + 1 : at + 2] == b"(":
                inner = self._nested(at + 2, b")", depth)
                pieces.append(self.text[at:inner])
                at = inner
            else:
                break
        at = min(max(at, start + 1), len(self.text))
        return Word(b"".join(pieces), start, at, quoted), at

    def _single(self, at: int) -> tuple[bytes, int]:
        close = self.text.find(b"'", at + 1)
        if close < 0:
            return b"'", at + 1
        return self.text[at + 1 : close], close + 1

    def _double(self, at: int, depth: int) -> tuple[bytes, int]:
        opened, at, pieces = at, at + 1, []
        while at < len(self.text):
            plain = _QUOTED.match(self.text, at)
            if plain is not None:
                pieces.append(plain.group())
                at = plain.end()
                continue
            byte = self.text[at : at + 1]
            if byte == b'"':
                return b"".join(pieces), at + 1
            if byte == b"\\":
                escaped = self.text[at + 1 : at + 2]
                pieces.append(
                    escaped if escaped in b'"\\$`' else b"" if escaped == b"\n" else b"\\" + escaped
                )
                at += 2
            else:
                piece, at = self._expansion(at, depth)
                pieces.append(piece)
        if self.unclosed < 0:
            self.unclosed = opened
        return b"".join(pieces), len(self.text)

    def _expansion(self, at: int, depth: int) -> tuple[bytes, int]:
        if self.text[at : at + 1] == b"`":
            after = self._nested(at + 1, b"`", depth)
            return self.text[at:after], after
        if self.text[at : at + 3] == b"$((":
            close = self.text.find(b"))", at, at + 400)
            if close >= 0:
                return self.text[at : close + 2], close + 2
        if self.text[at : at + 2] == b"$(":
            after = self._nested(at + 2, b")", depth)
            return self.text[at:after], after
        ansi = _ANSI.match(self.text, at)
        if ansi is not None:
            return _unescaped(ansi.group()[2:-1]), ansi.end()
        parameter = _PARAMETER.match(self.text, at)
        if parameter is not None:
            return parameter.group(), parameter.end()
        return b"$", at + 1

    def _nested(self, at: int, closer: bytes, depth: int) -> int:
        if depth >= DEEPEST_SUBSTITUTION:
            self.unread = self.unread or self._shown_at or (at, len(self.text))
            return len(self.text)
        return self.commands_until(at, closer, depth + 1)

    def _skip_blanks(self, at: int) -> int:
        if self.text[at : at + 1] not in _BLANKS:
            return at
        blank = _BLANK.match(self.text, at)
        return at if blank is None else blank.end()

    def _line_end(self, at: int) -> int:
        found = self.text.find(b"\n", at)
        return found if found >= 0 else len(self.text)


_ESCAPES = compile_pattern(r"\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|((?s:.)))")
_NAMED = {b"n": b"\n", b"t": b"\t", b"r": b"\r"}


def _unescaped(text: bytes) -> bytes:
    pieces, at = [], 0
    for match in _ESCAPES.finditer(text):
        pieces.append(text[at : match.start()])
        if match.start(1) >= 0:
            pieces.append(bytes([int(match.group(1), 16)]))
        elif match.start(2) >= 0:
            pieces.append(bytes([int(match.group(2), 8) & 0xFF]))
        else:
            pieces.append(_NAMED.get(match.group(3), match.group(3)))
        at = match.end()
    pieces.append(text[at:])
    return b"".join(pieces)
