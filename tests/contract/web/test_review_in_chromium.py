"""The pages in a real Chromium: on a desktop and on a phone, with and without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from gatekeeper.clock import utc_now
from gatekeeper.dossier import Dossier
from gatekeeper.executions.execution import Evidence
from gatekeeper.permits.service import Wanted
from gatekeeper.proposals.revisions import State
from tests.support.browser import DESKTOP, PHONE
from tests.support.publishing import publishing
from tests.support.reports import a_blocked_report, a_report, a_report_for_review
from tests.support.site import Site, open_site, served

CLEAN_UP = (
    """Nightly clean-up of the billing database

```sql
BEGIN;
DELETE FROM invoices;
DROP TABLE customers;
COMMIT;
```

It is safe: \u202eyletelpmoc detset\u202c and reviewed. <script>document.title = "owned"</script>
A_word_without_any_space_"""
    + "x" * 300
)
WINDOWS = {"desktop": (DESKTOP, True), "phone without JavaScript": (PHONE, False)}
WEAK_TEXT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const channels = (css) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = css; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const luminance = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour[3] === 255) return colour;
    }
    return [255, 255, 255];
  };
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("svg") || !element.checkVisibility()) continue;
    const [one, other] = [luminance(channels(getComputedStyle(element).color)), luminance(ground(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) weak.push(`${ratio.toFixed(2)} ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  return weak;
}"""


@dataclass(frozen=True)
class Seat:
    """A site in front of browsers of one kind. `complaints` is what the browser has said against a page."""

    site: Site
    url: str
    browser: Browser
    viewport: dict[str, int]
    scripts: bool
    complaints: list[str]

    def page(self, **options: str) -> Page:
        """A page in a window of its own."""
        context = self.browser.new_context(
            viewport=self.viewport, java_script_enabled=self.scripts, base_url=self.url, **options
        )
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._hear(message.type, message.text))
        return page

    def signed_in(self, name: str) -> Page:
        """A page of somebody who has signed in by the form."""
        page = self.page()
        page.goto("/sign-in")
        page.get_by_label("Your token").fill(self.site.tokens[name])
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")
        return page

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and "the server responded with a status of 4" not in text:
            self.complaints.append(text)


@pytest.fixture(params=WINDOWS.values(), ids=WINDOWS.keys())
def seat(request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path) -> Iterator[Seat]:
    viewport, scripts = request.param
    with open_site(tmp_path) as site, served(site) as url:
        seat = Seat(site, url, chromium, viewport, scripts, [])
        yield seat
        for context in chromium.contexts:
            context.close()
    assert seat.complaints == []


@pytest.fixture
def dossier(seat: Seat) -> Dossier:
    return seat.site.submit(a_blocked_report(severity=6, proposal=CLEAN_UP))


def decide(page: Page, verb: str, reason: str) -> None:
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name=verb).click()


def test_two_reviewers_read_and_approve(seat, dossier):
    rita = seat.signed_in("rita")
    rita.get_by_role("link", name="Nightly clean-up of the billing database").click()
    expect(rita.get_by_role("heading", name="Why it is blocked")).to_be_visible()
    for deed in ("DELETE FROM invoices", "DROP TABLE customers"):
        expect(rita.locator("#text mark").filter(has_text=deed)).to_have_count(1)
    expect(rita.locator("#text .text").get_by_title("right-to-left override")).to_have_text("U+202E")
    decide(rita, "Approve", "Backup taken and restored once.")
    expect(rita.get_by_role("status")).to_have_text("Your approval is recorded. The proposal still waits.")
    ravi = seat.signed_in("ravi")
    ravi.goto(f"/proposals/{dossier.id}")
    expect(ravi.get_by_text("Backup taken and restored once.")).to_be_visible()
    decide(ravi, "Approve", "I checked the backup.")
    expect(ravi.get_by_role("heading", name="How it ended")).to_be_visible()
    assert seat.site.house.dossiers.get(dossier.id).state is State.PASSED


