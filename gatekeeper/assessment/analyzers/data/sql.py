"""SQL that destroys data or changes a live table: found by parsing statements, wherever statements stand.

Owns the rules and which effect each of them names. Where statements stand is `sql/places.py`; what they do is
`sql/effects.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.examples import in_file
from gatekeeper.assessment.rollback import lacks_way_down, ways_down
from gatekeeper.assessment.rules import REPORTED_PER_RULE, Rule
from gatekeeper.assessment.sql.grammar import Effect
from gatekeeper.assessment.sql.places import Place, statements_in
from gatekeeper.assessment.sql.rules_access import ACCESS_RULES
from gatekeeper.assessment.sql.rules_data import DATA_RULES
from gatekeeper.assessment.sql.rules_schema import SCHEMA_RULES
from gatekeeper.assessment.text.artifacts import Artifact
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.lexer import Span, is_within
from gatekeeper.assessment.text.reading import compile_pattern

_Name = tuple[Artifact, str]

_BY_EFFECT: dict[Effect, Rule] = DATA_RULES | SCHEMA_RULES | ACCESS_RULES

_WAY_DOWN = Rule(
    "sql.way_down",
    Hazard.DESTRUCTIVE_DATA,
    "Drops only what it made itself, or only on the way down",
    0.6,
    (
        in_file("migrations/9.sql", "CREATE TABLE pets (id int);\n-- down\nDROP TABLE pets;"),
        "```js\nexports.up = (db) => db.raw('SELECT 1');\nexports.down = (db) => db.raw('DROP TABLE pets');\n```",
    ),
    (
        in_file("migrations/9.sql", "CREATE TABLE IF NOT EXISTS pets (id int);\n-- down\nDROP TABLE pets;"),
        "```js\nexports.down = (db) => 0;\nexports.up = (db) => db.raw('DROP TABLE pets');\n```",
    ),
)
_UNREAD = Rule(
    "unassessable.sql_unread",
    Hazard.INCOHERENT,
    "SQL too long or too deeply nested to be parsed",
    1.0,
    (),
    (),
)

_NO_WAY_DOWN = Rule(
    "schema.no_way_down",
    Hazard.SCHEMA_MIGRATION,
    "Is a migration of a live table without a way down",
    0.7,
    (
        in_file("migrations/9.sql", "ALTER TABLE users ADD COLUMN note text;"),
        in_file(
            "db/migrations/9.sql",
            "-- +goose Up\nALTER TABLE users ADD COLUMN note text;\n-- +goose Down\nSELECT 1;",
        ),
    ),
    (
        in_file("migrations/9.sql", "CREATE TABLE IF NOT EXISTS notes (id int);"),
        in_file(
            "db/migrations/9.sql",
            "-- +goose Up\nALTER TABLE users ADD COLUMN note text;\n"
            "-- +goose Down\nALTER TABLE users DROP COLUMN note;",
        ),
        in_file("migrations/9.up.sql", "ALTER TABLE users ADD COLUMN note text;")
        + in_file("migrations/9.down.sql", "ALTER TABLE users DROP COLUMN note;"),
        "```sql\nALTER TABLE users ADD COLUMN note text;\n```",
    ),
)

RULES: tuple[Rule, ...] = (*_BY_EFFECT.values(), _WAY_DOWN, _NO_WAY_DOWN, _UNREAD)

_DATA = frozenset(DATA_RULES) - {Effect.DISCARD_COPIES, Effect.DROP_WITH_DATA}
_MADE = frozenset(
    {
        Effect.CREATE_TABLE,
        Effect.CREATE_TABLE_IF_MISSING,
        Effect.CREATE_TEMPORARY,
        Effect.CREATE_OBJECT,
    }
)
# What may be dropped to be made again.
_REPLACEABLE = frozenset(
    {
        Effect.DROP_OBJECT,
        Effect.DROP_INDEX,
        Effect.DROP_WITH_DATA,
        Effect.ROW_SECURITY_OFF,
        Effect.TRIGGERS_OFF,
    }
)
_NEEDS_WAY_DOWN = frozenset(SCHEMA_RULES) - {Effect.CHANGE_OWNER, Effect.CHECKS_OFF} | {Effect.DROP_COLUMN}
# What a script that makes a table if it is missing does to it as well.
_PART_OF_MAKING = frozenset({Effect.BLOCKING_INDEX, Effect.CHECK_ROWS})
_DOWN_FILE = compile_pattern(r"(?i)(?:^|[./_-])down\.sql$")
_MAY_UNDO = compile_pattern(r"(?i)\b(?:drop|delete|alter|truncate|update)\b")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what the statements of a proposal do."""
    places = list(statements_in(document))
    if not places:
        return
    script = _Script(places, ways_down(document) if _MAY_UNDO.search(document.reading) is not None else [])
    reported: Counter[str] = Counter()
    changed: dict[Artifact, None] = {}
    for place in places:
        rule = script.rule_for(place)
        if rule is None:
            continue
        if place.effect is not None and place.effect.effect in _NEEDS_WAY_DOWN and rule is not _WAY_DOWN:
            changed[place.artifact] = None
        reported[rule.id] += 1
        if reported[rule.id] <= REPORTED_PER_RULE:
            sure = place.effect is None or place.effect.parsed
            yield rule.finding(document, place.start, place.end, rule.confidence - (0 if sure else 0.15))
    for artifact in islice(changed, REPORTED_PER_RULE):
        if lacks_way_down(document, artifact):
            yield _NO_WAY_DOWN.finding(document, artifact.named_at, artifact.named_at + len(artifact.path))


