"""The pages over a whole gate in this process: who sees what, what is refused, and the headers of every answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekeeper.clock import utc_now
from gatekeeper.dossier import Dossier
from gatekeeper.proposals.revisions import State
from gatekeeper.review.votes import VoteKind
from gatekeeper.web.security import CONTENT_SECURITY_POLICY
from tests.support.reports import a_blocked_report, a_report, a_report_for_review
from tests.support.site import Site, open_site
from tests.support.visitor import ORIGIN


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path) as site:
        yield site


@pytest.fixture
def blocked(site: Site) -> Dossier:
    return site.submit(a_blocked_report(proposal="Drop it all:\n\n```sql\nDROP TABLE customers;\n```\n"))


def path_of(dossier: Dossier) -> str:
    return f"/proposals/{dossier.id}"


# who may look


@pytest.mark.parametrize("path", ["/", "/proposals/x", "/freeze", "/break-glass", "/break-glass/x"])
def test_nobody_sees_a_page_without_a_session(site, path):
    answer = site.flask.test_client().get(path)
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/sign-in")


def test_signing_in_leads_to_the_page_that_was_wanted(site, blocked):
    visitor = site.visitor().open(path_of(blocked))
    assert visitor.hidden("/sign-in")["next"] == path_of(blocked)
    visitor.send("/sign-in", token=site.tokens["rita"])
    assert visitor.page.request.path == path_of(blocked)


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\tx"]
)
def test_signing_in_never_leads_to_another_site(site, elsewhere):
    visitor = site.visitor().open("/sign-in").send("/sign-in", token=site.tokens["rita"], next=elsewhere)
    assert visitor.page.request.path == "/"


def test_a_wrong_token_is_refused_with_what_to_do(site):
    visitor = site.visitor().open("/sign-in").send("/sign-in", token="gk_nope")
    assert visitor.page.status_code == 401
    assert "Check that you copied all of it." in visitor.text


def test_guessing_is_told_to_wait_and_a_good_token_is_let_in_all_the_same(site):
    visitor = site.visitor().open("/sign-in")
    for _ in range(10):
        visitor.send("/sign-in", token="gk_nope")
    visitor.send("/sign-in", token="gk_nope")
    assert visitor.page.status_code == 429
    assert 0 < int(visitor.page.headers["Retry-After"]) <= 301
    assert visitor.send("/sign-in", token=site.tokens["olga"]).page.request.path == "/"


def test_signing_out_ends_the_session_on_the_server(site):
    visitor = site.visitor("rita")
    cookie = visitor.client.get_cookie("gatekeeper")
    visitor.send("/sign-out")
    assert "You are signed out." in visitor.text
    visitor.client.set_cookie("gatekeeper", cookie.value)
    assert visitor.open("/").page.request.path == "/sign-in"


def test_signing_in_again_ends_the_session_before(site):
    visitor = site.visitor("rita")
    cookie = visitor.client.get_cookie("gatekeeper")
    visitor.client.post(
        "/sign-in",
        data=visitor.hidden("/sign-out") | {"token": site.tokens["ravi"]},
        headers={"Origin": ORIGIN},
    )
    thief = site.visitor()
    thief.client.set_cookie("gatekeeper", cookie.value)
    assert thief.open("/").page.request.path == "/sign-in"


def test_a_disabled_principal_is_signed_out(site):
    visitor = site.visitor("rita")
    site.house.identity.disable("rita", utc_now())
    assert "Your session has ended. Sign in again." in visitor.open("/").text


# cookies, forged forms, headers


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(site):
    answer = site.flask.test_client().get("/sign-in")
    assert re.fullmatch(r"gatekeeper=[^;]+; HttpOnly; Path=/; SameSite=Lax", answer.headers["Set-Cookie"])


def test_behind_https_the_cookie_is_bound_to_the_host(tmp_path):
    with open_site(tmp_path, PUBLIC_URL="https://gate.example") as site:
        answer = site.flask.test_client().get("/sign-in")
    assert re.fullmatch(
        r"__Host-gatekeeper=[^;]+; Secure; HttpOnly; Path=/; SameSite=Lax", answer.headers["Set-Cookie"]
    )


def test_the_http_interface_neither_sets_nor_accepts_the_cookie(site, blocked):
    visitor = site.visitor("rita")
    form = visitor.open(path_of(blocked)).hidden(f"{path_of(blocked)}/votes")
    for path in ("/v1/proposals", f"/v1{path_of(blocked)}"):
        answer = visitor.client.get(path)
        assert (answer.status_code, "Set-Cookie" in answer.headers) == (401, False)
    vote = {"vote": "approve", "reason": "fine", "digest": blocked.digest}
    answer = visitor.client.post(
        f"/v1{path_of(blocked)}/reviews",
        json=vote,
        headers={"X-CSRFToken": form["csrf_token"], "Origin": ORIGIN},
    )
    assert answer.status_code == 401
    assert site.house.dossiers.get(blocked.id).votes == ()


def test_the_pages_do_not_accept_a_bearer_token(site):
    bearer = {"Authorization": f"Bearer {site.tokens['rita']}"}
    assert site.flask.test_client().get("/", headers=bearer).status_code == 303


FORGERIES = {
    "without Origin": {},
    "from another site": {"Origin": "https://evil.example"},
    "from an opaque origin": {"Origin": "null"},
    "from another port": {"Origin": "http://localhost:81"},
    "said to be cross-site": {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    "said to be same-site": {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
}


@pytest.mark.parametrize("headers", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_form_from_elsewhere_is_refused(site, blocked, headers):
    visitor = site.visitor("rita").open(path_of(blocked))
    visitor.send(f"{path_of(blocked)}/votes", headers, vote="approve", reason="forged")
    assert visitor.page.status_code == 400
    assert "nothing was done" in visitor.text
    assert site.house.dossiers.get(blocked.id).votes == ()


@pytest.mark.parametrize("token", ["", "nonsense"])
def test_a_form_without_its_csrf_token_is_refused(site, blocked, token):
    visitor = site.visitor("rita").open(path_of(blocked))
    visitor.send(f"{path_of(blocked)}/votes", vote="approve", reason="forged", csrf_token=token)
    assert visitor.page.status_code == 400
    assert site.house.dossiers.get(blocked.id).votes == ()


def test_a_csrf_token_of_another_session_is_refused(site, blocked):
    stolen = site.visitor("ravi").open(path_of(blocked)).hidden(f"{path_of(blocked)}/votes")["csrf_token"]
    visitor = site.visitor("rita").open(path_of(blocked))
    visitor.send(f"{path_of(blocked)}/votes", vote="approve", reason="forged", csrf_token=stolen)
    assert visitor.page.status_code == 400
    assert site.house.dossiers.get(blocked.id).votes == ()


def test_every_form_post_is_guarded(site):
    guarded = [
        rule.rule
        for rule in site.flask.url_map.iter_rules()
        if rule.endpoint.startswith("web.") and "POST" in (rule.methods or ())
    ]
    assert len(guarded) == 9
    for rule in guarded:
        path = re.sub(r"<[^>]+>", "x", rule)
        assert site.visitor("olga").client.post(path).status_code == 400


@pytest.mark.parametrize("path", ["/sign-in", "/", "/freeze", "/break-glass", "/nowhere", "/proposals/x"])
def test_every_page_carries_the_security_headers(site, path):
    answer = site.visitor("rita").client.get(path)
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert {
        name: answer.headers[name]
        for name in (
            "X-Content-Type-Options",
            "X-Frame-Options",
            "Referrer-Policy",
            "Cross-Origin-Opener-Policy",
            "Cache-Control",
        )
    } == {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    assert answer.headers["Permissions-Policy"].startswith("camera=()")


def test_assets_are_kept_for_a_year_under_an_address_that_follows_their_content(site):
    visitor = site.visitor().open("/sign-in")
    for path in re.findall(r'"(/static/[^"]+)"', visitor.page.text):
        answer = visitor.client.get(path)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (
            200,
            "public, max-age=31536000, immutable",
        )
    assert visitor.client.get("/static/0000000000000000/gatekeeper.css").status_code == 404
    assert visitor.client.get("/static/0000000000000000/../../settings.py").status_code == 404


def test_a_page_that_fails_says_so_without_internals(site, blocked):
    visitor = site.visitor("rita")
    with site.house.database.write() as connection:
        connection.exec_driver_sql("ALTER TABLE revisions RENAME TO gone")
    visitor.open("/")
    assert visitor.page.status_code == 503
    assert "Nothing was allowed and nothing was recorded." in visitor.text
    assert not re.search(r"Traceback|sqlite|SELECT|revisions", visitor.page.text)


def test_unknown_addresses_get_a_page_and_those_of_the_interface_a_problem(site):
    visitor = site.visitor("rita")
    assert "There is nothing here" in visitor.open("/nowhere").text
    assert visitor.page.status_code == 404
    assert visitor.client.get("/v1/nowhere").mimetype == "application/problem+json"


# the inbox


def test_the_inbox_shows_the_gravest_first_and_only_what_waits(site):
    site.submit(a_report(proposal="Harmless wording"))
    site.submit(a_report_for_review(proposal="Older and lighter"))
    site.submit(a_blocked_report(proposal="Newer and graver"))
    text = site.visitor("rita").text
    assert text.index("Newer and graver") < text.index("Older and lighter")
    assert "Harmless wording" not in text


@pytest.mark.parametrize(
    ("show", "shown"),
    [
        ("passed", ["Harmless"]),
        ("failed", ["Withdrawn one"]),
        ("all", ["Harmless", "Waiting one", "Withdrawn one"]),
    ],
)
def test_the_other_shelves_show_what_was_settled(site, show, shown):
    site.submit(a_report(proposal="Harmless"))
    site.submit(a_blocked_report(proposal="Waiting one"))
    gone = site.submit(a_blocked_report(proposal="Withdrawn one"))
    site.house.reviews.withdraw(gone.id, site.principals["bot"], utc_now())
    text = site.visitor("rita").open(f"/?show={show}").text
    assert [words for words in ("Harmless", "Waiting one", "Withdrawn one") if words in text] == shown


def test_the_inbox_tells_what_is_ones_own_and_what_one_has_voted_on(site):
    own, other = site.submit(a_blocked_report(), by="both"), site.submit(a_blocked_report())
    site.house.reviews.vote(other.id, "approve", "Fine.", other.digest, site.principals["both"], utc_now())
    assert " yours " in site.visitor("both").text
    assert "you voted to approve" in site.visitor("both").text
    assert " yours " not in site.visitor("rita").text
    assert own.id in site.visitor("rita").text


def test_an_empty_inbox_says_so(site):
    assert "Nothing waits for a decision." in site.visitor("rita").text


def test_a_long_inbox_has_pages(site):
    for number in range(30):
        site.submit(a_blocked_report(proposal=f"Proposal number {number:02}"))
    visitor = site.visitor("rita")
    first = set(re.findall(r"number \d\d", visitor.text))
    more = re.search(r'rel="next" href="([^"]+)"', visitor.page.text)
    assert more is not None
    second = set(re.findall(r"number \d\d", visitor.open(more[1].replace("&amp;", "&")).text))
    assert (len(first), len(second), first & second) == (25, 5, set())


def test_a_foreign_cursor_is_an_error_of_the_visitor(site):
    assert site.visitor("rita").open("/?cursor=nonsense").page.status_code == 422


# the proposal


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


# freeze and break-glass


def test_an_operator_freezes_and_thaws_and_everybody_is_told(site):
    olga = site.visitor("olga").open("/freeze").send("/freeze", reason="Incident 12")
    assert "The gate is frozen." in olga.text
    for path in ("/", "/break-glass", "/freeze", "/nowhere"):
        assert "The gate is frozen: Incident 12 (olga)" in site.visitor("audrey").open(path).text
    olga.send("/thaw")
    assert site.house.closures.current() is None
    assert "Incident 12" not in site.visitor("audrey").open("/").text


def test_nobody_else_can_freeze(site):
    rita = site.visitor("rita").open("/freeze")
    assert "Only operators can freeze" in rita.text
    token = rita.hidden("/sign-out")["csrf_token"]
    for path in ("/freeze", "/thaw"):
        answer = rita.client.post(path, data={"csrf_token": token, "reason": "x"}, headers={"Origin": ORIGIN})
        assert answer.status_code == 403
    assert site.house.closures.current() is None


def test_freezing_what_is_frozen_is_told(site):
    first, second = site.visitor("olga").open("/freeze"), site.visitor("olga").open("/freeze")
    first.send("/freeze", reason="Incident 12")
    second.send("/freeze", reason="Incident 13")
    assert second.page.status_code == 409
    assert "The gate is frozen already." in second.text


def test_two_people_break_the_glass_and_a_third_reviews_it(site, blocked):
    form = f"{path_of(blocked)}/break-glass"
    rita = site.visitor("rita").open(form)
    rita.send(form, reason="Checkout is down for every customer.", minutes="20")
    assert "You took part yourself" in rita.text
    use = rita.page.request.path
    ravi = site.visitor("ravi").open(use).send(f"{use}/second")
    assert "The glass is broken" in ravi.text
    assert site.house.dossiers.get(blocked.id).state is State.PASSED
    assert "rita and ravi broke the glass" in site.visitor("audrey").text
    olga = site.visitor("olga").open(use).send(f"{use}/review", reason="It was needed.")
    assert "The review is recorded." in olga.text
    assert "broke the glass" not in site.visitor("audrey").text
    assert "rita, ravi" in olga.open("/break-glass").text


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"reason": "short", "minutes": "20"}, 409, "Break-glass is refused."),
        ({"reason": "Checkout is down for every customer.", "minutes": "61"}, 422, "from 1 to 60"),
        ({"reason": "Checkout is down for every customer.", "minutes": "²"}, 422, "from 1 to 60"),
    ],
)
def test_a_faulty_request_for_break_glass_keeps_what_was_typed(site, blocked, fields, status, words):
    form = f"{path_of(blocked)}/break-glass"
    rita = site.visitor("rita").open(form).send(form, **fields)
    assert rita.page.status_code == status
    assert words in rita.text
    assert fields["reason"] in rita.page.text
    assert site.house.break_glass.all() == []


# what changed


def test_a_later_revision_shows_what_changed(site, blocked):
    site.submit(a_blocked_report(id=blocked.id, proposal="Drop it all:\n\n<b>nothing</b>"))
    visitor = site.visitor("rita").open(path_of(blocked))
    assert f"{path_of(blocked)}/revisions/2/changes" in visitor.page.text
    page = visitor.open(f"{path_of(blocked)}/revisions/2/changes").page.text
    assert '<ins><span aria-hidden="true">+ </span>&lt;b&gt;nothing&lt;/b&gt;</ins>' in page
    assert '<del><span aria-hidden="true">− </span>DROP TABLE customers;</del>' in page


def test_revisions_too_long_to_compare_are_linked_instead(site, blocked):
    site.submit(a_blocked_report(id=blocked.id, proposal="line\n" * 5_000))
    text = site.visitor("rita").open(f"{path_of(blocked)}/revisions/2/changes").text
    assert "too long to compare here" in text


@pytest.mark.parametrize("revision", ["1", "2", "99999999999999999999"])
def test_there_are_no_changes_without_two_revisions(site, blocked, revision):
    visitor = site.visitor("rita").open(f"{path_of(blocked)}/revisions/{revision}/changes")
    assert visitor.page.status_code == 404
