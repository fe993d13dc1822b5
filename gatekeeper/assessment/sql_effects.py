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

LONGEST_PARSED_BYTES = 20_000
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
    CREATE_TABLE = "create_table"


@dataclass(frozen=True, slots=True)
class SqlEffect:
    """An effect and the tables it touches. `parsed` is false when only tokens were read."""

    effect: Effect
    tables: tuple[str, ...]
    parsed: bool


_DROPS = {"TABLE": Effect.DROP_TABLE, "SCHEMA": Effect.DROP_SCHEMA, "DATABASE": Effect.DROP_DATABASE}
_PART = r"(?:[A-Za-z_][\w$]*|\"[^\"\n]+\"|`[^`\n]+`|\$?\{\{?[^}\n]*\}\}?|%s|\?)"
_NAME = rf"({_PART}(?:\s*\.\s*{_PART})*)"
_ALTER = rf"ALTER\s+(?:FOREIGN\s+)?TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?{_NAME}\s"
_NEW_TYPE = r"\bALTER\s+(?:COLUMN\s+)?[\"\w]+\s+(?:SET\s+DATA\s+)?TYPE\b"
_TABLE_LIST_END = r"\s*(?:,|\*|;|\z|\n|RESTART|CASCADE|CONTINUE)"
_HEADS = tuple(
    (effect, compile_pattern(r"(?is)^\s*" + head))
    for effect, head in (
        (Effect.DROP_DATABASE, rf"DROP\s+DATABASE\s+(?:IF\s+EXISTS\s+)?{_NAME}"),
        (Effect.DROP_SCHEMA, rf"DROP\s+SCHEMA\s+(?:IF\s+EXISTS\s+)?{_NAME}"),
        (Effect.DROP_TABLE, rf"DROP\s+(?:FOREIGN\s+)?TABLE\s+(?:IF\s+EXISTS\s*)?(?:{_NAME}|\z)"),
        (
            Effect.TRUNCATE,
            rf"TRUNCATE\s+(?:TABLE\s+)?(?:ONLY\s+)?{_NAME}{_TABLE_LIST_END}|TRUNCATE\s+TABLE\s*\z",
        ),
        (Effect.DELETE_ALL, rf"DELETE\s+FROM\s+(?:ONLY\s+)?{_NAME}"),
        (Effect.UPDATE_ALL, rf"UPDATE\s+(?:ONLY\s+)?{_NAME}\s+SET\s+[\"\w.]+\s*="),
        (Effect.DROP_COLUMN, rf"{_ALTER}.*\bDROP\s+COLUMN\b"),
        (Effect.CHANGE_TYPE, rf"{_ALTER}.*{_NEW_TYPE}"),
        (Effect.ALTER_TABLE, _ALTER),
    )
)
_WHERE = compile_pattern(r"(?i)\b(?:where|using)\b")
_NUMBERS = (exp.Literal, exp.Boolean)


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


def effects_by_parsing(text: bytes) -> tuple[SqlEffect, ...] | None:
    """Return the effects of one statement, or None when it does not parse or the parser keeps it opaque."""
    try:
        tree = sqlglot.parse_one(text.decode("ascii"), read="postgres")
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError):
        return None
    return None if isinstance(tree, exp.Command) else tuple(_by_tree(tree))


def effects_by_tokens(skeleton: bytes) -> tuple[SqlEffect, ...]:
    """Return the effect that the first words of a statement announce; `skeleton` has string contents blanked."""
    for effect, head in _HEADS:
        match = head.search(skeleton)
        if match is None:
            continue
        if effect in (Effect.DELETE_ALL, Effect.UPDATE_ALL) and _WHERE.search(skeleton) is not None:
            return ()
        name = (match.group(1) or b"").decode("ascii").strip('"`').lower()
        return (SqlEffect(effect, (name,) if name else (), parsed=False),)
    return ()


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
