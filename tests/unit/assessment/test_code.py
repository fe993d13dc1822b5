"""Where code stands in a proposal, with and without a fence, and what of it would run."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.code.pieces import Piece
from gatekeeper.assessment.text.document import Document
from tests.unit.assessment.proposals import a_file, rules_found

BAD = "const rows = await db.query(`SELECT * FROM users WHERE id = ${req.params.id}`);"
RULE = "insecure.sql_injection"


def test_pieces_are_the_fences_and_what_is_code_among_words() -> None:
    text = f"Run `clean(now)` first.\n\n```js\n{BAD}\n```\n\nThat is all.\n"
    start = text.index(BAD)
    assert Document(text).code == (
        Piece("", 0, start, said=True),
        Piece("javascript", start, start + len(BAD) + 1, said=False),
    )


@pytest.mark.parametrize(
    "text",
    [
        BAD,
        f"The handler changes to:\n\n    {BAD}\n\nNothing else changes.",
        f"Change the handler to run {BAD} for every request.",
        f"```diff\n-  run();\n+  {BAD}\n```",
        f"```\n{BAD}\n```",
        f"@@ -1,2 +1,2 @@\n-  run();\n+  {BAD}\n",
        a_file("styles.css", f"const express = require('express');\n{BAD}"),
    ],
)
def test_code_is_found_however_it_is_shown(text: str) -> None:
    assert RULE in rules_found(text)


@pytest.mark.parametrize(
    "text",
    [
        f"Never write code like this:\n\n```js\n{BAD}\n```",
        f"**Bad:**\n\n```js\n{BAD}\n```",
        f"```diff\n-  {BAD}\n+  run();\n```",
        f"We remove {BAD} and use a parameter.",
        f"// {BAD}",
        f"@@ -1,2 +1,2 @@\n-  {BAD}\n+  run();\n",
        f"```text\n{BAD}\n```",
        a_file("docs/advice.md", BAD),
    ],
)
def test_code_that_would_not_run_is_not_found(text: str) -> None:
    assert RULE not in rules_found(text)


@pytest.mark.parametrize(
    ("fence", "code"),
    [("python", "eval = 1\nrun(fn)"), ("sql", "SELECT exec(fn) FROM a"), ("go", "exec(fn)")],
)
def test_rules_of_one_language_leave_the_others_alone(fence: str, code: str) -> None:
    assert {rule for rule in rules_found(f"```{fence}\n{code}\n```") if rule.startswith("insecure.")} == set()


def test_more_assignments_than_are_followed_are_reported() -> None:
    code = "const a = req.query.b;\n" * 5000 + "exec('ls ' + a);"
    assert {"unassessable.too_much", "insecure.command_injection"} <= rules_found(f"```js\n{code}\n```")
