"""Who stood for a pass, as the log says it: a verdict names the question that policy was asked; older ones do not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gatekeeper.identity.principal import Role
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType, ProposalRef
from gatekeeper.review.approvals import Approvals, approvals_of
from gatekeeper.storage.database import Database
from tests.support.house import HOUR, NOW

PROPOSAL = ProposalRef("fsar_6c6ffd3c-1f7d-4ac6-a77a-2f3a4d3e5f60", 1, "sha256:" + "a" * 64)
PASS = {"outcome": "pass", "reasons": [], "policy": {"revision": "sha256:1"}}
BREAKERS, VOTERS = (Role.REVIEWER, Role.OPERATOR), (Role.REVIEWER,)


def glass(kind: EventType, actor: str, use: str) -> Event:
    return Event(kind, NOW, actor, PROPOSAL, {"break_glass": use})


def stood_for(database: Database, facts: dict[str, object], settled_by: str = "prn_2") -> Approvals:
    """Two uses of break-glass are asked for and one is seconded; then the verdict, with these facts more."""
    steps = [
        glass(EventType.BREAK_GLASS_REQUESTED, "prn_9", "bg_other"),
        glass(EventType.BREAK_GLASS_REQUESTED, "prn_1", "bg_1"),
        glass(EventType.BREAK_GLASS_ACTIVATED, "prn_2", "bg_1"),
        Event(EventType.VERDICT_SETTLED, NOW, settled_by, PROPOSAL, PASS | facts),
    ]
    with database.write() as connection:
        *_, verdict = log.append(connection, steps)
        return approvals_of(connection, PROPOSAL, verdict, HOUR)


@pytest.mark.parametrize("facts", [{"question": "break_glass", "break_glass": "bg_1"}, {}])
def test_a_verdict_of_broken_glass_rests_on_the_two_who_broke_it(database: Database, facts):
    assert stood_for(database, facts) == Approvals(
        (1, 2), frozenset({"prn_1", "prn_2"}), BREAKERS, "sha256:1", is_sound=True
    )


@pytest.mark.parametrize(
    ("facts", "settled_by"),
    [
        ({"question": "approval"}, "prn_2"),
        ({}, "prn_3"),
    ],
)
def test_a_verdict_of_votes_does_not_rest_on_glass_that_was_broken_before(
    database: Database, facts, settled_by: str
):
    stood = stood_for(database, facts, settled_by)
    assert (stood.leaves, stood.approvers, stood.roles) == ((), frozenset(), VOTERS)


def test_a_verdict_that_names_another_use_rests_on_that_one(database: Database):
    stood = stood_for(database, {"question": "break_glass", "break_glass": "bg_other"})
    assert (stood.leaves, stood.approvers) == ((0,), frozenset({"prn_9"}))


def test_votes_count_for_as_long_as_policy_says(database: Database):
    votes = [
        Event(EventType.VOTE_CAST, NOW - age, f"prn_{number}", PROPOSAL, {"vote": "approve"})
        for number, age in enumerate((HOUR + timedelta(seconds=1), HOUR, timedelta(0)))
    ]
    verdict = Event(EventType.VERDICT_SETTLED, NOW, "prn_2", PROPOSAL, PASS | {"question": "approval"})
    with database.write() as connection:
        log.append(connection, [*votes, verdict])
        stood = approvals_of(connection, PROPOSAL, 3, HOUR)
    assert (stood.leaves, stood.roles) == ((1, 2), VOTERS)
    assert not stood.is_sound, "no row says that they voted"
