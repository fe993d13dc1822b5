"""What the exit codes mean, and what several of them amount to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.cli.exits import ExitCode, fold, of_error, of_outcome
from gatekeeper.errors import (
    ConflictError,
    GatekeeperError,
    InvalidInputError,
    NotAuthenticatedError,
    NotFoundError,
    NotPermittedError,
    TamperError,
    TooLargeError,
    UnavailableError,
    UnsupportedFormError,
)

DECIDED = [code for code in ExitCode if code is not ExitCode.INTERRUPTED]


def test_the_codes_are_those_of_the_contract():
    assert [(code.name, code.value) for code in DECIDED] == [
        ("ALLOWED", 0),
        ("BLOCKED", 1),
        ("INVALID", 2),
        ("AWAITING", 3),
        ("UNDECIDED", 4),
    ]


@given(st.lists(st.sampled_from(DECIDED), min_size=1))
def test_of_several_the_first_of_4_2_1_3_0_counts(codes):
    assert fold(codes) == next(value for value in (4, 2, 1, 3, 0) if value in codes)


def test_nothing_judged_is_not_allowed():
    assert fold([]) is ExitCode.INVALID


@pytest.mark.parametrize(
    ("family", "code"),
    [
        (InvalidInputError, 2),
        (TooLargeError, 2),
        (UnsupportedFormError, 2),
        (NotAuthenticatedError, 2),
        (NotFoundError, 2),
        (NotPermittedError, 1),
        (ConflictError, 1),
        (TamperError, 1),
        (UnavailableError, 4),
        (GatekeeperError, 4),
    ],
)
def test_each_family_of_errors_has_its_code(family, code):
    assert of_error(family("because")) == code


@pytest.mark.parametrize(
    ("outcome", "code"), [("allow", 0), ("block", 1), ("review", 3), ("ALLOW", 4), ("", 4), ("warn", 4)]
)
def test_an_outcome_that_is_not_known_is_not_decided(outcome, code):
    assert of_outcome(outcome) == code
