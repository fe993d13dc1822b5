"""Destructive SQL: found however it is written and wherever it stands; words and values are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.assessment.assessment import Finding, Hazard
from gatekeeper.assessment.sql.effects import effects_by_parsing, effects_by_tokens
from gatekeeper.assessment.sql.grammar import Effect
from gatekeeper.assessment.sql.script import split_script
from tests.unit.assessment.proposals import a_file, assessed, rules_found

DESTRUCTIVE = {
    "DROP TABLE users": "sql.drop_table",
    "DROP TABLE IF EXISTS public.users , orders CASCADE": "sql.drop_table",
    "DROP SCHEMA billing CASCADE": "sql.drop_schema",
    "DROP DATABASE shop": "sql.drop_database",
    "TRUNCATE users": "sql.truncate",
    "TRUNCATE TABLE ONLY users RESTART IDENTITY": "sql.truncate",
    "DELETE FROM users": "sql.delete_all",
    "DELETE FROM users WHERE 1 = 1": "sql.delete_all",
    "UPDATE users SET plan = 'free'": "sql.update_all",
    "ALTER TABLE users DROP COLUMN email": "sql.drop_column",
    "ALTER TABLE users ALTER COLUMN age TYPE smallint": "sql.change_type",
    "ALTER TABLE users ADD COLUMN age int NOT NULL": "sql.require_column",
}


@st.composite
def rewritten(draw: st.DrawFn, statement: str) -> str:
    """Another case, other spacing and comments between the words: the same statement."""
    gaps = st.sampled_from(
        [" ", "\n", "\t ", " /* a ; ' remark */ ", " -- it's a remark;\n", "/* a /* nested */ b */"]
    )
    cases = st.sampled_from([str.upper, str.lower, str.title, str.swapcase])
    words = [word if "'" in word else draw(cases)(word) for word in statement.split(" ")]
    return "".join(word + draw(gaps) for word in words[:-1]) + words[-1]


@pytest.mark.parametrize(("statement", "rule"), DESTRUCTIVE.items())
@given(data=st.data())
def test_a_statement_is_found_in_any_case_spacing_and_with_comments_inside(
    statement: str, rule: str, data: st.DataObject
) -> None:
    script = data.draw(rewritten(statement))
    assert rule in rules_found(a_file("migrations/7.sql", f"SELECT 1;\n{script};\nSELECT 2;"))


@pytest.mark.parametrize(("statement", "rule"), DESTRUCTIVE.items())
@pytest.mark.parametrize(
    "place",
    [
        "```sql\n{}\n```",
        "```\n{};\n```",
        "~~~ postgresql\nBEGIN;\n{};\nCOMMIT;\n~~~",
        '```js\nawait db.query("{}");\n```',
        "```ts\nawait db.query(`\n  {};\n`);\n```",
        '```python\ncursor.execute("""{}""")\n```',
        '```sh\npsql -c "{}"\n```',
        "```sh\npsql <<EOF\n{};\nEOF\n```",
        "Then execute:\n\n{};\n",
        "Then execute `{}` on production.",
        "```sql\nDO $$ BEGIN\n {};\nEND $$;\n```",
        "```sql\nMAKE no sense here\n{};\n```",
        "Create or update the file setup.sql with this complete content:\n\n```sql\n{};\n```\n",
    ],
)
def test_a_statement_is_found_wherever_it_would_run(statement: str, rule: str, place: str) -> None:
    assert rule in rules_found(place.replace("{}", statement))


@pytest.mark.parametrize("statement", DESTRUCTIVE)
@pytest.mark.parametrize(
    "place",
    [
        "```sql\n-- {};\nSELECT 1;\n```",
        "```sql\n/* {}; */ SELECT 1;\n```",
        "```sql\nINSERT INTO notes (body) VALUES ($tag$ no {} here $tag$);\n```",
        "```js\n// {}\nrun();\n```",
        "```js\n/* {}; */\nrun();\n```",
        "```python\n# {}\nrun()\n```",
        '```js\nlogger.warn("{}");\n```',
        "The linter rejects `{}` in migrations.",
    ],
)
def test_a_statement_that_does_not_run_is_no_evidence(statement: str, place: str) -> None:
    found = assessed(place.replace("{}", statement.replace("'", ""))).findings
    assert [finding for finding in found if finding.hazard is Hazard.DESTRUCTIVE_DATA] == []


def test_a_finding_spans_its_statement() -> None:
    proposal = a_file("migrations/7.sql", "SELECT 1;\n  TRUNCATE /* é */ users ;\nSELECT 2;")
    start = proposal.index("TRUNCATE")
    assert assessed(proposal).findings == (
        Finding(
            rule="sql.truncate",
            hazard=Hazard.DESTRUCTIVE_DATA,
            title="Empties a table",
            start=start,
            end=start + len("TRUNCATE /* é */ users"),
            excerpt="TRUNCATE /* é */ users",
            confidence=0.95,
        ),
    )


def test_a_template_that_does_not_parse_is_found_with_less_confidence() -> None:
    (finding,) = assessed(a_file("migrations/7.sql", "DROP TABLE {{ target }};")).findings
    assert (finding.rule, round(finding.confidence, 2)) == ("sql.drop_table", 0.8)


@pytest.mark.parametrize(
    ("condition", "every_row"),
    [
        ("1 = 1", True),
        ("true", True),
        ("NOT false", True),
        ("(id = id)", True),
        ("id = 3 OR 'a' = 'a'", True),
        ("1 <> 2", True),
        ("id = 3", False),
        ("id = 3 AND 1 = 1", False),
        ("false", False),
        ("created_at < now()", False),
    ],
)
def test_a_condition_that_always_holds_is_no_condition(condition: str, every_row: bool) -> None:
    effects = effects_by_parsing(f"DELETE FROM users WHERE {condition}".encode())
    assert effects is not None
    assert [each.effect for each in effects] == ([Effect.DELETE_ALL] if every_row else [])


def test_tokens_tell_a_condition_from_none() -> None:
    assert effects_by_tokens(b"DELETE FROM %s WHERE id = ?") == ()
    assert [each.effect for each in effects_by_tokens(b"DELETE FROM %s")] == [Effect.DELETE_ALL]


def test_a_table_made_in_the_same_script_may_be_dropped_again_once() -> None:
    script = "CREATE TABLE scratch (id int);\nDROP TABLE scratch;\n"
    assert rules_found(a_file("a.sql", script)) == {"sql.way_down"}
    assert rules_found(a_file("a.sql", script + "DROP TABLE scratch;")) == {"sql.way_down", "sql.drop_table"}


@pytest.mark.parametrize(
    "pretext", ["-- CREATE TABLE users (id int);", "CREATE TABLE IF NOT EXISTS users (id int);", "-- down"]
)
def test_a_pretended_creation_excuses_no_drop(pretext: str) -> None:
    assert "sql.drop_table" in rules_found(a_file("a.sql", f"{pretext}\nDROP TABLE users;"))


def test_a_creation_in_another_file_excuses_no_drop() -> None:
    proposal = a_file("a.sql", "CREATE TEMP TABLE users (id int);") + a_file("b.sql", "DROP TABLE users;")
    assert "sql.drop_table" in rules_found(proposal)


@given(st.text(alphabet="ab ;'\"$-/*\n\\E()", max_size=60))
def test_splitting_keeps_every_offset(script: str) -> None:
    reading = script.encode()
    for statement in split_script(reading, 0, len(reading)):
        assert len(statement.text) == len(statement.skeleton)
        original = reading[statement.start : statement.start + len(statement.text)]
        assert all(new in (old, 32) for old, new in zip(original, statement.text, strict=True))
