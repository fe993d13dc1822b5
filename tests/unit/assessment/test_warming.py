"""The texts that a process reads first show every kind of artifact and most signs, and every part of them is read."""

from __future__ import annotations

from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.artifacts import Kind
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.warming import TEXTS, warm
from tests.unit.assessment.proposals import a_github_token, assessed

DOCUMENTS = [each for text in TEXTS for each in [Document(text), *Document(text).hidden]]
LANGUAGES = {"css", "hcl", "html", "javascript", "json", "python", "shell", "sql", "text", "yaml"}


def test_every_kind_of_artifact_is_read() -> None:
    artifacts = [artifact for document in DOCUMENTS for artifact in document.artifacts]
    assert {artifact.kind for artifact in artifacts} == set(Kind)
    assert {artifact.language for artifact in artifacts} >= LANGUAGES
    assert any(not document.whole for document in DOCUMENTS)


def test_most_signs_are_shown() -> None:
    shown = [sign for sign in range(len(SIGNS)) if any(each.shows(sign) for each in DOCUMENTS)]
    assert len(shown) >= 0.65 * len(SIGNS)


def test_no_part_of_the_texts_is_left_unread() -> None:
    assert [text for text in TEXTS if assessed(text).unassessable] == []


def test_what_was_read_before_changes_nothing_of_what_is_found() -> None:
    """Not the first time that they are read, and not the second."""
    texts = (*TEXTS, f"```sql\nDROP TABLE users;\n```\n\nUse the token {a_github_token()}.")
    cold = [assessed(text) for text in texts]
    assert {finding.rule for finding in cold[-1].findings} == {"sql.drop_table", "secrets.github_token"}
    for _ in range(2):
        warm()
        assert [assessed(text) for text in texts] == cold
