"""A proposal as the analyzers see it: its text, its reading, its artifacts, and what runs at an offset.

Owns these views of one text, and the further documents that hide in it: blocks that decode to text, and the text as it
is shown once HTML comments are gone or literals are joined; all of them share one budget of parsing. Analyzers work in
offsets of the reading; `original` leads back to the proposal. Refuses any judgement.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from functools import cached_property

from gatekeeper.assessment.code.pieces import Piece, find_pieces
from gatekeeper.assessment.parsing.syntax import SyntaxReader
from gatekeeper.assessment.prefilter import RULE_PATTERNS, SAID_PATTERNS, Prefilter
from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.artifacts import Artifact, Kind, find_artifacts
from gatekeeper.assessment.text.content import is_another_language
from gatekeeper.assessment.text.encoded import Blocks, decode_blocks
from gatekeeper.assessment.text.joined import Instead, joints
from gatekeeper.assessment.text.lexer import Lexed, Span, is_within, lex
from gatekeeper.assessment.text.reading import Reading, compile_pattern, read

_WORDS = ("markdown", "text")
_DEEPEST_ENCODING = 3
_SHOWN_OF_ENCODED = 24


_SOFT_BREAK = compile_pattern(r"(\n)[ \t>]*[a-z0-9(`\"'\[]")
_RUNS_ON = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789,;)'\"`-")
_BLANK_BUT_LINES = bytes(byte if byte == ord("\n") else ord(" ") for byte in range(256))
_HTML_COMMENT = compile_pattern(r"<!--(?s:.*?)(?:-->|\z)")


class Document:
    """One proposal, or a text that hides in one. Views are worked out when first asked for and never change."""

    def __init__(
        self,
        text: str,
        *,
        shown: Reading | None = None,
        hidden_at: Span | None = None,
        depth: int = 0,
        syntax: SyntaxReader | None = None,
        written: str | None = None,
    ) -> None:
        """`text` is the proposal; `shown` its reading or that of a text hidden in it, all of it at `hidden_at`.

        `written` is this text in its own letters: the proposal, or what a block in it decodes to.
        """
        self.text = text
        self.written = text if written is None else written
        self._origin = shown or read(text)
        self.reading = self._origin.text
        self._hidden_at = hidden_at
        self._depth = depth
        self.syntax = syntax or SyntaxReader()
        self.artifacts = find_artifacts(self.reading)
        if hidden_at is not None and not self.artifacts:
            self.artifacts = (Artifact(Kind.FENCE, "", "", 0, len(self.reading)),)
        self._starts = [artifact.start for artifact in self.artifacts]
        self._of_another_language: dict[Artifact, bool] = {}

    @property
    def whole(self) -> bool:
        """Whether this is the proposal as it was handed in, not a text that hides in it."""
        return self._depth == 0

    def original(self, start: int, end: int) -> Span:
        """Return the span of the proposal from which `start:end` of the reading comes."""
        return self._origin.span(start, end) if self._hidden_at is None else self._hidden_at

    def source(self, start: int, end: int) -> str:
        """Return `start:end` of the reading as it was written; of text that hides in the proposal, as it is read."""
        if self._hidden_at is not None:
            return self.reading[start:end].decode("ascii")
        first, last = self.original(start, end)
        return self.text[first:last]

    def place_in_source(self, start: int, end: int, within: Span) -> Span:
        """Return the span of the proposal for `within` of `source(start, end)`."""
        if self._hidden_at is not None:
            return self._hidden_at
        first, _ = self.original(start, end)
        return first + within[0], first + within[1]

    def place_of_written(self, start: int, end: int) -> Span:
        """Return the span of the proposal for `start:end` of `written`."""
        return (start, end) if self._hidden_at is None else self._hidden_at

    def excerpt(self, start: int, end: int, longest: int) -> str:
        """Return the proposal's characters at an original span; of encoded text only enough to recognise it."""
        if self._hidden_at is not None:
            longest = min(longest, _SHOWN_OF_ENCODED)
        return self.text[start : min(end, start + longest)]

    def artifact_of(self, original: int) -> Artifact | None:
        """Return the artifact that holds, or is named by, the character at `original` of the proposal."""
        offset = self._origin.offset(original)
        index = bisect_right(self._starts, offset)
        if index < len(self.artifacts) and 0 < self.artifacts[index].named_at <= offset:
            return self.artifacts[index]
        return self.artifact_at(offset)

    @cached_property
    def hidden(self) -> tuple[Document, ...]:
        """The texts that hide in this one, and in them in turn."""
        deep = self._depth >= _DEEPEST_ENCODING
        found = [] if deep else [*self._decoded(), *self._uncommented(), *self._joined()]
        return tuple(each for document in found for each in (document, *document.hidden))

    @cached_property
    def left_encoded(self) -> Span | None:
        """Where decoding stopped because there was too much of it, as a span of the proposal."""
        left = self._blocks.left_over
        return None if left is None else self.original(*left)

    @cached_property
    def writes_files(self) -> bool:
        """Whether the proposal gives files whole: then they are the deed, and what is said beside them is not."""
        return any(artifact.kind is Kind.FILE for artifact in self.artifacts)

    @cached_property
    def code(self) -> tuple[Piece, ...]:
        """The pieces of code, with or without a fence, in order."""
        return find_pieces(self.reading, self.artifacts)

    @cached_property
    def flowing(self) -> bytes:
        """The reading with lines that a sentence runs over joined; offsets stay the same."""
        flowing = bytearray(self.reading)
        for said in self._said():
            for match in _SOFT_BREAK.finditer(self.reading, *said):
                if self._runs_on(match.start(1)):
                    flowing[match.start(1)] = ord(" ")
        return bytes(flowing)

    @cached_property
    def prose(self) -> bytes:
        """What is said: `flowing` with code blanked; offsets stay the same."""
        prose = bytearray(self.flowing)
        for artifact in self.artifacts:
            if artifact.kind is Kind.PURPOSE or (
                artifact.kind is not Kind.INLINE and artifact.language not in ("", *_WORDS)
            ):
                prose[artifact.start : artifact.end] = b"\n" * (artifact.end - artifact.start)
        return bytes(prose)

    @cached_property
    def running(self) -> bytes:
        """What runs or is said: `flowing` with the comments of code blanked; offsets stay the same."""
        running = bytearray(self.flowing)
        for artifact in self.artifacts:
            if artifact.kind is not Kind.INLINE and artifact.language not in _WORDS:
                for start, end in self._lexed[artifact].comments:
                    running[start:end] = running[start:end].translate(_BLANK_BUT_LINES)
        return bytes(running)

    def may_match(self, number: int, patterns: Prefilter = RULE_PATTERNS) -> bool:
        """Tell whether a pattern of a filter can match anywhere: in prose one of SAID_PATTERNS, in any view others."""
        return number in (self._said_candidates if patterns is SAID_PATTERNS else self._candidates)

    @cached_property
    def _candidates(self) -> frozenset[int]:
        """Asked of `flowing`, of which other views hide parts."""
        return RULE_PATTERNS.candidates(self.flowing)

    @cached_property
    def _said_candidates(self) -> frozenset[int]:
        return SAID_PATTERNS.candidates(self.prose)

    def shows(self, sign: int) -> bool:
        """Tell whether a sign stands in `flowing`, of which other views hide parts; all signs are sought at once."""
        return sign in self._shown

    @cached_property
    def _shown(self) -> Container[int]:
        return SIGNS.shown_in(self.flowing)

    def artifact_at(self, offset: int) -> Artifact | None:
        """Return the artifact that holds the character at `offset`; inline code counts as prose."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0 or offset >= self.artifacts[index].end:
            return None
        artifact = self.artifacts[index]
        return None if artifact.kind is Kind.INLINE else artifact

    def runs_at(self, offset: int) -> bool:
        """Tell whether the character at `offset` is code: inside an artifact and not inside a comment."""
        artifact = self.artifact_at(offset)
        if artifact is None or artifact.language in _WORDS:
            return False
        return not is_within(self._lexed[artifact].comments, offset)

    def is_string_at(self, offset: int) -> bool:
        """Tell whether the character at `offset` stands inside a string literal of an artifact."""
        artifact = self.artifact_at(offset)
        return artifact is not None and is_within(self._lexed[artifact].strings, offset)

    def is_prose_at(self, offset: int) -> bool:
        """Tell whether the character at `offset` is said, not run; a fence without a language may hold words too."""
        artifact = self.artifact_at(offset)
        return artifact is None or artifact.language in _WORDS or not artifact.language

    def _said(self) -> Iterator[Span]:
        """Yield the stretches between what is code."""
        at = 0
        for artifact in self.artifacts:
            if artifact.kind is not Kind.INLINE and artifact.language not in _WORDS:
                if artifact.start < artifact.end:
                    yield at, artifact.start
                at = artifact.end
        yield at, len(self.reading)

    def _runs_on(self, line_end: int) -> bool:
        last = line_end - 1
        while last >= 0 and self.reading[last] in b" \t":
            last -= 1
        return last >= 0 and self.reading[last] in _RUNS_ON

    def is_another_language(self, artifact: Artifact) -> bool:
        """Tell whether a file holds a language that its name does not promise; looked for once in each file."""
        if artifact not in self._of_another_language:
            self._of_another_language[artifact] = is_another_language(self.reading, artifact)
        return self._of_another_language[artifact]

    def holds_only_comments(self, artifact: Artifact) -> bool:
        """Tell whether nothing but comments and blanks stands in an artifact of code."""
        if artifact.language in _WORDS:
            return False
        at = artifact.start
        for start, end in self._lexed[artifact].comments:
            if self.reading[at:start].strip():
                return False
            at = end
        return not self.reading[at : artifact.end].strip()

    def first_comment(self, artifact: Artifact) -> Span | None:
        """Return where the first comment of an artifact stands; a stray fence is none."""
        comments = self._lexed[artifact].comments
        return next(
            (
                each
                for each in comments
                if not self.reading[slice(*each)].lstrip().startswith((b"```", b"~~~"))
            ),
            None,
        )

    @cached_property
    def strings(self) -> list[Span]:
        """The insides of all string literals of code, in order."""
        return [
            span
            for artifact in self.artifacts
            if artifact.kind is not Kind.INLINE and artifact.language not in _WORDS
            for span in self._lexed[artifact].strings
        ]

    @cached_property
    def _lexed(self) -> _LexedArtifacts:
        return _LexedArtifacts(self.reading)

    def strings_of(self, artifact: Artifact) -> Sequence[Span]:
        """Return the insides of the string literals of one artifact, in order."""
        return self._lexed[artifact].strings

    @cached_property
    def _blocks(self) -> Blocks:
        return decode_blocks(self.reading)

    def _decoded(self) -> Iterator[Document]:
        for span, text in self._blocks.decoded:
            yield self._hiding(read(text), self.original(*span), text)

    def _uncommented(self) -> Iterator[Document]:
        """Yield the text as it is shown where HTML comments stand in prose."""
        if b"<!--" not in self.reading:
            return
        comments = (each.span() for each in _HTML_COMMENT.finditer(self.reading))
        yield from self._with([(start, end, b"") for start, end in comments if self.is_prose_at(start)])

    def _joined(self) -> Iterator[Document]:
        """Yield the text as it reads once literals that code puts together are whole."""
        yield from self._with(joints(self.reading, self.artifacts, self.strings_of))

    def _with(self, pieces: Sequence[Instead]) -> Iterator[Document]:
        """Yield the text in which the pieces stand for what is at their spans, if there are any."""
        if not pieces:
            return
        kept: list[bytes] = []
        origins, at = array("L"), 0
        for start, end, instead in (*pieces, (len(self.reading), len(self.reading), b"")):
            kept += [self.reading[at:start], instead]
            origins.extend(self._origins(at, start))
            origins.extend([self.original(start, start)[0]] * len(instead))
            at = end
        origins.append(len(self.text))
        shown = Reading(b"".join(kept), origins)
        yield self._hiding(shown, self._hidden_at, shown.text.decode("ascii"))

    def _origins(self, start: int, end: int) -> Sequence[int]:
        """Return for each of the bytes `start:end` where in the proposal it comes from."""
        if self._hidden_at is not None:
            return [self._hidden_at[0]] * (end - start)
        return self._origin.origins_of(start, end)

    def _hiding(self, shown: Reading, hidden_at: Span | None, written: str) -> Document:
        return Document(
            self.text,
            shown=shown,
            hidden_at=hidden_at,
            depth=self._depth + 1,
            syntax=self.syntax,
            written=written,
        )


class _LexedArtifacts(dict[Artifact, Lexed]):
    """Comments and string literals by artifact; found when first asked for."""

    def __init__(self, reading: bytes) -> None:
        super().__init__()
        self._reading = reading

    def __missing__(self, artifact: Artifact) -> Lexed:
        lexed = self[artifact] = lex(self._reading, artifact.start, artifact.end, artifact.language)
        return lexed
