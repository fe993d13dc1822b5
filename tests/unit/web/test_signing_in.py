"""Who may look at the pages: nobody without a session, and a session ends when it should."""

from __future__ import annotations

import pytest

from gatekeeper.clock import utc_now
from tests.support.site import path_of
from tests.support.visitor import ORIGIN


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
