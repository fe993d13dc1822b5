"""A proposal's life over HTTP: handed in, known again, revised, listed, read, withdrawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.clock import utc_now
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.markdown_form import render_markdown
from tests.support.documented import Automation
from tests.support.in_process import InProcessGate
from tests.support.reports import a_blocked_report, a_report, a_report_for_review


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[InProcessGate]:
    gate = InProcessGate.open(tmp_path)
    yield gate
    gate.house.database.close()


@pytest.fixture
def bot(gate: InProcessGate) -> Automation:
    return gate.principal("bot", "submitter")


def json_of(report: Any, **changes: object) -> dict[str, object]:
    return report_to_json(report) | changes


def test_a_harmless_report_passes_at_once(bot: Automation) -> None:
    report = json_of(a_report())
    answer = bot.post("/v1/proposals", report)
    proposal = answer.body
    assert answer.status == 201
    assert answer.headers["location"] == f"/v1/proposals/{report['id']}"
    assert (proposal["id"], proposal["revision"], proposal["current"]) == (report["id"], 1, True)
    assert (proposal["state"], proposal["verdict"]["outcome"]) == ("passed", "pass")
    assert (proposal["submitted_by"], proposal["report"], proposal["reviews"]) == ("bot", report, [])
    assert proposal["decision"]["outcome"] == "allow"
    assert bot.get(answer.headers["location"]).body == proposal


def test_a_grave_report_waits_for_people(bot: Automation) -> None:
    proposal = bot.post("/v1/proposals", json_of(a_blocked_report())).body
    assert (proposal["state"], proposal["decision"]["outcome"]) == ("pending_review", "block")
    assert proposal["verdict"] == {
        "outcome": "pending",
        "at": None,
        "leaf": None,
        "reasons": [],
        "expires_at": None,
    }
    assert proposal["decision"]["reasons"]
    assert proposal["review_due_at"] > proposal["submitted_at"]


def test_both_forms_of_a_report_are_one_revision(bot: Automation) -> None:
    report = a_report()
    created = bot.post("/v1/proposals", render_markdown(report).encode(), Content_Type="text/markdown")
    known = bot.post("/v1/proposals", json_of(report), Content_Type="application/json; charset=utf-8")
    assert (created.status, known.status) == (201, 200)
    assert known.body == created.body
    assert known.headers["location"] == created.headers["location"]


def test_other_content_is_the_next_revision_and_ends_the_pending_one(bot: Automation) -> None:
    report = a_blocked_report()
    first = bot.post("/v1/proposals", json_of(report)).body
    second = bot.post("/v1/proposals", json_of(report, severity=59)).body
    assert (second["revision"], second["current"]) == (2, True)
    ended = bot.get(f"/v1/proposals/{report.id}?revision=1").body
    assert (ended["state"], ended["current"], ended["verdict"]["outcome"]) == ("failed", False, "fail")
    assert [reason["code"] for reason in ended["verdict"]["reasons"]] == ["superseded"]
    assert bot.post("/v1/proposals", json_of(report)).body == ended
    assert ended["digest"] == first["digest"] != second["digest"]


def test_a_proposal_belongs_to_whoever_submitted_it(gate: InProcessGate, bot: Automation) -> None:
    report = a_blocked_report()
    bot.post("/v1/proposals", json_of(report))
    thief = gate.principal("thief", "submitter")
    answer = thief.post("/v1/proposals", json_of(report, severity=1))
    assert (answer.status, answer.body["code"]) == (403, "not_your_proposal")
    assert thief.post(f"/v1/proposals/{report.id}/withdraw").status == 403


@pytest.mark.parametrize("role", ["reviewer", "auditor", "operator"])
def test_only_submitters_submit(gate: InProcessGate, role: str) -> None:
    reader = gate.principal("reader", role)
    for answer in (reader.post("/v1/proposals", json_of(a_report())), reader.bulk(b"{}\n")):
        assert (answer.status, answer.body["code"], answer.body["role"]) == (403, "role_missing", "submitter")


def test_an_idempotency_key_gives_the_first_answer_again(gate: InProcessGate, bot: Automation) -> None:
    report = json_of(a_report())
    first = bot.post("/v1/proposals", report, Idempotency_Key="k-1")
    recorded = gate.recorded_events()
    again = bot.post("/v1/proposals", report, Idempotency_Key="k-1")
    assert (again.status, again.body) == (first.status, first.body)
    other = bot.post("/v1/proposals", json_of(a_report()), Idempotency_Key="k-1")
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
    assert gate.recorded_events() == recorded
    somebody_else = gate.principal("bot2", "submitter")
    assert somebody_else.post("/v1/proposals", json_of(a_report()), Idempotency_Key="k-1").status == 201


def test_pages_list_every_proposal_once_and_filter_by_state(bot: Automation) -> None:
    waiting = {bot.post("/v1/proposals", json_of(a_blocked_report())).body["id"] for _ in range(5)}
    passed = {bot.post("/v1/proposals", json_of(a_report())).body["id"] for _ in range(2)}

    def listed(query: str) -> list[str]:
        found: list[str] = []
        cursor = ""
        while True:
            page = bot.get(f"/v1/proposals?limit=2&{query}{cursor}").body
            found += [item["id"] for item in page["items"]]
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    assert sorted(listed("")) == sorted(listed("order=inbox")) == sorted(waiting | passed)
    assert sorted(listed("state=pending_review")) == sorted(waiting)
    assert sorted(listed("state=passed&state=failed")) == sorted(passed)
    assert listed("state=expired") == []


def test_the_inbox_shows_the_gravest_first(bot: Automation) -> None:
    for severity in (46, 70, 50):
        bot.post("/v1/proposals", json_of(a_blocked_report(), severity=severity))
    page = bot.get("/v1/proposals?order=inbox&state=pending_review").body
    assert [item["assessment"]["severity"]["effective"] for item in page["items"]] == [70, 50, 46]


def test_a_cursor_of_another_order_is_refused(bot: Automation) -> None:
    for _ in range(2):
        bot.post("/v1/proposals", json_of(a_report()))
    cursor = bot.get("/v1/proposals?limit=1").body["next_cursor"]
    answer = bot.get(f"/v1/proposals?limit=1&order=inbox&cursor={cursor}")
    assert (answer.status, list(answer.faults)) == (422, ["/cursor"])


def test_an_unchanged_proposal_is_not_sent_twice(bot: Automation) -> None:
    address = bot.post("/v1/proposals", json_of(a_blocked_report())).headers["location"]
    first = bot.get(address)
    assert bot.get(address, If_None_Match=first.headers["etag"]).status == 304
    bot.post(f"{address}/withdraw")
    changed = bot.get(address, If_None_Match=first.headers["etag"])
    assert (changed.status, changed.body["state"]) == (200, "withdrawn")


def test_markdown_is_the_report_with_the_findings_of_the_gate(bot: Automation) -> None:
    report = a_blocked_report()
    bot.post("/v1/proposals", json_of(report))
    answer = bot.get(f"/v1/proposals/{report.id}", Accept="text/markdown, application/json;q=0.5")
    assert answer.headers["content-type"] == "text/markdown; charset=utf-8"
    assert report.proposal in answer.body
    assert "block" in answer.body


def test_the_submitter_withdraws_once(bot: Automation) -> None:
    report = a_blocked_report()
    bot.post("/v1/proposals", json_of(report))
    withdrawn = bot.post(f"/v1/proposals/{report.id}/withdraw")
    assert (withdrawn.status, withdrawn.body["state"]) == (200, "withdrawn")
    assert withdrawn.body["verdict"]["outcome"] == "fail"
    assert bot.post(f"/v1/proposals/{report.id}/withdraw").status == 409


def test_history_is_every_step_in_order(bot: Automation) -> None:
    report = a_report_for_review()
    bot.post("/v1/proposals", json_of(report))
    bot.post(f"/v1/proposals/{report.id}/withdraw")
    entries = bot.get(f"/v1/proposals/{report.id}/history").body["items"]
    assert [(entry["type"], entry["actor"]) for entry in entries] == [
        ("proposal.submitted", "bot"),
        ("proposal.decided", None),
        ("verdict.settled", "bot"),
    ]
    assert [entry["index"] for entry in entries] == sorted(entry["index"] for entry in entries)


def test_a_cookie_proves_nothing_here_and_forms_need_no_token(gate: InProcessGate, bot: Automation) -> None:
    reviewer = gate.house.identity.principals()[0].principal
    cookie = f"session={gate.house.identity.open_session(reviewer, utc_now())}"
    assert gate.nobody().get("/v1/proposals", Cookie=cookie).status == 401
    assert (
        bot.post("/v1/proposals", json_of(a_report()), Cookie=cookie, Origin="https://evil.example").status
        == 201
    )


def test_answers_are_kept_by_nobody_and_never_sniffed(bot: Automation) -> None:
    answers = [
        bot.get("/v1/proposals"),
        bot.get("/v1/nothing"),
        bot.post("/v1/proposals", json_of(a_report())),
    ]
    assert {answer.headers["x-content-type-options"] for answer in answers} == {"nosniff"}
    assert answers[0].headers["cache-control"] == answers[2].headers["cache-control"] == "no-store"
