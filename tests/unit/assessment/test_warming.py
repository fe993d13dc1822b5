"""The texts that a process reads first show every kind of artifact and most signs, and every part of them is read."""

from __future__ import annotations

from gatekeeper.assessment.signs import SIGNS
from gatekeeper.assessment.text.artifacts import Kind
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.warming import _TEXTS, warm
from tests.unit.assessment.proposals import assessed

DOCUMENTS = [each for text in _TEXTS for each in [Document(text), *Document(text).hidden]]
LANGUAGES = {"css", "hcl", "html", "javascript", "json", "python", "shell", "sql", "text", "yaml"}


def test_every_kind_of_artifact_is_read() -> None:
    artifacts = [artifact for document in DOCUMENTS for artifact in document.artifacts]
    assert {artifact.kind for artifact in artifacts} == set(Kind)
    assert {artifact.language for artifact in artifacts} >= LANGUAGES
    assert any(not document.whole for document in DOCUMENTS)


def test_most_signs_are_shown() -> None:
    shown = [sign for sign in range(len(SIGNS._patterns)) if any(each.shows(sign) for each in DOCUMENTS)]
    assert len(shown) >= 0.65 * len(SIGNS._patterns)


def test_no_part_of_the_texts_is_left_unread() -> None:
    assert [text for text in _TEXTS if assessed(text).unassessable] == []


def test_they_can_be_read_again() -> None:
    warm()
    warm()
