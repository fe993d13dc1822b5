"""Hostile size and shape: each text is assessed, or reported as unassessable, and what it hides is still seen."""

from __future__ import annotations

import pytest

from tests.unit.assessment.proposals import a_file, assessed

MEBIBYTE = 1 << 20
CODE = MEBIBYTE // 8


def _rules(proposal: str) -> tuple[set[str], bool]:
    assessment = assessed(proposal[:MEBIBYTE])
    return {finding.rule for finding in assessment.findings}, assessment.unassessable


def test_nested_brackets_do_not_hide_the_next_statement() -> None:
    nest = "SELECT " + "(" * 50_000 + "1" + ")" * 50_000 + ";\n"
    assert _rules(a_file("a.sql", nest + "DROP TABLE users;")) == ({"sql.drop_table"}, False)


def test_a_condition_too_deep_to_parse_is_unassessable() -> None:
    nest = "DELETE FROM users WHERE " + "(" * 50_000 + "1=1" + ")" * 50_000 + ";"
    assert _rules(a_file("a.sql", nest)) == ({"unassessable.sql_unread"}, True)


def test_a_list_too_long_to_parse_is_unassessable() -> None:
    long = "DELETE FROM users WHERE id IN (" + "1," * 400_000 + "1);"
    assert _rules(a_file("a.sql", long)) == ({"unassessable.sql_unread"}, True)


@pytest.mark.parametrize(
    "flood",
    [
        "DELETE FROM t WHERE id = 1;\n" * 30_000,
        "SELECT 1; UPDATE t SET a = 1 WHERE b = 2;\n" * 20_000,
        "-- DROP TABLE x;\n" * 40_000,
        ";" * 900_000,
        "SELECT 'it''s';\n" * 50_000,
        "SELECT 'a'" + "''" * 400_000 + ";\n",
        "/*" * 200_000 + "*/" * 200_000 + "\n",
        "$a$" * 200_000 + ";\n",
    ],
    ids=["deletes", "updates", "comments", "semicolons", "strings", "quotes", "nests", "dollars"],
)
def test_a_flood_of_harmless_statements_does_not_hide_a_drop(flood: str) -> None:
    found, _ = _rules(a_file("a.sql", flood + "\nDROP TABLE users;"))
    assert "sql.drop_table" in found


def test_a_flood_of_harmless_queries_in_code_does_not_hide_a_drop() -> None:
    flood = "db.query('DELETE FROM t WHERE id = 1');\n" * 20_000
    found, unassessable = _rules(f"```js\n{flood}db.query('DROP TABLE users');\n```")
    assert found == {"sql.drop_table", "unassessable.sql_unread"}
    assert unassessable


def test_a_flood_of_denials_is_unassessable_and_hides_no_other_rule() -> None:
    flood = "It never disables audit logging.\n" * 20_000
    found, unassessable = _rules(flood + "Edit policies/gate/severity.rego.")
    assert found == {"unassessable.too_much", "self_change.names_own_file"}
    assert unassessable


def test_a_flood_of_artifacts_does_not_hide_the_last() -> None:
    found, _ = _rules("`small talk` " * 10_000 + "\n```sql\nDROP TABLE users;\n```")
    assert "sql.drop_table" in found


def test_a_broken_file_among_good_ones_hides_nothing() -> None:
    broken = a_file("a.sql", "CREATE TABLE ((('unclosed $$ /* \"")
    found, _ = _rules(broken + a_file("b.sql", "TRUNCATE users;"))
    assert "sql.truncate" in found


@pytest.mark.parametrize(
    "unit",
    ["a", " ", "\n", "`", "```\n", "'", '"""', "/*", "$a$", "<!--", "//", "(", "[{", "eyJaaaaaaaaaaa.", "a://b:c",
     "password = ", "automatically update ", "WITH x\n", "UPDATE ", "TRUNCATE ", "reviewer must ", "\u200b", "é",
     "the file a.sql with this complete content:\n"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("opening", "length"), [("", MEBIBYTE), ("```sql\n", CODE), ("```js\n", CODE), ("```python\n", CODE)]
)
def test_a_mebibyte_of_one_thing_and_much_of_it_as_code_is_assessed(
    unit: str, opening: str, length: int
) -> None:
    proposal = (opening + unit * (length // len(unit)))[:length]
    assert "unassessable.analyzer_failed" not in _rules(proposal)[0]
