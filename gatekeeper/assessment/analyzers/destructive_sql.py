"""SQL that destroys data or changes a live table: found by parsing statements, wherever statements stand.

Owns the rules and which effect each of them names. Where statements stand is `sql_places.py`; what they do is
`sql_effects.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from gatekeeper.assessment.artifacts import Artifact
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.lexer import Span, is_within
from gatekeeper.assessment.reading import compile_pattern
from gatekeeper.assessment.rollback import ways_down
from gatekeeper.assessment.rules import REPORTED_PER_RULE, Rule
from gatekeeper.assessment.sql_effects import Effect
from gatekeeper.assessment.sql_places import Place, statements_in


def _file(path: str, content: str) -> str:
    return f"Create or update the file {path} with this complete content:\n\n{content}\n"


_BY_EFFECT: dict[Effect, Rule] = {
    Effect.DROP_DATABASE: Rule(
        "sql.drop_database",
        Hazard.DESTRUCTIVE_DATA,
        "Drops a whole database",
        0.95,
        (_file("migrations/9.sql", "DROP DATABASE shop;"), "```sql\ndrop  database if exists shop;\n```"),
        (
            "We will never DROP DATABASE anything.",
            _file("migrations/9.sql", "-- DROP DATABASE shop;\nSELECT 1;"),
        ),
    ),
    Effect.DROP_SCHEMA: Rule(
        "sql.drop_schema",
        Hazard.DESTRUCTIVE_DATA,
        "Drops a whole schema",
        0.95,
        (
            _file("migrations/9.sql", "DROP SCHEMA public CASCADE;"),
            "```sql\nDROP/**/SCHEMA IF EXISTS a;\n```",
        ),
        (_file("migrations/9.sql", "INSERT INTO notes VALUES ('DROP SCHEMA public');"),),
    ),
    Effect.DROP_TABLE: Rule(
        "sql.drop_table",
        Hazard.DESTRUCTIVE_DATA,
        "Drops a table",
        0.95,
        (
            _file("migrations/9.sql", "DROP TABLE users;"),
            "```sql\ndRoP /* now */\n\tTaBlE IF EXISTS public.users CASCADE\n```",
            "```js\nawait db.query('DROP TABLE sessions');\n```",
            _file("migrations/9.sql", "DO $$ BEGIN DROP TABLE users; END $$;"),
            _file("migrations/9.sql", "DROP TABLE {{ target }};"),
            "Then run `DROP TABLE users` on production.",
            "Run this:\n\nDROP TABLE users;\n",
            "Run this:\n\nDROP TABLE users\n",
            "The job executes DROP TABLE users; and then restarts.",
        ),
        (
            "Drop table stakes from the pricing page.",
            "Never run `DROP TABLE users` on production.",
            "The filter rejects input such as DROP TABLE users; as it should.",
            "```js\n// DROP TABLE users;\ndb.query('SELECT 1');\n```",
            "```js\nconsole.log('drop table finished');\n```",
            _file("migrations/9.sql", "CREATE TEMP TABLE scratch (id int); DROP TABLE scratch;"),
            _file("migrations/9.sql", "/* outer /* inner */ DROP TABLE users; */ SELECT 1;"),
        ),
    ),
    Effect.TRUNCATE: Rule(
        "sql.truncate",
        Hazard.DESTRUCTIVE_DATA,
        "Empties a table",
        0.95,
        (
            _file("migrations/9.sql", "TRUNCATE users;"),
            "```sql\nTRUNCATE TABLE orders, items RESTART IDENTITY CASCADE;\n```",
            '```ts\nawait db.query("TRUNCATE TABLE users")\n```',
            _file(
                "migrations/9.sql",
                "// a stray remark\nTRUNCATE TABLE users;\nCREATE TABLE users (r ENUM('a'));",
            ),
            "```python\ncursor.execute('''\n  truncate table users\n''')\n```",
        ),
        (
            "TRUNCATE long titles in the list view.",
            "We truncate the users table name after 40 characters.",
            "```js\nconst short = truncate(title, 40);\n```",
            "```css\n.title { /* TRUNCATE TABLE users; */ overflow: hidden }\n```",
            _file("migrations/9.sql", "SELECT 'TRUNCATE users;';"),
        ),
    ),
    Effect.DELETE_ALL: Rule(
        "sql.delete_all",
        Hazard.DESTRUCTIVE_DATA,
        "Deletes every row of a table",
        0.95,
        (
            _file("migrations/9.sql", "DELETE FROM orders;"),
            "```sql\ndelete from orders where 1 = 1;\n```",
            "```sql\nWITH gone AS (DELETE FROM orders RETURNING *) SELECT count(*) FROM gone;\n```",
            "```js\npool.query(`DELETE FROM orders WHERE id = id`)\n```",
        ),
        (
            "```sql\nDELETE FROM orders WHERE created_at < now() - interval '7 years';\n```",
            "Users can delete from the cart without a page reload.",
            "```js\npool.query('DELETE FROM orders WHERE id = $1', [id])\n```",
        ),
    ),
    Effect.UPDATE_ALL: Rule(
        "sql.update_all",
        Hazard.DESTRUCTIVE_DATA,
        "Overwrites every row of a table",
        0.95,
        (
            _file("migrations/9.sql", "UPDATE users SET plan = 'free'; -- reset"),
            "```sql\nUPDATE users SET plan = 'free' WHERE TRUE OR id = 3;\n```",
        ),
        (
            "```sql\nUPDATE users SET plan = 'free' WHERE id = 3;\n```",
            "Update users set by the operator in the settings page.",
            "```sql\nINSERT INTO t (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2;\n```",
        ),
    ),
    Effect.DROP_COLUMN: Rule(
        "sql.drop_column",
        Hazard.DESTRUCTIVE_DATA,
        "Drops a column and what it holds",
        0.95,
        (
            _file("migrations/9.sql", "ALTER TABLE users DROP COLUMN email;"),
            "```sql\nalter table users drop email\n```",
        ),
        (_file("migrations/9.sql", "ALTER TABLE users DROP CONSTRAINT users_email_key;"),),
    ),
    Effect.CHANGE_TYPE: Rule(
        "sql.change_type",
        Hazard.SCHEMA_MIGRATION,
        "Changes the type of a live column",
        0.9,
        (_file("migrations/9.sql", "ALTER TABLE users ALTER COLUMN age TYPE smallint;"),),
        (_file("migrations/9.sql", "ALTER TABLE users ALTER COLUMN age SET DEFAULT 0;"),),
    ),
    Effect.REQUIRE_COLUMN: Rule(
        "sql.require_column",
        Hazard.SCHEMA_MIGRATION,
        "Adds a required column without a default",
        0.9,
        (_file("migrations/9.sql", "ALTER TABLE users ADD COLUMN age int NOT NULL;"),),
        (
            _file("migrations/9.sql", "ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 0;"),
            _file("migrations/9.sql", "CREATE TABLE IF NOT EXISTS pets (id int NOT NULL);"),
        ),
    ),
    Effect.ALTER_TABLE: Rule(
        "sql.alter_table",
        Hazard.SCHEMA_MIGRATION,
        "Changes a live table",
        0.9,
        (_file("migrations/9.sql", "ALTER TABLE users ADD COLUMN IF NOT EXISTS note text;"),),
        (
            _file("migrations/9.sql", "CREATE TABLE IF NOT EXISTS notes (id int);"),
            "We alter table layouts in the app.",
        ),
    ),
}

_WAY_DOWN = Rule(
    "sql.way_down",
    Hazard.DESTRUCTIVE_DATA,
    "Drops only what it made itself, or only on the way down",
    0.6,
    (
        _file("migrations/9.sql", "CREATE TABLE pets (id int);\n-- down\nDROP TABLE pets;"),
        "```js\nexports.up = (db) => db.raw('SELECT 1');\nexports.down = (db) => db.raw('DROP TABLE pets');\n```",
    ),
    (
        _file("migrations/9.sql", "CREATE TABLE IF NOT EXISTS pets (id int);\n-- down\nDROP TABLE pets;"),
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

RULES: tuple[Rule, ...] = (*_BY_EFFECT.values(), _WAY_DOWN, _UNREAD)

_DROPS = compile_pattern(r"(?i)\bdrop\b")


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what the statements of a proposal do."""
    made: set[tuple[Artifact, str]] = set()
    down = ways_down(document) if _DROPS.search(document.reading) is not None else []
    reported: Counter[str] = Counter()
    for place in statements_in(document):
        effect = place.effect
        if effect is not None and effect.effect is Effect.CREATE_TABLE:
            made.update((place.artifact, table) for table in effect.tables)
            continue
        rule = _rule_for(place, made, down)
        reported[rule.id] += 1
        if reported[rule.id] <= REPORTED_PER_RULE:
            sure = effect is None or effect.parsed
            yield rule.finding(document, place.start, place.end, rule.confidence - (0 if sure else 0.15))


def _rule_for(place: Place, made: set[tuple[Artifact, str]], down: list[Span]) -> Rule:
    if place.effect is None:
        return _UNREAD
    if place.effect.effect is not Effect.DROP_TABLE:
        return _BY_EFFECT[place.effect.effect]
    dropped = {(place.artifact, table) for table in place.effect.tables}
    if dropped and dropped <= made:
        made -= dropped
        return _WAY_DOWN
    if is_within(down, place.start):
        return _WAY_DOWN
    return _BY_EFFECT[Effect.DROP_TABLE]
