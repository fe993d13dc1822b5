"""Where statements of SQL stand in a proposal, and what each of them does there.

A statement stands in a SQL file or fence, in inline code, alone on a line of prose with its semicolon, or in a string
that code hands to a database. A comment, a value and a word of prose are no statements. Owns the finding of these
places and the bound on the work: beyond it, statements are read by their words and marked as unread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.sql.commands import effects_beyond, effects_by_words
from gatekeeper.assessment.sql.effects import effects_by_parsing, effects_by_tokens, fits_parser
from gatekeeper.assessment.sql.grammar import Effect, SqlEffect
from gatekeeper.assessment.sql.routines import called_routines, with_routines
from gatekeeper.assessment.sql.script import Statement, split_script
from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.context import is_denied
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import lex
from gatekeeper.assessment.text.reading import compile_pattern

MOST_STATEMENTS = 2000
MOST_PARSED_BYTES = 60_000
_DEEPEST_BODY = 3
_MAY_HOLD_SCRIPTS = ("sql", "", "text", "markdown", "shell", "yaml")
_WORDS = ("text", "markdown")

_GAP = r"(?:\s|/\*[^*]*\*/|--[^\n]*\n)+"
_ANY_KEYWORD = (
    r"(?i)\b(?:drop|truncate|delete|update|alter|grant|vacuum|reindex|cluster|lock|copy|merge|exec|execute|overwrite|"
    r"rename|optimize|refresh|purge|noaudit|pragma|disable|infile|outfile|dumpfile|definer|"
    rf"create{_GAP}(?:or{_GAP}replace{_GAP}(?:transient{_GAP})?table|"
    rf"(?:(?:unique|clustered|nonclustered){_GAP})?index|role|user|policy|extension|event)|"
    r"reset\s+(?:master|binary)|"
    r"session_replication_role|foreign_key_checks|unique_checks|sql_safe_updates|general_log|"
    r"(?:pg|lo|xp|sp|sys)_\w+|load_file|dblink_connect|utl_file)\b"
)
_KEYWORDS, _MENTIONS = compile_pattern(_ANY_KEYWORD), SIGNS.add(_ANY_KEYWORD)
_OBJECT = (
    r"(?:table|index|role|user|policy|extension|view|function|proc(?:edure)?|trigger|type|sequence|domain|rule|schema|"
    r"database|system|group|server|owned|tablespace|stage|audit|event|materialized|foreign|external|login|routine|"
    r"aggregate|publication|subscription|stream|synonym|package|operator|collation|statistics)"
)
_LINE_HEAD = compile_pattern(
    r"(?im)^[ \t]*(?:(?:begin(?:\s+tran(?:saction)?)?|then|else|loop|explain\s+analy[sz]e|"
    r"explain\s*\([^)\n]*analy[^)\n]*\)|"
    r"if\s+(?:not\s+)?(?:exists|object_id)\s*\([^;\n]*\)(?:\s+is\s+not\s+null)?|"
    r"create\s+(?:or\s+replace\s+)?event\s[^;]{1,200}\sdo)\s+)*"
    rf"((?:(?:drop|alter)\s+{_OBJECT}\b|truncate\s|delete\s+(?:from|top|[\w.`\"\[\]]+\s+from)\b|"
    r"update\s+[^;]{1,160}?\sset\s|with\s+(?:recursive\s+)?[\w\"]+\s*(?:\([^)]*\)\s*)?as\b|merge\s+(?:into\s)?|"
    r"grant\s+[^;]{1,200}?\s(?:on|to)\s|vacuum\s|cluster\s|reindex\s|optimize\s+table\s|"
    r"refresh\s+materialized\s|lock\s+\S|copy\s|load\s+data\s|exec(?:ute)?\b|rename\s+table\s|insert\s+overwrite\s|"
    r"set\s+(?:session|local|global|persist|@@|foreign_key|unique_checks|sql_safe)|"
    r"pragma\s|purge\s|reset\s+[mb]|noaudit\s|disable\s+trigger\s|"
    rf"create\s+(?:[a-z]+\s+){{0,3}}?{_OBJECT}\s)|(?-i:DELETE\s+[\w.\[\]]+\s*(?:\z|$)))"
)
_ONLY_EXPLAINED = compile_pattern(r"(?i)\A\s*explain\s+(?:\([^)]*\)\s*)?[a-z]")
_ANALYSED = compile_pattern(r"(?i)\A\s*explain\s+(?:\([^)]*)?analy[sz]e")
_RUNS_BODIES = compile_pattern(
    r"(?i)\A\s*do\b|\bexec(?:ute)?\b|\bcron\.schedule\b|(?m:^[ \t]*delimiter\b)|\balter\s+(?:system|task)\b"
)
_RUNS_STRINGS = compile_pattern(
    r"(?i)\bexec(?:ute)?\b|\bcron\.schedule|\bprepare\s+\w+\s+from\b|\bsp_executesql\b|\bsp_msforeach\w+|\bdblink(?:_exec)?\s*\("
    r"|@?\b\w*(?:sql|stmt|cmd|command|query|ddl)\w*\s*(?:nvarchar\s*\([^)]*\)\s*)?:?=\s*N?'"
)
_CALLS_FUNCTION = compile_pattern(r"(?i)\bexecute\s+(?:function|procedure)\b|\bgrant\s+execute\b")
_CREATES = compile_pattern(r"(?i)create\b")
_HEAVY = compile_pattern(r"(?im)(?:^|[\"'`;])[ \t]*(?:(drop\s+(?:table|schema|database))|truncate)\s")
_PROGRAM = compile_pattern(
    r"(?im)^[ \t]*(?:module\.exports|exports\.|const |let |var |import |export |function |async |def |class |await )"
)
_SAID = compile_pattern(
    r"(?i)(?:console\.\w+|log(?:ger)?(?:\.\w+)?|print(?:f|ln)?|error|exception|describe|\bit|\btest|expect|to(?:Be|Equal|"
    r"Match|Throw|Contain)\w*|assert\w*|send|json|message|title|description|label|raise)\s*[(:=]\s*$"
)


@dataclass(frozen=True, slots=True)
class Place:
    """One effect at a span of the proposal. An effect of None marks a statement that was too much to parse."""

    start: int
    end: int
    effect: SqlEffect | None
    artifact: Artifact


def statements_in(document: Document) -> Iterator[Place]:
    """Yield every effect of every statement of the proposal, in order."""
    if not document.shows(_MENTIONS):
        return
    reader = _Reader(document)
    for artifact in document.artifacts:
        yield from reader.read(artifact)


class _Reader:
    """Reads artifacts one by one within one budget of work."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._reading = document.reading
        self._statements = MOST_STATEMENTS
        self._bytes = MOST_PARSED_BYTES
        self._called: frozenset[str] | None = frozenset()
        self._knows_calls = False

    def read(self, artifact: Artifact) -> Iterator[Place]:
        reading, span = self._reading, (artifact.start, artifact.end)
        if _KEYWORDS.search(reading, *span) is None:
            return
        if artifact.kind in (Kind.INLINE, Kind.STATEMENT) and is_denied(reading, *span):
            return
        if artifact.kind is Kind.PURPOSE or (artifact.kind is Kind.FILE and artifact.language in _WORDS):
            return
        program = _PROGRAM.search(reading, *span) is not None
        if program or artifact.language not in ("sql", ""):
            yield from self._strings(artifact)
        if not program or artifact.language in _MAY_HOLD_SCRIPTS:
            yield from self._script(artifact, *span, 0)

    def _strings(self, artifact: Artifact) -> Iterator[Place]:
        strings = self._document.strings_of(artifact)
        if artifact.language == "sql":
            strings = lex(self._reading, artifact.start, artifact.end, "javascript").strings
        for start, end in strings:
            if self._statements <= 0:
                yield from self._rest(artifact, max(artifact.start, start - 1), artifact.end)
                return
            if _KEYWORDS.search(self._reading, start, end) is None:
                continue
            before = self._reading[max(artifact.start, start - 40) : start].rstrip(b"\"'`")
            if _SAID.search(before) is None:
                yield from self._script(artifact, start, end, 0)

    def _script(self, artifact: Artifact, start: int, end: int, depth: int) -> Iterator[Place]:
        for statement, routine in with_routines(split_script(self._reading, start, end)):
            if self._statements <= 0 or statement.unread:
                yield from self._rest(artifact, statement.start, end)
                return
            idle = routine is not None and not self._calls(routine)
            yield from self._statement(artifact, statement, idle)
            if depth < _DEEPEST_BODY and not idle:
                yield from self._inside(artifact, statement, depth, routine is not None)

    def _inside(self, artifact: Artifact, statement: Statement, depth: int, called: bool) -> Iterator[Place]:
        """What stands in the quotes of a statement that runs what it quotes."""
        if statement.bodies and (called or _RUNS_BODIES.search(statement.skeleton) is not None):
            for body in statement.bodies:
                yield from self._script(artifact, *body, depth + 1)
        if not statement.quotes or _RUNS_STRINGS.search(statement.skeleton) is None:
            return
        if _CALLS_FUNCTION.search(statement.skeleton) is None:
            for quote in statement.quotes:
                if _KEYWORDS.search(self._reading, *quote) is not None:
                    yield from self._script(artifact, *quote, depth + 1)

    def _calls(self, routine: str) -> bool:
        if not self._knows_calls:
            self._called, self._knows_calls = called_routines(self._reading), True
        return self._called is None or routine in self._called

    def _statement(self, artifact: Artifact, statement: Statement, idle: bool) -> Iterator[Place]:
        skeleton, end = statement.skeleton, len(statement.skeleton)
        if not idle:
            yield from _placed(artifact, statement, 0, end, effects_beyond(skeleton))
        explained = _ONLY_EXPLAINED.match(skeleton) is not None and _ANALYSED.match(skeleton) is None
        if explained:
            return
        heads = [match.start(1) for match in islice(_LINE_HEAD.finditer(skeleton), max(1, self._statements))]
        if idle:
            heads = [head for head in heads[:1] if _CREATES.match(skeleton, head) is not None]
        if len(heads) > 1 and effects_by_words(skeleton[heads[0] :]) is None:
            whole = self._parse(statement, heads[0], end)
            if whole is not None:
                yield from _placed(artifact, statement, heads[0], end, whole)
                return
        for first, last in pairwise([*heads, end]):
            yield from self._head(artifact, statement, first, last)

    def _head(self, artifact: Artifact, statement: Statement, start: int, end: int) -> Iterator[Place]:
        skeleton = statement.skeleton[start:end]
        self._statements -= 1
        effects = effects_by_words(skeleton)
        if effects is None:
            if not self._affordable(skeleton):
                yield Place(statement.start + start, statement.start + end, None, artifact)
            effects = self._parse(statement, start, end)
        if effects is None:
            effects = effects_by_tokens(skeleton)
        yield from _placed(artifact, statement, start, end, effects)

    def _affordable(self, skeleton: bytes) -> bool:
        return len(skeleton) <= self._bytes and fits_parser(skeleton)

    def _parse(self, statement: Statement, start: int, end: int) -> tuple[SqlEffect, ...] | None:
        if not self._affordable(statement.skeleton[start:end]):
            return None
        self._bytes -= end - start
        return effects_by_parsing(statement.text[start:end])

    def _rest(self, artifact: Artifact, start: int, end: int) -> Iterator[Place]:
        yield Place(start, end, None, artifact)
        for match in _HEAVY.finditer(self._reading, start, end):
            effect = Effect.DROP_TABLE if match.start(1) >= 0 else Effect.TRUNCATE
            yield Place(match.start(), match.end(), SqlEffect(effect, (), parsed=False), artifact)
            if effect is Effect.DROP_TABLE:
                return


def _placed(
    artifact: Artifact, statement: Statement, start: int, end: int, effects: Iterable[SqlEffect]
) -> Iterator[Place]:
    text = statement.text[start:end]
    first = start + len(text) - len(text.lstrip())
    last = start + len(text.rstrip())
    for effect in effects:
        yield Place(statement.start + first, statement.start + last, effect, artifact)
