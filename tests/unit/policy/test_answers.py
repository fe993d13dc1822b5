"""Reading an engine's answer: exactly right, or "could not decide"."""

import copy
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import UnavailableError
from gatekeeper.policy.answers import decide, judge_break_glass, judge_reviews
from gatekeeper.policy.decision import (
    Decision,
    Effect,
    Outcome,
    PolicyRef,
    Reason,
    ReviewResult,
    ReviewState,
)
from gatekeeper.policy.engine import Question

REVISION = "sha256:" + "1" * 64
BLOCK = {"code": "b", "effect": "block", "message": "m", "remedy": "r"}
REVIEW = {"code": "a", "effect": "review", "message": "m", "remedy": "r"}
NOTE = {"code": "n", "effect": "note", "message": "m", "remedy": "r"}


@dataclass(frozen=True)
class Saying:
    """An engine that gives one answer: the least a policy engine can be."""

    answer: object
    name: str = "embedded"

    def ask(self, question: Question, policy_input: object) -> object:
        return self.answer


def gate_answer(outcome: object, *reasons: object) -> dict[str, object]:
    return {"result": {"outcome": outcome, "reasons": list(reasons)}, "revision": REVISION}


def review_answer(state: object, *reasons: object) -> dict[str, object]:
    return {"result": {"state": state, "reasons": list(reasons)}, "revision": REVISION}


def read(answer: object) -> Decision:
    return decide(Saying(answer), REVISION, {})


def test_a_right_answer_is_read_with_the_gravest_reason_first():
    assert read(gate_answer("block", NOTE, REVIEW, BLOCK)) == Decision(
        Outcome.BLOCK,
        (
            Reason("b", Effect.BLOCK, "m", "r"),
            Reason("a", Effect.REVIEW, "m", "r"),
            Reason("n", Effect.NOTE, "m", "r"),
        ),
        PolicyRef(REVISION, "embedded"),
    )


@pytest.mark.parametrize(
    ("outcome", "reasons"),
    [("allow", [BLOCK]), ("allow", [REVIEW]), ("review", [BLOCK]), ("review", [NOTE]), ("block", [])],
)
def test_an_outcome_that_does_not_follow_from_its_reasons_is_no_answer(outcome, reasons):
    with pytest.raises(UnavailableError) as refused:
        read(gate_answer(outcome, *reasons))
    assert refused.value.code == "undecided"


def test_more_reasons_than_anyone_reads_are_no_answer():
    with pytest.raises(UnavailableError):
        read(gate_answer("block", *[BLOCK] * 201))


def places(value: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    found = [path]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += places(item, (*path, key))
    return found


ANSWERS = [gate_answer("allow"), gate_answer("review", REVIEW, NOTE), gate_answer("block", BLOCK, REVIEW)]
JUNK = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.just([]), st.just({}), st.just([{}])
)


@given(st.sampled_from(ANSWERS), st.data())
def test_no_single_change_turns_an_answer_into_a_milder_one(answer, data):
    changed = copy.deepcopy(answer)
    path = data.draw(st.sampled_from([place for place in places(answer) if place]))
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    action = data.draw(st.sampled_from(["replace", "remove", "add"]))
    if action == "remove":
        del holder[path[-1]]
    elif action == "add" and isinstance(holder, dict):
        holder[data.draw(st.text(min_size=1, max_size=5))] = data.draw(JUNK)
    else:
        holder[path[-1]] = data.draw(JUNK)
    try:
        decision = read(changed)
    except UnavailableError:
        return
    assert decision.outcome == answer["result"]["outcome"]


@given(JUNK)
def test_junk_is_no_answer(junk):
    for ask in (decide, judge_reviews, judge_break_glass):
        with pytest.raises(UnavailableError):
            ask(Saying(junk), REVISION, {})


def test_an_approval_needs_a_reason_and_only_notes():
    result = judge_reviews(Saying(review_answer("approved", NOTE)), REVISION, {})
    assert result == ReviewResult(
        ReviewState.APPROVED, (Reason("n", Effect.NOTE, "m", "r"),), PolicyRef(REVISION, "embedded")
    )
    for reasons in ([], [REVIEW], [BLOCK], [NOTE, REVIEW]):
        with pytest.raises(UnavailableError):
            judge_reviews(Saying(review_answer("approved", *reasons)), REVISION, {})


def test_only_a_rejection_has_a_blocking_reason():
    assert judge_break_glass(Saying(review_answer("rejected", BLOCK)), REVISION, {}).state == "rejected"
    for state, reasons in (("rejected", [NOTE]), ("undecided", [BLOCK])):
        with pytest.raises(UnavailableError):
            judge_break_glass(Saying(review_answer(state, *reasons)), REVISION, {})


def test_another_revision_is_stale():
    with pytest.raises(UnavailableError) as refused:
        decide(Saying(gate_answer("allow")), "sha256:" + "2" * 64, {})
    assert refused.value.code == "stale_policy"
