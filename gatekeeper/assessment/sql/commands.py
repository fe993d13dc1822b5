"""What a statement of SQL does by its words alone, in any dialect.

Owns the reading of definitions and commands. Statements that change rows are parsed, in `effects.py`; the words
themselves are `grammar.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from gatekeeper.assessment.sql import grammar as sql_grammar
from gatekeeper.assessment.sql.grammar import Effect, SqlEffect
from gatekeeper.assessment.text.reading import Match, compile_pattern

MOST_ACTIONS = 64
_EDGE = compile_pattern(r"[(),]")


def effects_by_words(skeleton: bytes) -> tuple[SqlEffect, ...] | None:
    """Return what the words of one statement announce, or None when rows are changed, which words cannot tell.

    `skeleton` begins with the first word of the statement.
    """
    word = sql_grammar.FIRST_WORD.match(skeleton)
    first = word.group().lower() if word is not None else b""
    sure = sql_grammar.TEMPLATE.search(skeleton[:200]) is None
    if first in (b"delete", b"update", b"merge", b"with", b"replace"):
        return None
    return tuple(_effects(sql_grammar.ALIASES.get(first, first), skeleton, sure))


def effects_beyond(skeleton: bytes) -> Iterator[SqlEffect]:
    """Yield what a statement reaches beyond the database: programs, files, other sessions, copies."""
    if sql_grammar.MAY_REACH.search(skeleton) is None:
        return
    for effect, pattern in sql_grammar.ANYWHERE:
        if pattern.search(skeleton) is not None:
            yield SqlEffect(effect, (), parsed=True)


def _effects(first: bytes, skeleton: bytes, sure: bool) -> Iterator[SqlEffect]:
    if first == b"alter" and (table := sql_grammar.ALTER_TABLE.match(skeleton)) is not None:
        yield from _alterations(table, skeleton, sure)
        return
    for effect, head in sql_grammar.HEADS.get(first, ()):
        match = head.match(skeleton)
        if match is None or _is_mild(effect, skeleton):
            continue
        named = effect is not Effect.GRANT_BROADLY and match.groups() and match.start(1) >= 0
        yield SqlEffect(effect, names(match.group(1)) if named else (), sure)
        return
    if first == b"drop" and (dropped := sql_grammar.DROP_OBJECT.match(skeleton)) is not None:
        yield _dropped(dropped, skeleton, sure)
    if first == b"create" and (created := sql_grammar.CREATE_OBJECT.match(skeleton)) is not None:
        yield SqlEffect(Effect.CREATE_OBJECT, _objects(created), sure)
        if (
            sql_grammar.DEFINER.search(skeleton) is not None
            and sql_grammar.SEARCH_PATH.search(skeleton) is None
        ):
            yield SqlEffect(Effect.DEFINER_RIGHTS, (), sure)


def _is_mild(effect: Effect, skeleton: bytes) -> bool:
    """Tell whether a statement says itself that it blocks nobody, or opens nothing but reading."""
    if effect in (Effect.REWRITE, Effect.BLOCKING_INDEX):
        return sql_grammar.CONCURRENTLY.search(skeleton) is not None
    return effect is Effect.ROW_SECURITY_OFF and sql_grammar.READS_ONLY.search(skeleton) is not None


def _dropped(dropped: Match, skeleton: bytes, sure: bool) -> SqlEffect:
    kind = _kind(dropped)
    objects = _objects(dropped)
    if kind == "EXTENSION" and sql_grammar.AUDIT_EXTENSION.search(dropped.group(2)) is not None:
        return SqlEffect(Effect.AUDIT_OFF, objects, sure)
    if kind == "POLICY":
        return SqlEffect(Effect.ROW_SECURITY_OFF, objects, sure)
    if (
        kind in ("TRIGGER", "EVENT TRIGGER", "RULE")
        and sql_grammar.WATCHING.search(dropped.group(2)) is not None
    ):
        return SqlEffect(Effect.TRIGGERS_OFF, objects, sure)
    if kind in sql_grammar.WITH_DATA and sql_grammar.CASCADE.search(skeleton) is not None:
        return SqlEffect(Effect.DROP_WITH_DATA, objects, sure)
    return SqlEffect(Effect.DROP_INDEX if kind == "INDEX" else Effect.DROP_OBJECT, objects, sure)


def _kind(match: Match) -> str:
    kind = " ".join(match.group(1).decode("ascii").upper().split())
    return "PROCEDURE" if kind == "PROC" else kind


def _objects(match: Match) -> tuple[str, ...]:
    return tuple(f"{_kind(match)} {name}" for name in names(match.group(2)))


def names(listed: bytes) -> tuple[str, ...]:
    """Return the last parts of listed names, bare and in lower case."""
    found = []
    for name in listed.decode("ascii").split(","):
        last = name.strip().rpartition(".")[2].strip()
        found.append(last.strip('"`[]').lower())
    return tuple(name for name in found if name)


def _alterations(table: Match, skeleton: bytes, sure: bool) -> Iterator[SqlEffect]:
    touched = names(table.group(1))
    seen: set[Effect] = set()
    added: list[str] = []
    actions = list(islice(_actions(skeleton[table.end() :]), MOST_ACTIONS))
    for action in actions:
        column = sql_grammar.ADDS_COLUMN.match(action)
        added += names(column.group(1)) if column is not None else ()
        effect = _alteration(action)
        if effect is not None and effect not in seen:
            seen.add(effect)
            yield SqlEffect(effect, touched, sure, columns=tuple(added))


def _actions(rest: bytes) -> Iterator[bytes]:
    """Yield what stands between the commas outside parentheses."""
    depth = begin = 0
    for edge in _EDGE.finditer(rest):
        mark = edge.group()
        if mark == b"(":
            depth += 1
        elif mark == b")":
            depth = max(0, depth - 1)
        elif depth == 0:
            yield rest[begin : edge.start()]
            begin = edge.end()
    yield rest[begin:]


def _alteration(action: bytes) -> Effect | None:
    if sql_grammar.HARMLESS_ACTION.match(action) is not None:
        return None
    for effect, head in sql_grammar.ACTIONS:
        if head.match(action) is not None:
            deferred = effect is Effect.CHECK_ROWS and sql_grammar.DEFERRED.search(action) is not None
            return Effect.ALTER_TABLE if deferred else effect
    if sql_grammar.ADDS_COLUMN.match(action) is not None:
        if sql_grammar.VOLATILE.search(action) is not None:
            return Effect.REWRITE
        if sql_grammar.REQUIRED.search(action) is not None and sql_grammar.FILLED.search(action) is None:
            return Effect.REQUIRE_COLUMN
    return Effect.ALTER_TABLE
