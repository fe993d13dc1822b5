"""People over HTTP: votes, separation of duties, freezes and break-glass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.report import Report
from tests.support.documented import Answer, Automation
from tests.support.in_process import InProcessGate
from tests.support.reports import a_blocked_report, a_report, a_report_for_review

REASON = "Checkout is down; this reverts the change that broke it."


@dataclass(frozen=True)
class People:
    """`alias` is another account of the person behind `bot`; `both` submits and reviews."""

    bot: Automation
    alias: Automation
    both: Automation
    rita: Automation
    ravi: Automation
    olga: Automation
    audrey: Automation


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[InProcessGate]:
    gate = InProcessGate.open(tmp_path)
    yield gate
    gate.house.database.close()


@pytest.fixture
def people(gate: InProcessGate) -> People:
    return People(
        bot=gate.principal("bot", "submitter"),
        alias=gate.principal("alias", "reviewer", "operator", acts_for="bot"),
        both=gate.principal("both", "submitter", "reviewer", "operator"),
        rita=gate.principal("rita", "reviewer"),
        ravi=gate.principal("ravi", "reviewer"),
        olga=gate.principal("olga", "operator"),
        audrey=gate.principal("audrey", "auditor"),
    )


def submitted(by: Automation, report: Report) -> dict[str, Any]:
    answer = by.post("/v1/proposals", report_to_json(report))
    assert answer.status == 201
    proposal: dict[str, Any] = answer.body
    return proposal


def voted(by: Automation, proposal: dict[str, Any], vote: str = "approve", **changes: object) -> Answer:
    body = {"vote": vote, "reason": "Read and understood.", "digest": proposal["digest"]} | changes
    return by.post(f"/v1/proposals/{proposal['id']}/reviews", body)


def standing(answer: Answer) -> tuple[int, str, str]:
    return answer.status, answer.body["state"], answer.body["verdict"]["outcome"]


def test_a_blocked_proposal_passes_with_two_reviewers(people: People) -> None:
    proposal = submitted(people.bot, a_blocked_report())
    assert standing(voted(people.rita, proposal)) == (201, "pending_review", "pending")
    settled = voted(people.ravi, proposal)
    assert standing(settled) == (201, "passed", "pass")
    assert [(vote["reviewer"], vote["vote"]) for vote in settled.body["reviews"]] == [
        ("rita", "approve"),
        ("ravi", "approve"),
    ]


def test_a_soft_block_passes_with_one_reviewer(people: People) -> None:
    assert standing(voted(people.rita, submitted(people.bot, a_report_for_review()))) == (
        201,
        "passed",
        "pass",
    )


def test_one_rejection_is_the_end(people: People) -> None:
    proposal = submitted(people.bot, a_blocked_report())
    assert standing(voted(people.rita, proposal, "reject")) == (201, "failed", "fail")
    late = voted(people.ravi, proposal)
    assert late.status == 409


def test_nobody_votes_on_their_own_proposal(people: People) -> None:
    own = submitted(people.both, a_blocked_report())
    aliased = submitted(people.bot, a_blocked_report())
    for answer in (voted(people.both, own), voted(people.alias, aliased)):
        assert answer.status == 403
    for proposal in (own, aliased):
        now = people.rita.get(f"/v1/proposals/{proposal['id']}").body
        assert (now["state"], now["reviews"]) == ("pending_review", [])


def test_only_reviewers_vote(people: People) -> None:
    proposal = submitted(people.bot, a_blocked_report())
    for outsider in (people.olga, people.audrey, people.bot):
        assert voted(outsider, proposal).status == 403


def test_a_vote_on_what_is_no_longer_current_is_a_conflict(people: People) -> None:
    report = a_blocked_report()
    first = submitted(people.bot, report)
    people.bot.post("/v1/proposals", report_to_json(report) | {"severity": 59})
    assert voted(people.rita, first).status == 409
    assert voted(people.rita, first, digest="sha256:" + "0" * 64).status == 409


def test_the_same_vote_twice_is_a_conflict_and_counts_once(people: People) -> None:
    proposal = submitted(people.bot, a_blocked_report())
    assert voted(people.rita, proposal).status == 201
    assert voted(people.rita, proposal).status == 409
    assert people.bot.get(f"/v1/proposals/{proposal['id']}").body["state"] == "pending_review"


def test_a_frozen_gate_allows_nothing_and_reads_stay_open(people: People) -> None:
    waiting = submitted(people.bot, a_report_for_review())
    frozen = people.olga.post("/v1/freeze", {"reason": "An agent loops."})
    assert (frozen.status, frozen.body["frozen"], frozen.body["frozen_by"]) == (201, True, "olga")
    assert people.olga.post("/v1/freeze", {"reason": "Again."}).body["code"] == "already_frozen"
    assert people.audrey.get("/v1/freeze").body["reason"] == "An agent loops."
    assert [notice["code"] for notice in people.bot.get("/v1/notices").body["items"]] == ["frozen"]
    harmless = submitted(people.bot, a_report())
    assert harmless["verdict"]["outcome"] != "pass"
    assert voted(people.rita, waiting).body["verdict"]["outcome"] == "pending"
    thawed = people.olga.call("DELETE", "/v1/freeze")
    assert (thawed.status, thawed.body["frozen"]) == (200, False)
    assert submitted(people.bot, a_report())["verdict"]["outcome"] == "pass"


def test_only_operators_freeze_and_thaw(people: People) -> None:
    for outsider in (people.bot, people.rita, people.audrey):
        assert outsider.post("/v1/freeze", {"reason": "Because."}).status == 403
    people.olga.post("/v1/freeze", {"reason": "An agent loops."})
    for outsider in (people.bot, people.rita, people.audrey):
        assert outsider.call("DELETE", "/v1/freeze").status == 403
    assert people.audrey.get("/v1/freeze").body["frozen"] is True


def test_two_people_break_the_glass_and_a_third_writes_the_review(people: People) -> None:
    proposal = submitted(people.bot, a_blocked_report())
    body = {"reason": REASON, "digest": proposal["digest"], "ttl_seconds": 600}
    asked = people.rita.post(f"/v1/proposals/{proposal['id']}/break-glass", body)
    assert (asked.status, asked.body["state"], asked.body["requested_by"]) == (201, "requested", "rita")
    address = f"/v1/break-glass/{asked.body['id']}"
    assert people.rita.post(f"{address}/second").status in (403, 409)
    assert people.alias.post(f"{address}/second").status == 403
    in_force = people.olga.post(f"{address}/second", {})
    assert (in_force.status, in_force.body["state"]) == (200, "activated")
    passed = people.bot.get(f"/v1/proposals/{proposal['id']}").body
    assert (passed["state"], passed["verdict"]["expires_at"]) == ("passed", in_force.body["expires_at"])
    assert [notice["code"] for notice in people.bot.get("/v1/notices").body["items"]] == [
        "break_glass.activated"
    ]
    assert people.olga.post(f"{address}/review", {"reason": REASON}).status == 403
    reviewed = people.ravi.post(f"{address}/review", {"reason": "Justified."})
    assert (reviewed.status, reviewed.body["state"], reviewed.body["reviewed_by"]) == (
        200,
        "reviewed",
        "ravi",
    )
    assert people.ravi.post(f"{address}/review", {"reason": "Justified."}).status == 409
    assert people.audrey.get("/v1/break-glass").body["items"] == [reviewed.body]
    assert people.bot.get("/v1/notices").body["items"] == []


@pytest.mark.parametrize("change", [{"reason": "Because."}, {"ttl_seconds": 3601}])
def test_policy_refuses_a_thin_reason_and_a_long_pass(people: People, change: dict[str, object]) -> None:
    proposal = submitted(people.bot, a_blocked_report())
    body = {"reason": REASON, "digest": proposal["digest"], "ttl_seconds": 600} | change
    answer = people.rita.post(f"/v1/proposals/{proposal['id']}/break-glass", body)
    assert answer.status == 409
    assert people.audrey.get("/v1/break-glass").body["items"] == []


def test_an_unknown_use_of_break_glass_is_404(people: People) -> None:
    assert people.rita.post("/v1/break-glass/bg_0/second").status == 404
    assert people.rita.post("/v1/break-glass/bg_0/review", {"reason": REASON}).status == 404
