"""The page of a proposal: what it shows of text and findings, and how one votes or withdraws there."""

from __future__ import annotations

import re

import pytest

from gatekeeper.clock import utc_now
from gatekeeper.proposals.revisions import State
from gatekeeper.review.votes import VoteKind
from tests.support.reports import a_blocked_report
from tests.support.site import path_of
from tests.support.visitor import ORIGIN


def test_the_text_of_a_proposal_cannot_act(site):
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)> {{ 7 * 7 }} \u202egnp.exe"
    dossier = site.submit(
        a_blocked_report(proposal=hostile, risks=(hostile,), mitigations=(hostile,), ai_model=hostile)
    )
    page = site.visitor("rita").open(path_of(dossier)).page.text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "\u202e" not in page
    assert "{{ 7 * 7 }}" in page
    assert "right-to-left override" in page


def test_a_finding_is_marked_in_the_text_and_linked_both_ways(site, blocked):
    page = site.visitor("rita").open(path_of(blocked)).page.text
    assert '<a class="pin" id="mark-1" href="#finding-1"' in page
    assert re.search(r'<mark data-findings="1"[^>]*>DROP TABLE customers', page)
    assert '<li id="finding-1"' in page
    assert 'href="#mark-1"' in page


def test_claimed_and_assessed_severity_stand_side_by_side_with_their_factors(site, blocked):
    text = site.visitor("rita").open(path_of(blocked)).text
    severity = blocked.assessment.severity
    assert f"Claimed by the author {severity.claimed} Assessed by the gate {severity.assessed}" in text
    assert (
        f"{severity.likelihood} × {severity.damage} × {severity.reversibility} = {severity.assessed}" in text
    )


def test_the_history_names_every_event_with_its_digest(site, blocked):
    page = site.visitor("audrey").open(path_of(blocked)).page.text
    for entry in site.house.dossiers.history(blocked.id):
        assert f'id="event-{entry.index}"' in page
        assert entry.digest in page


def test_an_approval_is_recorded_with_its_reason_and_told(site, blocked):
    visitor = site.visitor("rita").open(path_of(blocked))
    visitor.send(f"{path_of(blocked)}/votes", vote="approve", reason="Read it, backup checked.")
    assert "Your approval is recorded. The proposal still waits." in visitor.text
    assert "1 of 2 approvals by distinct people." in visitor.text
    (vote,) = site.house.dossiers.get(blocked.id).votes
    assert (vote.reviewer, vote.vote, vote.reason, vote.digest) == (
        "rita",
        VoteKind.APPROVE,
        "Read it, backup checked.",
        blocked.digest,
    )


def test_the_second_approval_passes_it(site, blocked):
    for name in ("rita", "ravi"):
        visitor = site.visitor(name).open(path_of(blocked))
        visitor.send(f"{path_of(blocked)}/votes", vote="approve", reason="Fine.")
    assert "with it the proposal has passed" in visitor.text
    assert site.house.dossiers.get(blocked.id).state is State.PASSED
    assert "Nothing has to be done." in visitor.text
    assert "What helps: Nothing" not in visitor.text


def test_one_rejection_fails_it(site, blocked):
    visitor = site.visitor("rita").open(path_of(blocked))
    visitor.send(f"{path_of(blocked)}/votes", vote="reject", reason="There is no backup.")
    assert "It will not run." in visitor.text
    assert site.house.dossiers.get(blocked.id).state is State.FAILED


def test_a_vote_on_what_has_changed_meanwhile_does_not_count(site, blocked):
    visitor = site.visitor("rita").open(path_of(blocked))
    site.submit(a_blocked_report(id=blocked.id, proposal="Something else altogether"))
    visitor.send(f"{path_of(blocked)}/votes", vote="approve", reason="I agree with the first one.")
    assert visitor.page.status_code == 409
    assert "This proposal changed since you opened it." in visitor.text
    assert "Something else altogether" in visitor.text
    assert "I agree with the first one." in visitor.text
    current = site.house.dossiers.get(blocked.id)
    assert (current.revision, current.votes) == (2, ())
    assert visitor.hidden(f"{path_of(blocked)}/votes")["digest"] == current.digest


