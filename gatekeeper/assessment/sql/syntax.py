"""Whether a SQL script can be read as SQL at all, and as SQL of the production database.

Owns the question of grammar; what statements do is `effects.py`. Production is PostgreSQL, as in the severity
rubric. Bounded: what is too long or too deep to parse is not judged here.
"""

from __future__ import annotations

import logging

import sqlglot
from sqlglot.errors import SqlglotError

from gatekeeper.assessment.sql.effects import fits_parser
from gatekeeper.assessment.sql.script import Statement, split_script
from gatekeeper.assessment.text.lexer import Span
from gatekeeper.assessment.text.reading import compile_pattern

MOST_STATEMENTS = 60
MOST_BYTES = 24_000
_DIALECTS = ("postgres", "mysql")

_HEAD = compile_pattern(
    r"(?i)^\s*(?:\(\s*)*(?:create|alter|drop|insert|update|delete|select|with|begin|commit|rollback|start|end|set|grant|"
    r"revoke|truncate|comment|copy|do|explain|analyze|vacuum|merge|replace|use|show|call|declare|reindex|cluster|lock|"
    r"refresh|savepoint|release|values|pragma|if|return|execute|prepare|notify|listen|import)\b"
)
# commands of the client, and templates that become SQL when they are filled in
_NOT_YET_SQL = compile_pattern(r"\A\s*\\|\{\{|\$\{|<%|\{%|%\(\w+\)s|%s")
_FOREIGN = compile_pattern(
    r"(?i)\bauto_?increment\b|\bvarchar2\b|\bunsigned\b|\benum\s*\(\s*'|\bengine\s*=|\bon\s+update\s+current_timestamp\b|"
    r"\bnumber\s*\(\s*\d+\s*\)|\bnvarchar\b|\b(?:long|medium|tiny)text\b|\bidentity\s*\(\s*1|\btinyint\b|\bdatetime\b|"
    r"\b(?:int|integer|bigint)\s+(?:primary\s+key\s+)?identity\b"
)
_SLASH_COMMENT = compile_pattern(r"(?m)(?:^|[\s,;)])//[^\n]*")
_HASH_COMMENT = compile_pattern(r"(?m)(?:^|[,;)])[ \t]*#[ \t][^\n]*")
# a transaction that begins or ends with a word that no database knows; a list that breaks off
_MISSPELT_TRANSACTION = compile_pattern(
    r"(?i)^\s*(?:begin|commit|rollback)\s+(?:[a-z_]\w*)\s*$",
)
_TRANSACTION = compile_pattern(
    r"(?i)^\s*(?:begin|commit|rollback)\s+(?:work|transaction|tran|deferrable|prepared|atomic|try|catch|immediate|exclusive|"
    r"deferred|concurrent)\s*$"
)
_BREAKS_OFF = compile_pattern(r",\s*\)")
_CREATES_TYPE = compile_pattern(r"(?i)\bcreate\s+type\b")
_OPENS = compile_pattern(r"(?im)^\s*(?:begin(?:\s+(?:transaction|work))?|start\s+transaction)\b[^;\n]*;")
_MAY_OPEN = compile_pattern(r"(?i)\b(?:begin|start)\b")
_CLOSES = compile_pattern(r"(?im)^\s*(?:commit|rollback|end)\b")


def first_unreadable(reading: bytes, start: int, end: int) -> Span | None:
    """Return the first statement of the script at `start:end` that no dialect reads, or None."""
    budget = MOST_BYTES
    for number, statement in enumerate(split_script(reading, start, end)):
        budget -= len(statement.text)
        if number == MOST_STATEMENTS or budget < 0:
            return None
        if not _is_readable(statement):
            first = statement.start + len(statement.text) - len(statement.text.lstrip())
            return first, statement.start + len(statement.text.rstrip())
    return None


def first_foreign(reading: bytes, start: int, end: int) -> Span | None:
    """Return the first place that only another database understands (or none does: `//` comments), or None."""
    for statement in split_script(reading, start, end):
        for pattern in (_FOREIGN, _SLASH_COMMENT, _HASH_COMMENT):
            place = pattern.search(statement.skeleton)
            if place is not None and _CREATES_TYPE.search(statement.skeleton) is None:
                return statement.start + place.start(), statement.start + place.end()
    return None


def open_transaction(reading: bytes, start: int, end: int) -> Span | None:
    """Return where a transaction begins that the script never ends, or None."""
    if _MAY_OPEN.search(reading, start, end) is None:
        return None
    opened: Span | None = None
    for statement in split_script(reading, start, end):
        head = statement.skeleton + b";"
        if _OPENS.match(head) is not None:
            opened = (statement.start, statement.start + len(statement.text))
        elif _CLOSES.match(head) is not None:
            opened = None
    return opened


def changes_nothing(reading: bytes, start: int, end: int) -> bool:
    """Tell whether a script has transactions and no other statement in them."""
    holds_any = False
    for statement in split_script(reading, start, end):
        holds_any = True
        head = statement.skeleton + b";"
        if _OPENS.match(head) is None and _CLOSES.match(head) is None:
            return False
    return holds_any


def _is_readable(statement: Statement) -> bool:
    if not fits_parser(statement.skeleton) or _NOT_YET_SQL.search(statement.skeleton) is not None:
        return True
    if _HEAD.search(statement.skeleton) is None or _BREAKS_OFF.search(statement.skeleton) is not None:
        return False
    if _MISSPELT_TRANSACTION.search(statement.skeleton) is not None:
        return _TRANSACTION.search(statement.skeleton) is not None
    text = statement.text.decode("ascii")
    return any(_parses(text, dialect) for dialect in _DIALECTS)


def _parses(text: str, dialect: str) -> bool:
    try:
        sqlglot.parse_one(text, read=dialect)
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError):
        return False
    return True


# sqlglot logs a warning for each statement that it keeps as an opaque command.
logging.getLogger("sqlglot").setLevel(logging.ERROR)
