"""SQL that destroys data or changes a live table: found by parsing statements, wherever statements stand.

A statement stands in a `.sql` file, in a fence, in inline code, alone on a line of prose with its semicolon, or
in a string literal of code that hands it to a database. A comment, a value and a word of prose are no statements.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from gatekeeper.assessment.artifacts import Artifact, Kind
from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.context import is_negated
from gatekeeper.assessment.document import Document
from gatekeeper.assessment.lexer import string_literals
from gatekeeper.assessment.reading import compile_pattern
from gatekeeper.assessment.rules import REPORTED_PER_RULE, Rule, TooMuchToExamineError
from gatekeeper.assessment.sql_effects import Effect, SqlEffect, effects_of, effects_of_whole
from gatekeeper.assessment.sql_script import Statement, split_script

MOST_PARSED = 400
_MAY_HOLD_SCRIPTS = ("sql", "", "text", "markdown", "shell", "yaml")
_DEEPEST_BODY = 3


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
        ),
        (
            "Drop table stakes from the pricing page.",
            "Never run `DROP TABLE users` on production.",
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

RULES: tuple[Rule, ...] = tuple(_BY_EFFECT.values())

_KEYWORDS = compile_pattern(r"(?i)\b(?:drop|truncate|delete|update|alter)\b")
_LINE_HEAD = compile_pattern(
    r"(?im)^[ \t]*(?:(?:begin|then|else|loop|explain\s+analy[sz]e|explain\s*\([^)\n]*\))\s+)*"
    r"((?:drop\s+(?:foreign\s+)?(?:table|schema|database)|truncate|delete\s+from|update|alter\s+(?:foreign\s+)?table|with)\b)"
)
_CODE_TOO = compile_pattern(
    r"(?im)^[ \t]*(?:module\.exports|exports\.|const |let |var |import |export |function |async |def |class |await )"
)
_SAID = compile_pattern(
    r"(?i)(?:console\.\w+|log(?:ger)?(?:\.\w+)?|print(?:f|ln)?|echo|error|exception|describe|it|test|expect|send|json|"
    r"message|title|description|label|raise)\s*[(:=]\s*$"
)
_TEMPORARY = compile_pattern(
    r"(?i)\bcreate\s+(?:local\s+)?temp(?:orary)?\s+table\s+(?:if\s+not\s+exists\s+)?\"?(\w+)"
)


def analyze(document: Document) -> Iterator[Finding]:
    """Yield what the statements of a proposal do."""
    if _KEYWORDS.search(document.reading) is None:
        return
    budget = _Budget()
    temporary = {match.group(1).decode().lower() for match in _TEMPORARY.finditer(document.reading)}
    reported: dict[str, int] = {}
    for artifact in document.artifacts:
        for start, end, effect in _effects_in(document, artifact, budget):
            rule = _BY_EFFECT[effect.effect]
            if effect.effect is Effect.DROP_TABLE and effect.tables and temporary.issuperset(effect.tables):
                continue
            reported[rule.id] = reported.get(rule.id, 0) + 1
            if reported[rule.id] <= REPORTED_PER_RULE:
                yield rule.finding(document, start, end, None if effect.parsed else rule.confidence - 0.15)


class _Budget:
    """How many statements may still be examined."""

    def __init__(self) -> None:
        self._left = MOST_PARSED

    def spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise TooMuchToExamineError("sql")


Found = tuple[int, int, SqlEffect]


def _effects_in(document: Document, artifact: Artifact, budget: _Budget) -> Iterator[Found]:
    reading = document.reading
    if _KEYWORDS.search(reading, artifact.start, artifact.end) is None:
        return
    if artifact.kind in (Kind.INLINE, Kind.STATEMENT) and is_negated(reading, artifact.start, artifact.end):
        return
    program = _CODE_TOO.search(reading, artifact.start, artifact.end) is not None
    if program or artifact.language not in ("sql", ""):
        yield from _in_strings(reading, artifact, budget)
    if not program or artifact.language in _MAY_HOLD_SCRIPTS:
        yield from _in_script(reading, artifact.start, artifact.end, budget, 0)


def _in_strings(reading: bytes, artifact: Artifact, budget: _Budget) -> Iterator[Found]:
    language = "javascript" if artifact.language == "sql" else artifact.language
    for literal in string_literals(reading, artifact.start, artifact.end, language):
        if _KEYWORDS.search(reading, literal.start, literal.end) is None:
            continue
        if (
            _SAID.search(reading[max(artifact.start, literal.start - 40) : literal.start - 1].rstrip(b"\"'"))
            is not None
        ):
            continue
        yield from _in_script(reading, literal.start, literal.end, budget, 0)


def _in_script(reading: bytes, start: int, end: int, budget: _Budget, depth: int) -> Iterator[Found]:
    for statement in split_script(reading, start, end):
        if _KEYWORDS.search(statement.skeleton.encode("ascii")) is not None:
            yield from _in_statement(statement, budget)
        if depth < _DEEPEST_BODY:
            for body_start, body_end in statement.bodies:
                if _KEYWORDS.search(reading, body_start, body_end) is not None:
                    yield from _in_script(reading, body_start, body_end, budget, depth + 1)


def _in_statement(statement: Statement, budget: _Budget) -> Iterator[Found]:
    heads = [match.start(1) for match in _LINE_HEAD.finditer(statement.skeleton.encode("ascii"))]
    if not heads:
        return
    budget.spend()
    first = len(statement.text) - len(statement.text.lstrip())
    whole = effects_of_whole(statement.text[first:], statement.skeleton[first:])
    if whole is not None:
        yield from _placed(statement, first, len(statement.text), whole)
        return
    for start, end in pairwise([*heads, len(statement.text)]):
        budget.spend()
        yield from _placed(
            statement, start, end, effects_of(statement.text[start:end], statement.skeleton[start:end])
        )


def _placed(statement: Statement, start: int, end: int, effects: tuple[SqlEffect, ...]) -> Iterator[Found]:
    shown = statement.start + start + len(statement.text[start:end].rstrip())
    for effect in effects:
        yield statement.start + start, shown, effect
