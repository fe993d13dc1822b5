"""Why a permit is refused: every reason alone, the more final before the less, and nothing when all is well."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.errors import ConflictError, NotPermittedError
from gatekeeper.permits.conditions import Pass, Redeemable, Refusal, why_not_issued, why_not_redeemed
from gatekeeper.permits.permit import Standing

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PASS = Pass(passed=True, expires_at=None, frozen=False, same_policy=True, approvals_hold=True)
PERMIT = Redeemable(
    standing=Standing.ISSUED,
    executor_enabled=True,
    asker_enabled=True,
    not_before=NOW,
    obstacle=None,
    witnessed=True,
)


def issued(
    revision: Pass = PASS, current: bool = True, obstacle: Refusal | None = None, witnessed: bool = True
):
    return why_not_issued(revision, is_current=current, obstacle=obstacle, witnessed=witnessed, now=NOW)


def test_when_all_is_well_there_is_no_reason():
    assert issued() is None
    assert why_not_redeemed(PERMIT, PASS, NOW) is None


LOST = [
    (replace(PASS, passed=False), Refusal.VERDICT_NOT_PASS),
    (replace(PASS, expires_at=NOW), Refusal.VERDICT_EXPIRED),
    (replace(PASS, frozen=True), Refusal.GATE_FROZEN),
    (replace(PASS, same_policy=False), Refusal.POLICY_CHANGED),
    (replace(PASS, approvals_hold=False), Refusal.APPROVALS_CHANGED),
]


@pytest.mark.parametrize(("revision", "reason"), LOST)
def test_what_the_pass_has_lost_is_told_at_both_doors(revision: Pass, reason: Refusal):
    assert issued(revision) is reason
    assert why_not_redeemed(PERMIT, revision, NOW) is reason


def test_a_pass_holds_until_the_second_it_ends():
    assert issued(replace(PASS, expires_at=NOW + SECOND)) is None


def test_only_the_current_revision_gets_a_permit():
    assert issued(replace(PASS, passed=False), current=False) is Refusal.NOT_CURRENT


def test_an_execution_and_missing_witnesses_stand_in_the_way():
    assert issued(obstacle=Refusal.EXECUTED, witnessed=False) is Refusal.EXECUTED
    assert issued(witnessed=False) is Refusal.VERDICT_NOT_WITNESSED


@pytest.mark.parametrize(
    ("permit", "reason"),
    [
        (replace(PERMIT, standing=Standing.CONSUMED), Refusal.CONSUMED),
        (replace(PERMIT, standing=Standing.REVOKED), Refusal.REVOKED),
        (replace(PERMIT, standing=Standing.SUPERSEDED), Refusal.SUPERSEDED),
        (replace(PERMIT, standing=Standing.VOIDED), Refusal.VOIDED),
        (replace(PERMIT, standing=Standing.EXPIRED), Refusal.EXPIRED),
        (replace(PERMIT, not_before=NOW + 31 * SECOND), Refusal.NOT_YET_VALID),
        (replace(PERMIT, executor_enabled=False), Refusal.EXECUTOR_DISABLED),
        (replace(PERMIT, asker_enabled=False), Refusal.ASKER_DISABLED),
        (replace(PERMIT, obstacle=Refusal.OUTCOME_UNKNOWN), Refusal.OUTCOME_UNKNOWN),
        (replace(PERMIT, witnessed=False), Refusal.NOT_WITNESSED),
    ],
)
def test_what_is_wrong_with_the_permit_itself(permit: Redeemable, reason: Refusal):
    assert why_not_redeemed(permit, PASS, NOW) is reason


def test_a_clock_may_be_30_seconds_slow_at_the_beginning():
    assert why_not_redeemed(replace(PERMIT, not_before=NOW + 30 * SECOND), PASS, NOW) is None


def test_a_freeze_is_told_before_what_it_does_to_the_permit():
    voided = replace(PERMIT, standing=Standing.VOIDED)
    assert why_not_redeemed(voided, replace(PASS, frozen=True), NOW) is Refusal.GATE_FROZEN
    assert why_not_redeemed(voided, PASS, NOW) is Refusal.VOIDED


PASSES = st.builds(
    Pass,
    passed=st.booleans(),
    expires_at=st.none() | st.sampled_from([NOW - SECOND, NOW, NOW + SECOND]),
    frozen=st.booleans(),
    same_policy=st.booleans(),
    approvals_hold=st.booleans(),
)
PERMITS = st.builds(
    Redeemable,
    standing=st.sampled_from(Standing),
    executor_enabled=st.booleans(),
    asker_enabled=st.booleans(),
    obstacle=st.none() | st.just(Refusal.EXECUTED),
    not_before=st.sampled_from([NOW - SECOND, NOW + 30 * SECOND, NOW + 31 * SECOND]),
    witnessed=st.booleans(),
)


@given(PERMITS, PASSES)
def test_nothing_is_redeemed_unless_everything_holds(permit: Redeemable, revision: Pass):
    holds = (
        permit.standing is Standing.ISSUED
        and all((permit.executor_enabled, permit.asker_enabled, permit.witnessed))
        and permit.obstacle is None
        and permit.not_before <= NOW + 30 * SECOND
        and issued(revision) is None
    )
    assert (why_not_redeemed(permit, revision, NOW) is None) == holds


@given(PASSES, st.booleans(), st.none() | st.just(Refusal.EXECUTED), st.booleans())
def test_nothing_is_issued_unless_everything_holds(
    revision: Pass, current: bool, obstacle: Refusal | None, witnessed: bool
):
    holds = (
        current
        and witnessed
        and obstacle is None
        and revision.passed
        and revision.same_policy
        and revision.approvals_hold
        and not revision.frozen
        and (revision.expires_at is None or revision.expires_at > NOW)
    )
    assert (issued(revision, current, obstacle, witnessed) is None) == holds


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_reason_is_an_error_with_its_code_and_a_sentence(refusal: Refusal):
    error = refusal.error
    family = NotPermittedError if refusal is Refusal.NOT_THE_AUDIENCE else ConflictError
    assert (type(error), error.code) == (family, refusal.value)
    why, _, what_to_do = error.detail.partition(". ")
    assert why
    assert what_to_do.endswith(".")
