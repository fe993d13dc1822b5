"""People's part on both databases: votes, quorum, separation of duties, veto, expiry, withdrawal."""

from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from gatekeeper import app
from gatekeeper.app import Gatekeeper
from gatekeeper.dossier import Dossier
from gatekeeper.errors import ConflictError, InvalidInputError, NotPermittedError
from gatekeeper.identity.principal import Principal
from gatekeeper.ledger import log
from gatekeeper.proposals.revisions import State, VerdictOutcome
from tests.support.house import DAY, HOUR, MINUTE, NOW, People
from tests.support.reports import a_blocked_report, a_report, a_report_for_review
from tests.support.workspace import another_policy


@pytest.fixture
def blocked(house: Gatekeeper, people: People) -> Dossier:
    return house.gate.submit(a_blocked_report(), people.bot, NOW).dossier


@pytest.fixture
def soft(house: Gatekeeper, people: People) -> Dossier:
    return house.gate.submit(a_report_for_review(), people.bot, NOW).dossier


def vote(house: Gatekeeper, dossier: Dossier, voter: Principal, kind: str = "approve", at=NOW) -> Dossier:
    house.reviews.vote(dossier.id, kind, "I read it.", dossier.digest, voter, at)
    return house.dossiers.get(dossier.id)


def test_one_approval_passes_a_soft_block(house: Gatekeeper, people: People, soft: Dossier):
    settled = vote(house, soft, people.rita)
    assert (settled.state, settled.verdict.outcome) == (State.PASSED, VerdictOutcome.PASS)
    assert (settled.verdict.at, settled.verdict.expires_at, settled.review_due_at) == (NOW, None, None)
    assert settled.verdict.leaf == house.dossiers.history(soft.id)[-1].index


def test_a_hard_block_needs_two_distinct_reviewers(house: Gatekeeper, people: People, blocked: Dossier):
    assert vote(house, blocked, people.rita).state is State.PENDING_REVIEW
    with pytest.raises(ConflictError) as again:
        vote(house, blocked, people.rita)
    assert again.value.code == "already_voted"
    assert vote(house, blocked, people.ravi).state is State.PASSED
    types = [entry.type for entry in house.dossiers.history(blocked.id)]
    assert types == [
        "proposal.submitted",
        "proposal.decided",
        "vote.cast",
        "vote.cast",
        "verdict.settled",
    ]
    assert log.verify(house.database).ok


def test_two_aliases_of_one_person_are_one_reviewer(house: Gatekeeper, people: People, blocked: Dossier):
    second_rita, _ = house.identity.add("rita2", ["reviewer"], NOW, acts_for="rita")
    vote(house, blocked, people.rita)
    assert vote(house, blocked, second_rita).state is State.PENDING_REVIEW
    assert vote(house, blocked, people.ravi).state is State.PASSED


def test_one_rejection_is_a_veto(house: Gatekeeper, people: People, blocked: Dossier):
    vote(house, blocked, people.rita)
    settled = vote(house, blocked, people.ravi, "reject")
    assert (settled.state, settled.verdict.outcome) == (State.FAILED, VerdictOutcome.FAIL)
    assert settled.verdict.reasons != ()


def test_an_approval_can_be_taken_back_by_rejecting(house: Gatekeeper, people: People, blocked: Dossier):
    vote(house, blocked, people.rita)
    assert vote(house, blocked, people.rita, "reject").state is State.FAILED


def test_a_settled_verdict_never_changes(house: Gatekeeper, people: People, soft: Dossier):
    settled = vote(house, soft, people.rita)
    for attempt in (
        lambda: vote(house, soft, people.ravi, "reject"),
        lambda: house.reviews.withdraw(soft.id, people.bot, NOW),
    ):
        with pytest.raises(ConflictError) as refused:
            attempt()
        assert refused.value.code == "settled"
    assert house.reviews.settle_waiting(NOW + 30 * DAY) == 0
    assert house.dossiers.get(soft.id) == settled


def test_a_submitter_cannot_vote_on_their_own_proposal(house: Gatekeeper, people: People):
    own = house.gate.submit(a_report_for_review(), people.both, NOW).dossier
    for kind in ("approve", "reject"):
        with pytest.raises(NotPermittedError) as refused:
            vote(house, own, people.both, kind)
        assert refused.value.code == "own_proposal"
    assert house.dossiers.get(own.id) == own


def test_whoever_acts_for_the_submitter_cannot_vote(house: Gatekeeper, people: People, soft: Dossier):
    with pytest.raises(NotPermittedError) as refused:
        vote(house, soft, people.alias)
    assert refused.value.code == "own_proposal"


def test_an_operator_is_no_reviewer(house: Gatekeeper, people: People, soft: Dossier):
    with pytest.raises(NotPermittedError) as refused:
        vote(house, soft, people.olga)
    assert refused.value.code == "role_missing"


