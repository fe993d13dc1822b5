"""Prose and artifacts: where files, fences and inline code begin and end, and what their names say."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.text.artifacts import Kind
from gatekeeper.assessment.text.document import Document
from tests.unit.assessment.proposals import a_file, rules_found


def _artifacts(text: str) -> list[tuple[Kind, str, str, str]]:
    return [
        (each.kind, each.path, each.language, text[each.start : each.end])
        for each in Document(text).artifacts
    ]


def test_a_file_runs_to_the_closing_request_or_the_end() -> None:
    text = (
        a_file("routes/a.js", "run();") + "\nThis is for opportunity: Shop\nMake sure the file is complete.\n"
    )
    assert _artifacts(text) == [
        (Kind.FILE, "routes/a.js", "javascript", "\nrun();"),
        (Kind.PURPOSE, "", "text", "\n\nThis is for opportunity: Shop\nMake sure the file is complete.\n"),
    ]


def test_what_is_said_of_a_file_is_no_plan() -> None:
    purpose = (
        "\nThis is for opportunity: Optimize the Stripe integration and retrain the models automatically.\n"
    )
    assert rules_found(a_file("notes/a.js", "run();") + purpose) == set()
    assert "finance.changes_payments" in rules_found("Optimize the Stripe integration.")


def test_a_closing_request_in_the_middle_ends_nothing() -> None:
    text = a_file("a.sql", "SELECT 1;\n\nThis is for opportunity: x\n\nDROP TABLE users;")
    assert "DROP TABLE users;" in _artifacts(text)[0][3]


def test_several_files_follow_each_other() -> None:
    text = a_file("a.sql", "SELECT 1;") + a_file("b.py", "run()")
    assert [(path, language) for _, path, language, _ in _artifacts(text)] == [
        ("a.sql", "sql"),
        ("b.py", "python"),
    ]


def test_a_marker_inside_a_file_is_text_of_that_file() -> None:
    text = a_file("a.sql", "SELECT 1;\n===FILE: b.py ===\nrun()\n")
    assert [path for _, path, _, _ in _artifacts(text)] == ["a.sql"]
    markers = "===FILE: a.sql===\nSELECT 1;\n=== FILE: b.py ===\nrun()\n"
    assert [path for _, path, _, _ in _artifacts(markers)] == ["a.sql", "b.py"]


def test_fences_inline_code_and_statements_in_prose() -> None:
    text = (
        "See `npm run build`.\n\n```sql\nSELECT 1;\n```\nthen\nDELETE FROM t;\n\n~~~js:src/a.js\nrun()\n~~~\n"
    )
    assert _artifacts(text) == [
        (Kind.INLINE, "", "", "npm run build"),
        (Kind.FENCE, "", "sql", "SELECT 1;\n"),
        (Kind.STATEMENT, "", "sql", "DELETE FROM t;"),
        (Kind.FENCE, "src/a.js", "javascript", "run()\n"),
    ]


def test_a_fence_left_open_runs_to_the_end() -> None:
    assert _artifacts("```sql\nSELECT 1;") == [(Kind.FENCE, "", "sql", "SELECT 1;")]


@pytest.mark.parametrize(
    ("path", "live", "inert"),
    [
        ("server.js", True, False),
        ("routes/api/user.js", True, False),
        ("migrations/001_users.sql", True, False),
        ("package.json", True, False),
        (".github/workflows/ci.yml", True, False),
        ("config/stripe.env", True, False),
        ("generated_3.sql", False, True),
        ("docs/routes/a.js", False, True),
        ("tests/server.test.js", False, True),
        ("README.md", False, True),
        ("tools/fresh.js", False, False),
    ],
)
def test_a_path_tells_whether_something_running_depends_on_it(path: str, live: bool, inert: bool) -> None:
    (artifact,) = Document(a_file(path, "x")).artifacts
    assert (artifact.live, artifact.inert) == (live, inert)


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("```js\nMARK();\n```", True),
        ("```js\n// MARK\n```", False),
        ("```js\nconst url = 'http://MARK';\n```", True),
        ("```js\n/* MARK */\n```", False),
        ("```py\n# MARK\n```", False),
        ("```css\n#MARK { color: red }\n```", True),
        ("```text\nMARK\n```", False),
        ("Say MARK.", False),
        ("Say `MARK()` now.", False),
    ],
)
def test_code_runs_and_comments_and_words_do_not(text: str, runs: bool) -> None:
    assert Document(text).runs_at(text.index("MARK")) is runs


def test_a_star_after_a_slash_opens_no_comment_in_a_shell() -> None:
    document = Document("```sh\nrm -rf /*\ndropdb shop\n```")
    assert document.runs_at(document.reading.index(b"dropdb"))


def test_comments_of_code_are_blank_in_what_runs() -> None:
    document = Document("We go on\nhere.\n\n```sql\nDROP /* x */ TABLE a; -- b\nSELECT 1;\n```")
    assert document.running == b"We go on here.\n\n```sql\nDROP         TABLE a;     \nSELECT 1;\n```"
    assert document.flowing == b"We go on here.\n\n```sql\nDROP /* x */ TABLE a; -- b\nSELECT 1;\n```"


def test_a_stray_fence_in_a_file_opens_no_string() -> None:
    document = Document(a_file("a.js", "```javascript\nconst q = eval(text);\nconst p = `a`;\n```"))
    offset = document.reading.index(b"eval")
    assert (document.runs_at(offset), document.is_string_at(offset)) == (True, False)
    assert document.is_string_at(document.reading.index(b"a`;"))
    assert not document.runs_at(document.reading.index(b"```javascript"))


@pytest.mark.parametrize(
    "path",
    ["./migrations/9.sql", "tests/../migrations/9.sql", "migrations\\9.sql", "docs//..//migrations/./9.sql"],
)
def test_a_file_is_known_by_where_it_would_be_written(path: str) -> None:
    assert [each.path for each in Document(a_file(path, "SELECT 1;")).artifacts] == ["migrations/9.sql"]


@pytest.mark.parametrize(
    "command", ["bash docs/tidy.md", "Then `sh -e ./docs/tidy.md` runs.", "psql -f docs/tidy.md"]
)
def test_a_document_that_a_command_runs_is_code(command: str) -> None:
    text = f"{command}\n\n" + a_file("docs/tidy.md", "SELECT 1;")
    language = "shell" if "sh" in command else "sql"
    assert [each.language for each in Document(text).artifacts if each.path] == [language]


def test_a_document_that_is_only_named_stays_a_document() -> None:
    text = "Read docs/tidy.md.\n\n" + a_file("docs/tidy.md", "SELECT 1;")
    assert [each.language for each in Document(text).artifacts if each.path] == ["markdown"]


def test_a_regular_expression_opens_no_string() -> None:
    content = 'const a = /"/; db.query(`TRUNCATE users`); const b = /[/"]/;'
    assert "sql.truncate" in rules_found(a_file("services/a.js", content))


def test_what_mysql_runs_in_a_comment_is_no_comment() -> None:
    assert "sql.drop_table" in rules_found(a_file("migrations/1.sql", "/*!50000 DROP TABLE users */;"))
    assert "sql.drop_table" not in rules_found(a_file("migrations/1.sql", "/**/ /* DROP TABLE users */;"))
