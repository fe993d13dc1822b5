"""SQL of other databases, routines and ways down: what runs is found, what is only defined or undone is not."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.sql.commands import effects_by_words
from gatekeeper.assessment.sql.effects import effects_by_parsing
from gatekeeper.assessment.sql.grammar import Effect, SqlEffect
from tests.unit.assessment.proposals import a_file, assessed, rules_found


def _in_script(script: str) -> set[str]:
    return rules_found(f"```sql\n{script}\n```")


@pytest.mark.parametrize(
    ("condition", "every_row"),
    [
        ("1", True),
        ("0", False),
        ("1 < 2", True),
        ("2 < 1", False),
        ("id > 0", True),
        ("id > 7", False),
        ("id < 7", False),
        ("age > 0", False),
        ("id IS NOT NULL", True),
        ("deleted_at IS NOT NULL", False),
        ("NOT (id IS NULL)", True),
        ("a IS NULL OR a IS NOT NULL", True),
        ("a = b OR a <> b", True),
        ("name LIKE '%'", True),
        ("name LIKE 'a%'", False),
        ("EXISTS (SELECT 1)", True),
        ("EXISTS (SELECT 1 FROM orders)", False),
        ("id IN (SELECT id FROM users)", True),
        ("id IN (SELECT id FROM users WHERE gone)", False),
        ("id IN (SELECT id FROM leavers)", False),
    ],
)
def test_a_condition_is_read_by_what_it_leaves_out(condition: str, every_row: bool) -> None:
    effects = effects_by_parsing(f"DELETE FROM users WHERE {condition}".encode())
    assert effects == ((SqlEffect(Effect.DELETE_ALL, ("users",), parsed=True),) if every_row else ())


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("DELETE FROM `shop`.`orders`", (Effect.DELETE_ALL, ("orders",))),
        ("DELETE FROM [dbo].[Orders]", (Effect.DELETE_ALL, ("orders",))),
        ("DELETE TOP (5) FROM Orders", (Effect.DELETE_ALL, ("orders",))),
        ("DELETE FROM a USING b", (Effect.DELETE_ALL, ("a",))),
        ("UPDATE a JOIN b ON TRUE SET a.x = 1", (Effect.UPDATE_ALL, ("a",))),
    ],
)
def test_rows_go_in_every_dialect(statement: str, expected: tuple[Effect, tuple[str, ...]]) -> None:
    effects = effects_by_parsing(statement.encode())
    assert effects is not None
    assert [(each.effect, each.tables) for each in effects] == [expected]


def test_each_action_of_an_alteration_is_read() -> None:
    effects = effects_by_words(
        b"ALTER TABLE [dbo].[users] ADD a int, DROP COLUMN b, ALTER COLUMN c TYPE text"
    )
    assert effects is not None
    assert [(each.effect, each.tables) for each in effects] == [
        (Effect.ALTER_TABLE, ("users",)),
        (Effect.DROP_COLUMN, ("users",)),
        (Effect.CHANGE_TYPE, ("users",)),
    ]


_PROCEDURE = "DELIMITER //\nCREATE PROCEDURE wipe()\nBEGIN\n  DELETE FROM users;\nEND //\nDELIMITER ;\n"


def test_a_procedure_runs_when_it_is_called_not_when_it_is_defined() -> None:
    assert _in_script(_PROCEDURE) == set()
    assert _in_script(_PROCEDURE + "CALL wipe();") == {"sql.delete_all"}


def test_a_procedure_that_never_ends_hides_nothing() -> None:
    assert "sql.drop_table" in _in_script("CREATE PROCEDURE a()\nBEGIN\n  SELECT 1;\nDROP TABLE users;")


def test_what_follows_a_procedure_runs() -> None:
    assert _in_script(_PROCEDURE.replace("END //", "END //\nDROP TABLE users")) == {"sql.drop_table"}


def test_a_quoted_statement_runs_only_where_it_is_executed() -> None:
    assert _in_script("EXECUTE IMMEDIATE 'TRUNCATE TABLE users';") == {"sql.truncate"}
    assert _in_script("DO $$ BEGIN RAISE NOTICE 'DROP TABLE users'; END $$;") == set()
    assert _in_script("INSERT INTO notes VALUES ($t$ DROP TABLE users; $t$);") == set()


def test_what_a_tool_keeps_for_the_way_down_is_no_deed() -> None:
    up, down = "ALTER TABLE users ADD COLUMN note text;", "ALTER TABLE users DROP COLUMN note;"
    marked = a_file("migrations/9.sql", f"-- +goose Up\n{up}\n-- +goose Down\n{down}")
    assert rules_found(marked) == {"sql.alter_table", "sql.way_down"}
    assert "sql.drop_column" in rules_found(a_file("migrations/9.sql", f"{up}\n-- +goose Down\n{down}"))


@pytest.mark.parametrize(
    ("down", "stated"),
    [
        ("await knex.schema.dropTable('notes');", True),
        ("await knex.raw('SELECT 1');", False),
        ("", False),
        ("throw new Error('cannot drop it again');", False),
        ("return Promise.resolve();", False),
    ],
)
def test_a_way_down_that_undoes_nothing_is_no_way_back(down: str, stated: bool) -> None:
    steps = f"exports.up = async (knex) => {{ await knex.raw('x'); }};\nexports.down = async (knex) => {{ {down} }};"
    assert assessed(f"```js\n{steps}\n```").rollback_stated is stated


def test_an_unfenced_script_is_read_as_one() -> None:
    script = "CREATE TEMP TABLE t (id int);\nDROP TABLE t;\nDROP POLICY a ON b;\nCREATE POLICY a ON b USING (x = 1);"
    assert rules_found(f"Run this:\n\n{script}\n") == set()
    assert rules_found(f"Run this:\n\n{script}\nDROP TABLE users;\n") == {"sql.drop_table"}