def test_a_vote_is_bound_to_the_digest_that_was_read(house: Gatekeeper, people: People, blocked: Dossier):
    changed = a_blocked_report(id=blocked.id, proposal="Quite another change.")
    current = house.gate.submit(changed, people.bot, NOW).dossier
    with pytest.raises(ConflictError) as refused:
        vote(house, blocked, people.rita)
    assert (refused.value.code, refused.value.fields) == (
        "digest_not_current",
        {"current_digest": current.digest},
    )
    assert house.dossiers.get(blocked.id).votes == ()


@pytest.mark.parametrize(
    ("kind", "reason", "pointer"),
    [("maybe", "x", "/vote"), ("approve", "  ", "/reason"), ("approve", "x" * 2001, "/reason")],
)
def test_a_vote_says_what_and_why(house, people, soft, kind, reason, pointer):
    with pytest.raises(InvalidInputError) as refused:
        house.reviews.vote(soft.id, kind, reason, soft.digest, people.rita, NOW)
    assert [fault.pointer for fault in refused.value.errors] == [pointer]
    assert house.dossiers.get(soft.id) == soft


def test_a_reviewer_who_lost_the_role_no_longer_counts(house: Gatekeeper, people: People, blocked: Dossier):
    vote(house, blocked, people.rita)
    house.identity.disable("rita", NOW)
    assert vote(house, blocked, people.ravi).state is State.PENDING_REVIEW


def test_an_old_vote_no_longer_counts(house: Gatekeeper, people: People, blocked: Dossier):
    vote(house, blocked, people.rita)
    late = NOW + DAY + MINUTE
    assert vote(house, blocked, people.ravi, at=late).state is State.PENDING_REVIEW


def test_an_approval_that_no_longer_counts_can_be_given_again(house, people, blocked):
    vote(house, blocked, people.rita)
    late = NOW + DAY + MINUTE
    assert vote(house, blocked, people.rita, at=late).state is State.PENDING_REVIEW
    assert vote(house, blocked, people.ravi, at=late).state is State.PASSED


def test_a_review_nobody_decided_expires_to_fail(house: Gatekeeper, people: People, blocked: Dossier):
    vote(house, blocked, people.rita)
    assert blocked.review_due_at is not None
    assert house.reviews.settle_waiting(blocked.review_due_at - MINUTE) == 0
    assert house.reviews.settle_waiting(blocked.review_due_at + MINUTE) == 1
    settled = house.dossiers.get(blocked.id)
    assert (settled.state, settled.verdict.outcome) == (State.EXPIRED, VerdictOutcome.FAIL)
    with pytest.raises(ConflictError):
        vote(house, blocked, people.ravi)


def test_a_review_that_policy_cannot_judge_keeps_no_other_from_its_end(
    house: Gatekeeper, people: People, tmp_path: Path
):
    rule = "approval/approval.rego"
    policies = another_policy(tmp_path / "policies")
    (policies / rule).write_text(
        (policies / rule)
        .read_text()
        .replace("\tis_string(input.submitter)\n", '\tinput.submitter != "both"\n')
    )
    lacking = app.build(replace(house.settings, policies_dir=policies))
    unjudged = [house.gate.submit(a_blocked_report(), people.both, NOW).dossier for _ in range(3)]
    others = [house.gate.submit(a_blocked_report(), people.bot, NOW + MINUTE).dossier for _ in range(3)]
    with capture_logs() as told:
        assert lacking.reviews.settle_waiting(NOW + 30 * DAY) == 3
    assert [house.dossiers.get(each.id).state for each in others] == [State.EXPIRED] * 3
    assert [house.dossiers.get(each.id) for each in unjudged] == unjudged
    assert [entry for entry in told if entry["event"] == "proposal.not_settled"] == [
        {"event": "proposal.not_settled", "log_level": "error", "proposal": each, "code": "undecided"}
        for each in sorted(each.id for each in unjudged)
    ]
    assert house.reviews.settle_waiting(NOW + 30 * DAY) == 3
    lacking.database.close()


def test_approvals_wait_while_frozen_and_settle_after_the_thaw(house, people, soft):
    house.closures.freeze("incident 7", people.olga, NOW)
    waiting = vote(house, soft, people.rita)
    assert (waiting.state, len(waiting.votes)) == (State.PENDING_REVIEW, 1)
    assert house.reviews.settle_waiting(NOW + MINUTE) == 0
    house.closures.thaw(people.olga, NOW + HOUR)
    assert house.reviews.settle_waiting(NOW + HOUR) == 1
    assert house.dossiers.get(soft.id).state is State.PASSED


def test_submitters_withdraw_what_is_pending(house: Gatekeeper, people: People, blocked: Dossier):
    with pytest.raises(NotPermittedError):
        house.reviews.withdraw(blocked.id, people.rita, NOW)
    house.reviews.withdraw(blocked.id, people.bot, NOW)
    settled = house.dossiers.get(blocked.id)
    assert (settled.state, settled.verdict.outcome) == (State.WITHDRAWN, VerdictOutcome.FAIL)
    assert [reason.code for reason in settled.verdict.reasons] == ["withdrawn"]


def test_a_passed_proposal_has_nothing_to_vote_on(house: Gatekeeper, people: People):
    passed = house.gate.submit(a_report(), people.bot, NOW).dossier
    with pytest.raises(ConflictError):
        vote(house, passed, people.rita)
