"""What one SQL statement does to rows, by parsing it in the dialect it looks like, else by its words.

Owns the choice of dialect and the meaning of statements that change rows. Definitions and commands are read by their
words alone, in `commands.py`. Bounded: statements too long or too deeply nested are read by words only, and no
error of the parser leaves this module.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from gatekeeper.assessment.sql.commands import effects_by_words, names
from gatekeeper.assessment.sql.conditions import merge_deletes, touches_every_row
from gatekeeper.assessment.sql.grammar import NAME, Effect, SqlEffect
from gatekeeper.assessment.sql.script import Statement
from gatekeeper.assessment.text.reading import compile_pattern

LONGEST_PARSED_BYTES = 20_000
DEEPEST_PARSED = 40

# sqlglot logs a warning for each statement that it keeps as an opaque command.
logging.getLogger("sqlglot").setLevel(logging.ERROR)

_BRACKETED = compile_pattern(
    r"(?i)(?:^|[\s.,(])\[[A-Za-z_][\w $-]*\]|\bTOP\s*\(|\s@\w+|\AEXEC\b|\ADELETE\s+\w+\s*\z"
)
_TOP = compile_pattern(r"(?i)\A\s*(?:DELETE|UPDATE)(\s+TOP\s*\([^)]*\)(?:\s*PERCENT)?)")
_HEADS = tuple(
    (effect, compile_pattern(r"(?is)\A\s*" + head))
    for effect, head in (
        (Effect.DELETE_ALL, rf"DELETE\s+FROM\s+(?:ONLY\s+)?{NAME}"),
        (Effect.UPDATE_ALL, rf"UPDATE\s+(?:ONLY\s+)?{NAME}\s+SET\s+[\"`\[\]\w.]+\s*="),
    )
)
_WHERE = compile_pattern(r"(?i)\b(?:where|using|join)\b")


def fits_parser(skeleton: bytes) -> bool:
    """Tell whether a statement is short and shallow enough to be parsed in bounded time and stack."""
    if len(skeleton) > LONGEST_PARSED_BYTES:
        return False
    if skeleton.count(b"(") + skeleton.count(b"[") <= DEEPEST_PARSED:
        return True
    depth = deepest = 0
    for byte in skeleton:
        if byte in b"([":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b")]":
            depth -= 1
    return deepest <= DEEPEST_PARSED


def effects_of(statement: Statement) -> tuple[SqlEffect, ...]:
    """Return what one statement does that stands alone, as on a command line."""
    start = len(statement.skeleton) - len(statement.skeleton.lstrip())
    effects = effects_by_words(statement.skeleton[start:])
    if effects is None and fits_parser(statement.skeleton):
        effects = effects_by_parsing(statement.text)
    return effects_by_tokens(statement.skeleton) if effects is None else effects


def effects_by_parsing(text: bytes) -> tuple[SqlEffect, ...] | None:
    """Return what one statement does to rows, or None when it does not parse or the parser keeps it opaque."""
    top = _TOP.match(text)
    if top is not None:
        text = text[: top.start(1)] + b" " * (top.end(1) - top.start(1)) + text[top.end(1) :]
    for dialect in _dialects(text):
        try:
            tree = sqlglot.parse_one(text.decode("ascii"), read=dialect)
        except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError):
            continue
        if not isinstance(tree, exp.Command):
            return tuple(_by_tree(tree))
    return None


def effects_by_tokens(skeleton: bytes) -> tuple[SqlEffect, ...]:
    """Return what the first words say a statement does to rows; `skeleton` has string contents blanked."""
    for effect, head in _HEADS:
        match = head.match(skeleton)
        if match is not None and _WHERE.search(skeleton) is None:
            return (SqlEffect(effect, names(match.group(1)), parsed=False),)
    return ()


def _dialects(text: bytes) -> tuple[str, ...]:
    """The dialects a statement may be written in, the likeliest first."""
    if b"`" in text:
        return ("mysql",)
    return ("tsql", "postgres") if _BRACKETED.search(text) is not None else ("postgres", "mysql")


def _by_tree(tree: exp.Expr) -> Iterator[SqlEffect]:
    for node in tree.walk():
        if isinstance(node, exp.Delete | exp.Update) and node.find_ancestor(exp.Merge) is None:
            effect = Effect.DELETE_ALL if isinstance(node, exp.Delete) else Effect.UPDATE_ALL
            target = node.this if isinstance(node.this, exp.Expr) else None
            if touches_every_row(node):
                touched = [target] if target is not None else node.args.get("tables") or []
                yield SqlEffect(effect, _names(touched), parsed=True, columns=_columns(node))
        elif isinstance(node, exp.Merge) and merge_deletes(node):
            yield SqlEffect(Effect.DELETE_ALL, _names([node.this]), parsed=True)


def _columns(node: exp.Expr) -> tuple[str, ...]:
    """The columns that an UPDATE sets."""
    return tuple(str(each.left.name).lower() for each in node.expressions if isinstance(each, exp.EQ))


def _names(nodes: Iterable[object]) -> tuple[str, ...]:
    tables = [node.find(exp.Table) for node in nodes if isinstance(node, exp.Expr)]
    return tuple(str(table.name).lower() for table in tables if table is not None)