class _Script:
    """What the statements of a proposal have made so far, in order, and what they make again later."""

    def __init__(self, places: list[Place], down: list[Span]) -> None:
        self._down = down
        self._made: dict[_Name, Effect] = {}
        self._columns: set[tuple[_Name, str]] = set()
        self._again: dict[_Name, int] = {
            (place.artifact, name): place.start
            for place in places
            if place.effect is not None and place.effect.effect is Effect.CREATE_OBJECT
            for name in place.effect.tables
        }

    def rule_for(self, place: Place) -> Rule | None:
        """Return the rule that a place shows, None when what it does touches nothing that was there before."""
        if place.effect is None:
            return _UNREAD
        effect, names = place.effect.effect, [(place.artifact, name) for name in place.effect.tables]
        if effect in _MADE:
            self._made.update(dict.fromkeys(names, effect))
            return None
        columns = {(name, column) for name in names for column in place.effect.columns}
        if effect in _DATA:
            return self._rule_for_data(effect, names, columns, self._is_way_down(place))
        self._columns |= columns
        if self._is_way_down(place) or self._is_new(names, effect) or self._made_again(place, effect, names):
            return None
        return _BY_EFFECT[effect]

    def _rule_for_data(
        self, effect: Effect, names: list[_Name], columns: set[tuple[_Name, str]], way_down: bool
    ) -> Rule | None:
        if names and all(self._is_temporary(name) for name in names):
            return None
        if names and all(self._made.get(name) is Effect.CREATE_TABLE for name in names):
            for name in names if effect is Effect.DROP_TABLE else ():
                del self._made[name]
            return _WAY_DOWN
        if way_down:
            return _WAY_DOWN
        if effect is Effect.UPDATE_ALL and columns and columns <= self._columns:
            return _BY_EFFECT[Effect.ALTER_TABLE]
        return _BY_EFFECT[effect]

    def _is_way_down(self, place: Place) -> bool:
        if is_within(self._down, place.start):
            return True
        return _DOWN_FILE.search(place.artifact.path.encode("ascii", "replace")) is not None

    def _is_temporary(self, name: _Name) -> bool:
        return name[1].startswith("#") or self._made.get(name) is Effect.CREATE_TEMPORARY

    def _is_new(self, names: list[_Name], effect: Effect) -> bool:
        """Tell whether all that is changed was made in the same script, or there is nothing in it to be changed."""
        if effect is Effect.CHANGE_OWNER:
            return False
        enough = _MADE if effect in _PART_OF_MAKING else _MADE - {Effect.CREATE_TABLE_IF_MISSING}
        return bool(names) and all(
            name[1].startswith("#") or self._made.get(name) in enough for name in names
        )

    def _made_again(self, place: Place, effect: Effect, names: list[_Name]) -> bool:
        if effect not in _REPLACEABLE or not names:
            return False
        return all(self._again.get(name, -1) > place.start for name in names)