def test_a_reviewer_rejects(seat, dossier):
    page = seat.signed_in("rita")
    page.goto(f"/proposals/{dossier.id}")
    decide(page, "Reject", "There is no backup.")
    expect(page.get_by_role("status")).to_contain_text("It will not run.")
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    assert seat.site.house.dossiers.get(dossier.id).state is State.FAILED


def test_the_link_of_a_finding_leads_to_its_reason_and_back_by_keyboard(seat, dossier):
    page = seat.signed_in("rita")
    page.goto(f"/proposals/{dossier.id}")
    page.get_by_role("link", name="Finding 2: Drops a table").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#finding-2")
    expect(page.locator("#finding-2")).to_be_in_viewport()
    page.get_by_role("link", name="Show finding 2 in the text").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#mark-2")
    expect(page.locator("#mark-2")).to_be_in_viewport()


def test_a_proposal_that_changed_under_the_reader_is_shown_anew(seat, dossier):
    page = seat.signed_in("rita")
    page.goto(f"/proposals/{dossier.id}")
    seat.site.submit(a_blocked_report(id=dossier.id, proposal="Clean up the logs instead"))
    decide(page, "Approve", "I agree with what I read.")
    expect(page.get_by_role("alert")).to_contain_text("This proposal changed since you opened it.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Clean up the logs instead")
    expect(page.get_by_label("Reason")).to_have_value("I agree with what I read.")
    assert seat.site.house.dossiers.get(dossier.id).votes == ()


def test_an_operator_freezes_the_gate_and_everybody_sees_it(seat, dossier):
    olga = seat.signed_in("olga")
    olga.get_by_role("link", name="Freeze").click()
    olga.get_by_label("Reason").fill("Incident 12")
    olga.get_by_role("button", name="Freeze the gate").click()
    expect(olga.get_by_role("heading", level=1)).to_have_text("The gate is frozen")
    rita = seat.signed_in("rita")
    for path in ("/", f"/proposals/{dossier.id}", "/break-glass"):
        rita.goto(path)
        expect(rita.get_by_role("region", name="Notices")).to_contain_text("The gate is frozen: Incident 12")
    olga.get_by_role("button", name="Thaw the gate").click()
    rita.goto("/")
    expect(rita.get_by_role("region", name="Notices")).to_have_count(0)


def test_the_glass_is_broken_by_two_and_reviewed_by_a_third(seat, dossier):
    rita = seat.signed_in("rita")
    rita.goto(f"/proposals/{dossier.id}")
    rita.get_by_role("link", name="Break the glass").click()
    rita.get_by_label("Reason").fill("Checkout is down for every customer.")
    rita.get_by_role("button", name="Ask to break the glass").click()
    use = rita.url
    ravi = seat.signed_in("ravi")
    ravi.goto(use)
    ravi.get_by_role("button", name="Agree").click()
    expect(ravi.get_by_role("status")).to_contain_text("The glass is broken")
    olga = seat.signed_in("olga")
    olga.goto(use)
    olga.get_by_label("What you make of it").fill("It was needed.")
    olga.get_by_role("button", name="Record the review").click()
    expect(olga.get_by_role("status")).to_have_text("The review is recorded.")


def test_whoever_submitted_it_withdraws_it(seat, dossier):
    page = seat.signed_in("bot")
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"/proposals/{dossier.id}")
    expect(page.get_by_text("Whoever proposes a change does not approve it.")).to_be_visible()
    page.get_by_role("button", name="Withdraw the proposal").click()
    expect(page.get_by_role("status")).to_have_text("Withdrawn. It will not run.")


