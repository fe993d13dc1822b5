"""Answers to a client: what is not exactly a gate's answer is no answer, whatever it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.client.answers import issued_of, spent_of, state_of, submitted_of
from gatekeeper.errors import GatekeeperError, InvalidInputError
from gatekeeper.permits.permit import ActionBinding
from gatekeeper.proposals.digest import report_digest
from tests.support.reports import a_report

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    ["id", "digest", "revision", "state", "verdict", "permit", "execution", "receipt", "bundle"]
)
REPORT = a_report()
PROPOSAL = {
    "id": REPORT.id,
    "digest": report_digest(REPORT),
    "revision": 3,
    "state": "passed",
    "verdict": {"outcome": "pass"},
}


@given(JSON | st.dictionaries(NAMES, JSON))
def test_whatever_answers_is_read_or_refused(answer: object) -> None:
    readings: tuple[Callable[[object], object], ...] = (
        issued_of,
        spent_of,
        lambda value: submitted_of(value, REPORT),
        lambda value: state_of(value, "exec_1"),
    )
    for read in readings:
        with pytest.raises(GatekeeperError):
            read(answer)


def test_the_binding_is_of_the_report_that_was_sent() -> None:
    submitted = submitted_of(PROPOSAL, REPORT)
    assert (submitted.state, submitted.verdict) == ("passed", "pass")
    reference = submitted.binding.proposal
    assert submitted.binding == ActionBinding(reference, REPORT.action)
    assert (reference.id, reference.revision, reference.digest) == (REPORT.id, 3, report_digest(REPORT))


@pytest.mark.parametrize(
    "change", [{"id": "fsar_2"}, {"digest": "sha256:" + "0" * 64}, {"revision": True}, {"revision": "3"}]
)
def test_an_answer_about_another_report_or_revision_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((GatekeeperError, InvalidInputError)):
        submitted_of(PROPOSAL | change, REPORT)
