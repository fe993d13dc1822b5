"""The pages of the real server with its two workers, in a real Chromium."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from gatekeeper.proposals.json_form import report_to_json
from tests.support.reports import a_blocked_report
from tests.support.server import RunningGate


def test_a_vote_and_a_freeze_are_seen_by_automation(gate_with_two_workers: RunningGate, page: Page):
    gate = gate_with_two_workers
    bot, rita = gate.token("shop-bot", "submitter"), gate.token("rita", "reviewer", "operator")
    report = a_blocked_report(proposal="Empty the basket of every customer")
    _, submitted = gate.request("POST", "/v1/proposals", bot, report_to_json(report))
    assert submitted["state"] == "pending_review"
    page.goto(f"{gate.url}/proposals/{report.id}")
    page.get_by_label("Your token").fill(rita)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Empty the basket of every customer")
    page.get_by_label("Reason").fill("Nobody asked for that.")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("status")).to_contain_text("It will not run.")
    page.get_by_role("link", name="Freeze").click()
    page.get_by_label("Reason").fill("Incident 12")
    page.get_by_role("button", name="Freeze the gate").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The gate is frozen")
    _, settled = gate.request("GET", f"/v1/proposals/{report.id}", bot)
    _, freeze = gate.request("GET", "/v1/freeze", bot)
    assert (settled["verdict"]["outcome"], freeze["reason"]) == ("fail", "Incident 12")
