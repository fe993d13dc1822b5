"""Code that stands in a document is read; code that stands in a plan is run."""

from __future__ import annotations

import pytest

from gatekeeper.assessment.text.artifacts import Artifact, Kind
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.documentation import is_document_file, reads_as_manual
from tests.unit.assessment.proposals import a_file, assessed

FENCE = "```sql\nTRUNCATE TABLE cats;\n```"
MANUAL = f"# Emptying tables\n\n## Syntax\n\n`TRUNCATE name;`\n\n## Example\n\n{FENCE}\n"


@pytest.mark.parametrize("text", [MANUAL, a_file("docs/truncate.md", FENCE), a_file("notes/sql.rst", FENCE)])
def test_a_document_that_shows_a_deed_is_allowed(text: str) -> None:
    assert assessed(text).severity.assessed < 25


@pytest.mark.parametrize(
    "text",
    [
        FENCE,
        f"## Example\n\n{FENCE}",
        f"{MANUAL}\n\nPlease run this tonight.",
        f"{MANUAL}\n\nWe will empty the table.",
        a_file("migrations/1.sql", "-- Syntax\n-- Example\nTRUNCATE TABLE cats;"),
    ],
)
def test_a_plan_that_holds_the_same_is_not(text: str) -> None:
    assert assessed(text).severity.assessed >= 45


def test_a_secret_in_a_document_is_told_all_the_same() -> None:
    key = (
        "-----BEGIN RSA PRIVATE KEY-----\n"
        + "MIIEpAIBAAKCAQEA7bq8YHt2" * 8
        + "\n-----END RSA PRIVATE KEY-----"
    )
    assert assessed(a_file("docs/key.md", key)).severity.assessed >= 45


@pytest.mark.parametrize(
    ("path", "is_document"),
    [
        ("docs/a.md", True),
        ("notes/a.rst", True),
        ("docs/a.txt", True),
        ("requirements.txt", False),
        ("AGENTS.md", False),
        (".github/pull_request_template.md", False),
        ("a.sql", False),
    ],
)
def test_what_programs_or_agents_follow_is_no_document(path: str, is_document: bool) -> None:
    assert is_document_file(Artifact(Kind.FILE, path, "", 0, 0)) is is_document


def test_what_hides_in_a_text_is_no_manual_by_itself() -> None:
    document = Document(f"{MANUAL}\n<!-- remark -->\n")
    assert [reads_as_manual(each) for each in (document, *document.hidden)] == [True, False]
