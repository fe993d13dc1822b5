"""What one SQL statement does to data and schema, by parsing it; by its tokens where it does not parse.

Owns the meaning of statements. Bounded: statements too long or too deeply nested are read by tokens only, and
no error of the parser leaves this module.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from gatekeeper.assessment.reading import compile_pattern

LONGEST_PARSED = 20_000
DEEPEST_PARSED = 40

# sqlglot logs a warning for each statement that it keeps as an opaque command.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


class Effect(StrEnum):
    """What a statement does that cannot be waved through."""

    DROP_DATABASE = "drop_database"
    DROP_SCHEMA = "drop_schema"
    DROP_TABLE = "drop_table"
    TRUNCATE = "truncate"
    DELETE_ALL = "delete_all"
    UPDATE_ALL = "update_all"
    DROP_COLUMN = "drop_column"
    CHANGE_TYPE = "change_type"
    REQUIRE_COLUMN = "require_column"
    ALTER_TABLE = "alter_table"


@dataclass(frozen=True, slots=True)
class SqlEffect:
    """An effect and the tables it touches. `parsed` is false when only tokens were read."""

    effect: Effect
    tables: tuple[str, ...]
    parsed: bool


_DROPS = {"TABLE": Effect.DROP_TABLE, "SCHEMA": Effect.DROP_SCHEMA, "DATABASE": Effect.DROP_DATABASE}
_NAME = r"((?:[A-Za-z_][\w$]*|\"[^\"\n]+\"|`[^`\n]+`|\$?\{\{?[^}\n]*\}\}?|%s|\?)(?:\s*\.\s*(?:[A-Za-z_][\w$]*|\"[^\"\n]+\"))*)"
_HEADS = tuple(
    (effect, compile_pattern(r"(?is)^\s*(?:\w+:\s*)?" + head))
    for effect, head in (
        (Effect.DROP_DATABASE, rf"DROP\s+DATABASE\s+(?:IF\s+EXISTS\s+)?{_NAME}"),
        (Effect.DROP_SCHEMA, rf"DROP\s+SCHEMA\s+(?:IF\s+EXISTS\s+)?{_NAME}"),
        (Effect.DROP_TABLE, rf"DROP\s+(?:FOREIGN\s+)?TABLE\s+(?:IF\s+EXISTS\s+)?{_NAME}"),
        (Effect.TRUNCATE, rf"TRUNCATE\s+(?:TABLE\s+)?(?:ONLY\s+)?{_NAME}\s*(?:,|\*|;|\z|\n|RESTART|CASCADE|CONTINUE)"),
        (Effect.DELETE_ALL, rf"DELETE\s+FROM\s+(?:ONLY\s+)?{_NAME}"),
        (Effect.UPDATE_ALL, rf"UPDATE\s+(?:ONLY\s+)?{_NAME}\s+SET\s+[\"\w.]+\s*="),
        (Effect.DROP_COLUMN, rf"ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?{_NAME}\s.*\bDROP\s+COLUMN\b"),
        (Effect.CHANGE_TYPE, rf"ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?{_NAME}\s.*\bALTER\s+(?:COLUMN\s+)?[\"\w]+\s+(?:SET\s+DATA\s+)?TYPE\b"),
        (Effect.ALTER_TABLE, rf"ALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?{_NAME}\s"),
    )
)  # fmt: skip
_WHERE = compile_pattern(r"(?i)\b(?:where|using)\b")
_NUMBERS = (exp.Literal, exp.Boolean)


def effects_of_whole(text: str, skeleton: str) -> tuple[SqlEffect, ...] | None:
    """Return the effects of one statement by parsing it, or None when it does not parse.

    `skeleton` is the text with string contents blanked.
    """
    tree = _parse(text, skeleton)
    if tree is None or isinstance(tree, exp.Command):
        return None
    return tuple(_by_tree(tree))


def effects_of(text: str, skeleton: str) -> tuple[SqlEffect, ...]:
    """Return the effects of one statement by parsing it, or by its tokens when it does not parse."""
    effects = effects_of_whole(text, skeleton)
    return tuple(_by_tokens(skeleton)) if effects is None else effects


def _parse(text: str, skeleton: str) -> exp.Expr | None:
    if len(text) > LONGEST_PARSED or _depth(skeleton) > DEEPEST_PARSED:
        return None
    try:
        return sqlglot.parse_one(text, read="postgres")
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError):
        return None


def _depth(skeleton: str) -> int:
    depth = deepest = 0
    for character in skeleton:
        if character in "([":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]":
            depth -= 1
    return deepest


def _by_tokens(skeleton: str) -> Iterator[SqlEffect]:
    reading = skeleton.encode("ascii")
    for effect, head in _HEADS:
        match = head.search(reading)
        if match is None:
            continue
        if effect in (Effect.DELETE_ALL, Effect.UPDATE_ALL) and _WHERE.search(reading) is not None:
            return
        yield SqlEffect(effect, (match.group(1).decode("ascii").strip('"`').lower(),), parsed=False)
        return


def _by_tree(tree: exp.Expr) -> Iterator[SqlEffect]:
    for node in tree.walk():
        if isinstance(node, exp.Drop):
            effect = _DROPS.get(str(node.args.get("kind") or "").upper())
            if effect is not None and not node.args.get("temporary"):
                yield SqlEffect(effect, _names(node.args.get("tables") or [node.this]), parsed=True)
        elif isinstance(node, exp.TruncateTable):
            yield SqlEffect(Effect.TRUNCATE, _names(node.expressions), parsed=True)
        elif isinstance(node, exp.Delete | exp.Update) and _touches_every_row(node):
            effect = Effect.DELETE_ALL if isinstance(node, exp.Delete) else Effect.UPDATE_ALL
            yield SqlEffect(effect, _names([node.this]), parsed=True)
        elif isinstance(node, exp.Alter) and str(node.args.get("kind") or "").upper() == "TABLE":
            yield from _alterations(node)


def _touches_every_row(node: exp.Expr) -> bool:
    where = node.args.get("where")
    joined = node.args.get("using") or node.args.get("from_") or node.args.get("from")
    if where is None:
        return not joined
    return _always_true(where.this)


def _always_true(condition: exp.Expr) -> bool:
    condition = condition.unnest()
    if isinstance(condition, exp.Or):
        return _always_true(condition.left) or _always_true(condition.right)
    if isinstance(condition, exp.And):
        return _always_true(condition.left) and _always_true(condition.right)
    if isinstance(condition, exp.Not):
        inner = condition.this.unnest()
        return isinstance(inner, exp.Boolean) and not inner.this
    if isinstance(condition, exp.Boolean):
        return bool(condition.this)
    if isinstance(condition, exp.EQ | exp.GTE | exp.LTE | exp.Like):
        return bool(condition.left == condition.right)
    if isinstance(condition, exp.NEQ):
        left, right = condition.left, condition.right
        return isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS) and left != right
    return False


def _alterations(alter: exp.Expr) -> Iterator[SqlEffect]:
    tables = _names([alter.this])
    found = False
    for action in alter.args.get("actions") or ():
        if isinstance(action, exp.Drop):
            lossy = str(action.args.get("kind") or "COLUMN").upper() == "COLUMN"
            effect = Effect.DROP_COLUMN if lossy else None
        elif isinstance(action, exp.AlterColumn):
            effect = Effect.CHANGE_TYPE if action.args.get("dtype") is not None else None
        elif isinstance(action, exp.ColumnDef):
            effect = Effect.REQUIRE_COLUMN if _required_without_default(action) else None
        else:
            effect = None
        if effect is not None:
            found = True
            yield SqlEffect(effect, tables, parsed=True)
    if not found:
        yield SqlEffect(Effect.ALTER_TABLE, tables, parsed=True)


def _required_without_default(column: exp.Expr) -> bool:
    kinds = [constraint.args.get("kind") for constraint in column.args.get("constraints") or ()]
    required = any(
        isinstance(kind, exp.NotNullColumnConstraint) and not kind.args.get("allow_null") for kind in kinds
    )
    filled = any(
        isinstance(kind, exp.DefaultColumnConstraint | exp.GeneratedAsIdentityColumnConstraint)
        for kind in kinds
    )
    return required and not filled


def _names(nodes: Iterable[object]) -> tuple[str, ...]:
    tables = [node.find(exp.Table) for node in nodes if isinstance(node, exp.Expr)]
    return tuple(str(table.name).lower() for table in tables if table is not None)
