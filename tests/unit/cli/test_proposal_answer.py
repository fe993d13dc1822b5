"""Only a current pass that has not run out lets automation run."""

import itertools
from datetime import UTC, datetime

import pytest

from gatekeeper.cli.proposal_answer import exit_code_of, proposal_answer
from gatekeeper.errors import UnavailableError

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def a_proposal(**changes):
    value = {
        "id": "fsar_1",
        "revision": 1,
        "digest": "sha256:0",
        "current": True,
        "state": "passed",
        "report": {},
        "assessment": {},
        "decision": {"outcome": "allow"},
        "reviews": [],
        "verdict": {"outcome": "pass", "expires_at": None},
    }
    return value | changes


@pytest.mark.parametrize(
    ("verdict", "outcome", "current", "code"),
    [
        ("pass", "allow", True, 0),
        ("pass", "block", True, 0),
        ("pass", "allow", False, 1),
        ("fail", "allow", True, 1),
        ("fail", "review", False, 1),
        ("pending", "review", True, 3),
        ("pending", "block", True, 1),
        ("pending", "review", False, 1),
        ("pending", "allow", True, 1),
        ("passed", "allow", True, 4),
        (None, "allow", True, 4),
    ],
)
def test_the_exit_code_follows_the_verdict(verdict, outcome, current, code):
    proposal = a_proposal(
        verdict={"outcome": verdict, "expires_at": None}, decision={"outcome": outcome}, current=current
    )
    assert exit_code_of(proposal, NOW) == code


def test_nothing_but_a_current_pass_is_ever_zero():
    verdicts = ("pass", "fail", "pending", "passed", "", None)
    for verdict, outcome, current in itertools.product(verdicts, ("allow", "review", "block"), (True, False)):
        proposal = a_proposal(verdict={"outcome": verdict}, decision={"outcome": outcome}, current=current)
        assert (exit_code_of(proposal, NOW) == 0) == (verdict == "pass" and current)


@pytest.mark.parametrize(
    ("expires_at", "code"),
    [
        ("2026-03-02T10:00:00.000001Z", 0),
        ("2026-03-02T10:00:00.000000Z", 1),
        ("2026-03-02T09:59:59.000000Z", 1),
        ("soon", 1),
        (60, 1),
        ("2026-03-02T11:00:00", 1),
    ],
)
def test_a_pass_for_a_time_ends_with_it(expires_at, code):
    proposal = a_proposal(verdict={"outcome": "pass", "expires_at": expires_at})
    assert exit_code_of(proposal, NOW) == code


@pytest.mark.parametrize("name", sorted(a_proposal()))
def test_an_answer_without_one_of_its_members_is_no_answer(name):
    value = a_proposal()
    del value[name]
    with pytest.raises(UnavailableError):
        proposal_answer(value)


@pytest.mark.parametrize("value", [None, [], "pass", {}, a_proposal(current="yes"), a_proposal(verdict=None)])
def test_an_answer_of_another_shape_is_no_answer(value):
    with pytest.raises(UnavailableError):
        proposal_answer(value)
