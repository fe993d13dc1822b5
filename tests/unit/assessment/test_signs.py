"""One pass finds every sign that stands in any view of a text, and takes all to be there when it cannot tell."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from gatekeeper.assessment.analyzers import RULES
from gatekeeper.assessment.signs import SIGNS, Signs
from gatekeeper.assessment.text.document import Document
from gatekeeper.assessment.text.reading import compile_pattern

COMPILED = tuple(map(compile_pattern, SIGNS._patterns))
TEXTS = [text for rule in RULES for text in (*rule.examples, *rule.lookalikes)]


def _signs(*patterns: str) -> Signs:
    signs = Signs()
    for pattern in patterns:
        signs.add(pattern)
    return signs


def _passed_over(document: Document) -> list[str]:
    """The signs that a pass of their own finds in some view and the one pass over the text does not."""
    views = (document.reading, document.running, document.prose)
    return [
        SIGNS._patterns[number]
        for number, pattern in enumerate(COMPILED)
        if not document.shows(number) and any(pattern.search(view) is not None for view in views)
    ]


def test_no_sign_is_passed_over_in_any_view_of_an_example() -> None:
    wholes = [Document(text) for text in TEXTS]
    documents = [each for whole in wholes for each in (whole, *whole.hidden)]
    assert [found for document in documents if (found := _passed_over(document))] == []


@given(st.lists(st.sampled_from(TEXTS), min_size=2, max_size=3), st.data())
@settings(max_examples=60, deadline=None)
def test_no_sign_is_passed_over_in_a_mixture_of_examples(texts: list[str], data: st.DataObject) -> None:
    cuts = [data.draw(st.integers(0, len(text))) for text in texts]
    assert _passed_over(Document("".join(text[:cut] for text, cut in zip(texts, cuts, strict=True)))) == []


def test_only_the_signs_that_stand_in_a_text_are_shown() -> None:
    assert _signs("drop it", "(?i)keep it").shown_in(b"KEEP\n  IT, never drop") == {1}


def test_an_ordinary_text_shows_few_signs() -> None:
    shown = SIGNS.shown_in(b"The button is blue now.")
    assert [pattern for number, pattern in enumerate(SIGNS._patterns) if number in shown] == []


def test_every_sign_is_taken_to_be_there_when_the_set_gives_no_answer() -> None:
    class Exhausted:
        def Match(self, text: bytes) -> None:  # noqa: N802  # the name in google-re2
            return None

    signs = _signs("first", "second")
    assert (0 in signs.shown_in(b"neither"), 1 in signs.shown_in(b"neither")) == (False, False)
    signs._compiled = Exhausted()
    assert (0 in signs.shown_in(b"neither"), 1 in signs.shown_in(b"neither")) == (True, True)


def test_the_signs_of_all_analyzers_are_compiled_together_and_once() -> None:
    SIGNS.shown_in(b"a text")
    compiled = SIGNS._compiled
    SIGNS.shown_in(b"another")
    assert SIGNS._compiled is compiled
    assert len(SIGNS._patterns) >= 20
