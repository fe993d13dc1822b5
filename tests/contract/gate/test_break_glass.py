"""Break-glass on both databases: two people, a reason, at most an hour, everyone told, a review owed."""

import pytest

from gatekeeper.app import Gatekeeper
from gatekeeper.dossier import Dossier
from gatekeeper.errors import ConflictError, NotPermittedError
from gatekeeper.proposals.revisions import State, VerdictOutcome
from gatekeeper.review.break_glass import BreakGlassState
from tests.support.house import DAY, HOUR, MINUTE, NOW, People
from tests.support.reports import a_blocked_report

REASON = "Checkout is down for every customer since 09:40."


@pytest.fixture
def blocked(house: Gatekeeper, people: People) -> Dossier:
    return house.gate.submit(a_blocked_report(), people.bot, NOW).dossier


def request(house: Gatekeeper, blocked: Dossier, by, reason: str = REASON, ttl: int = 1800):
    return house.break_glass.request(blocked.id, blocked.digest, reason, ttl, by, NOW)


def test_two_people_pass_a_blocked_proposal_for_the_time_asked_for(house, people, blocked):
    asked = request(house, blocked, people.olga)
    assert (asked.state, asked.requested_by) == (BreakGlassState.REQUESTED, "olga")
    assert house.dossiers.get(blocked.id) == blocked
    active = house.break_glass.second(asked.id, people.rita, NOW + MINUTE)
    settled = house.dossiers.get(blocked.id)
    assert (active.state, active.seconded_by, active.expires_at) == (
        BreakGlassState.ACTIVATED,
        "rita",
        NOW + MINUTE + HOUR / 2,
    )
    assert (settled.state, settled.verdict.outcome) == (State.PASSED, VerdictOutcome.PASS)
    assert settled.verdict.expires_at == active.expires_at


def test_it_works_while_the_gate_is_frozen(house, people, blocked):
    house.closures.freeze("all hands", people.olga, NOW)
    asked = request(house, blocked, people.olga)
    house.break_glass.second(asked.id, people.oscar, NOW)
    assert house.dossiers.get(blocked.id).state is State.PASSED


def test_one_person_is_not_two(house, people, blocked):
    asked = request(house, blocked, people.olga)
    second_olga, _ = house.identity.add("olga2", ["operator"], NOW, acts_for="olga")
    for same in (people.olga, second_olga):
        with pytest.raises(ConflictError) as refused:
            house.break_glass.second(asked.id, same, NOW)
        assert refused.value.code == "break_glass_refused"
    assert house.dossiers.get(blocked.id) == blocked


def test_nobody_breaks_the_glass_for_their_own_proposal(house, people, blocked):
    with pytest.raises(NotPermittedError):
        request(house, blocked, people.alias)
    asked = request(house, blocked, people.olga)
    with pytest.raises(NotPermittedError) as refused:
        house.break_glass.second(asked.id, people.alias, NOW)
    assert refused.value.code == "own_proposal"


@pytest.mark.parametrize(("reason", "ttl"), [("urgent", 1800), (REASON, 3601), (REASON, 0)])
def test_it_needs_a_real_reason_and_at_most_an_hour(house, people, blocked, reason, ttl):
    with pytest.raises(ConflictError) as refused:
        request(house, blocked, people.olga, reason, ttl)
    assert refused.value.code == "break_glass_refused"
    assert house.break_glass.all() == []


def test_everyone_is_told_until_somebody_else_has_reviewed_it(house, people, blocked):
    asked = request(house, blocked, people.olga)
    assert [notice.code for notice in house.notices.current(NOW)] == ["break_glass.requested"]
    house.break_glass.second(asked.id, people.rita, NOW)
    assert [notice.code for notice in house.notices.current(NOW + DAY)] == ["break_glass.activated"]
    for participant in (people.olga, people.rita, people.alias):
        with pytest.raises(NotPermittedError):
            house.break_glass.record_review(asked.id, "It was right.", participant, NOW + DAY)
    reviewed = house.break_glass.record_review(asked.id, "It was right.", people.ravi, NOW + DAY)
    assert (reviewed.state, reviewed.reviewed_by) == (BreakGlassState.REVIEWED, "ravi")
    assert house.notices.current(NOW + DAY) == []


def test_an_overdue_review_stops_the_next_use(house, people, blocked):
    asked = request(house, blocked, people.olga)
    house.break_glass.second(asked.id, people.rita, NOW)
    other = house.gate.submit(a_blocked_report(), people.bot, NOW + 5 * DAY).dossier
    with pytest.raises(ConflictError) as refused:
        house.break_glass.request(other.id, other.digest, REASON, 600, people.oscar, NOW + 5 * DAY)
    assert refused.value.code == "break_glass_refused"