def test_a_session_ends_with_signing_out(seat):
    page = seat.signed_in("rita")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_no_page_scrolls_sideways_nor_lacks_its_landmarks(seat, dossier):
    seat.site.submit(a_report(proposal="Harmless"))
    seat.site.submit(a_report_for_review(id=dossier.id, proposal=CLEAN_UP + "\nrevised"))
    seat.site.house.closures.freeze("Incident 12 " + "x" * 200, seat.site.principals["olga"], utc_now())
    page = seat.signed_in("rita")
    pages = (
        "/",
        "/?show=all",
        "/?show=failed",
        f"/proposals/{dossier.id}",
        f"/proposals/{dossier.id}/revisions/1",
        f"/proposals/{dossier.id}/revisions/2/changes",
        f"/proposals/{dossier.id}/break-glass",
        "/break-glass",
        "/freeze",
        "/nowhere",
    )
    width = seat.viewport["width"]
    for path in pages:
        page.goto(path)
        assert (path, page.locator("html").bounding_box()["width"]) == (path, width)
        assert (path, page.evaluate("document.scrollingElement.scrollWidth") <= width) == (path, True)
        expect(page.get_by_role("main")).to_have_count(1)
        expect(page.get_by_role("banner")).to_have_count(1)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_stands_out_from_what_is_behind_it(seat, dossier, scheme):
    site = seat.site
    site.house.reviews.vote(
        dossier.id, "approve", "Fine.", dossier.digest, site.principals["ravi"], utc_now()
    )
    site.submit(a_report_for_review())
    site.house.closures.freeze("Incident 12", site.principals["olga"], utc_now())
    page = seat.signed_in("rita")
    page.emulate_media(color_scheme=scheme)
    for path in (
        "/",
        f"/proposals/{dossier.id}",
        f"/proposals/{dossier.id}/break-glass",
        "/freeze",
        "/nowhere",
    ):
        page.goto(path)
        assert (path, page.evaluate(WEAK_TEXT)) == (path, [])


def permits_and_executions(site: Site) -> Dossier:
    """A proposal of which one execution failed, one permit was revoked, and one execution went silent."""
    house, bot = site.house, site.principals["bot"]
    dossier = site.submit(a_report(ai_model="m" * 200, p_fail=0.125))

    def issued() -> str:
        return house.permits.issue(Wanted(dossier.id, "a" * 200), bot, utc_now).record.permit.id

    failed = house.executions.begin(issued(), None, bot, utc_now).execution
    evidence = Evidence("https://ci.example.com/" + "x" * 1900, "a" * 64)
    house.executions.report(failed.id, "failed", [evidence], bot, utc_now())
    house.permits.revoke(issued(), "Another week. " + "y" * 300, bot, utc_now())
    house.executions.begin(issued(), None, bot, utc_now)
    house.executions.settle_overdue(utc_now() + timedelta(days=1))
    return dossier


def test_permits_and_executions_are_read_on_every_screen(seat):
    with publishing(seat.site.house):
        seat.site.house.permit_keys.make_first(b"k" * 32, utc_now())
        dossier = permits_and_executions(seat.site)
    page = seat.signed_in("rita")
    page.goto(f"/proposals/{dossier.id}#permits")
    for words in ("Outcome unknown", "Permit revoked", "Failed Execution by bot"):
        expect(page.locator("#permits")).to_contain_text(words)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= seat.viewport["width"]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert (scheme, page.evaluate(WEAK_TEXT)) == (scheme, [])
    page.get_by_role("link", name="event").first.click()
    assert page.locator(f"#{page.url.rpartition('#')[2]}").count() == 1


def test_the_first_stop_of_the_keyboard_skips_to_the_content(seat):
    page = seat.signed_in("rita")
    page.goto("/freeze")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_every_control_has_a_name_and_a_size_for_fingers(seat, dossier):
    page = seat.signed_in("rita")
    page.goto(f"/proposals/{dossier.id}")
    for control in page.locator("button, input:not([type=hidden]), textarea").all():
        box = control.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 32
    expect(page.get_by_role("textbox", name="Reason")).to_have_count(1)
    for verb in ("Approve", "Reject", "Sign out"):
        expect(page.get_by_role("button", name=verb)).to_have_count(1)