def test_a_vote_on_what_is_settled_meanwhile_does_not_count(site, blocked):
    visitor = site.visitor("rita").open(path_of(blocked))
    site.house.reviews.withdraw(blocked.id, site.principals["bot"], utc_now())
    visitor.send(f"{path_of(blocked)}/votes", vote="approve", reason="Late.")
    assert visitor.page.status_code == 409
    assert "It was settled before your answer arrived." in visitor.text


@pytest.mark.parametrize("fields", [{"vote": "approve", "reason": "  "}, {"vote": "maybe", "reason": "x"}])
def test_a_faulty_vote_is_refused_on_the_same_page(site, blocked, fields):
    visitor = site.visitor("rita").open(path_of(blocked)).send(f"{path_of(blocked)}/votes", **fields)
    assert visitor.page.status_code == 422
    assert "That was not recorded." in visitor.text
    assert site.house.dossiers.get(blocked.id).votes == ()


def test_whoever_may_not_vote_reads_why_and_gets_no_form(site, blocked):
    own = site.submit(a_blocked_report(), by="both")
    for name, dossier, why in (
        ("both", own, "Whoever proposes a change does not approve it."),
        ("audrey", blocked, "that needs the role reviewer"),
        ("bot", blocked, "Whoever proposes a change does not approve it."),
    ):
        visitor = site.visitor(name).open(path_of(dossier))
        assert why in visitor.text
        assert f"{path_of(dossier)}/votes" not in visitor.page.text


def test_whoever_forges_the_form_of_a_vote_they_do_not_have_is_refused(site):
    own = site.submit(a_blocked_report(), by="both")
    visitor = site.visitor("both").open(path_of(own))
    token = visitor.hidden("/sign-out")["csrf_token"]
    answer = visitor.client.post(
        f"{path_of(own)}/votes",
        data={"csrf_token": token, "vote": "approve", "reason": "mine", "digest": own.digest},
        headers={"Origin": ORIGIN},
    )
    assert answer.status_code == 403
    assert site.house.dossiers.get(own.id).votes == ()


def test_only_those_who_submitted_it_can_withdraw_it(site, blocked):
    assert f"{path_of(blocked)}/withdraw" not in site.visitor("rita").open(path_of(blocked)).page.text
    visitor = site.visitor("bot").open(path_of(blocked)).send(f"{path_of(blocked)}/withdraw")
    assert "Withdrawn. It will not run." in visitor.text
    assert site.house.dossiers.get(blocked.id).state is State.WITHDRAWN


def test_an_earlier_revision_can_be_read_and_not_voted_on(site, blocked):
    site.submit(a_blocked_report(id=blocked.id, proposal="Something else altogether"))
    visitor = site.visitor("rita").open(f"{path_of(blocked)}/revisions/1")
    assert "This is an earlier revision." in visitor.text
    assert "Drop it all" in visitor.text
    assert f"{path_of(blocked)}/votes" not in visitor.page.text


@pytest.mark.parametrize("revision", ["0", "3", "99999999999999999999"])
def test_a_revision_that_does_not_exist_is_not_found(site, blocked, revision):
    assert site.visitor("rita").open(f"{path_of(blocked)}/revisions/{revision}").page.status_code == 404


@pytest.mark.parametrize("identifier", ["%00", "..", "a%20b", "x" * 65, "%F0%9F%91%8D"])
def test_an_identifier_that_could_never_be_ours_is_not_found(site, identifier):
    for path in ("/proposals/{}", "/proposals/{}/break-glass", "/break-glass/{}"):
        assert site.visitor("rita").open(path.format(identifier)).page.status_code == 404


def test_a_form_that_is_far_too_long_is_refused_unread(site, blocked):
    visitor = site.visitor("rita").open(path_of(blocked))
    visitor.send(f"{path_of(blocked)}/votes", vote="approve", reason="x" * 70_000)
    assert (visitor.page.status_code, "That is too long" in visitor.text) == (413, True)
    assert site.house.dossiers.get(blocked.id).votes == ()
