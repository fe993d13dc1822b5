"""What guards the pages: cookies, forged forms, headers, and addresses that are none."""

from __future__ import annotations

import re

import pytest

from gatekeeper.web.security import CONTENT_SECURITY_POLICY
from tests.support.site import open_site, path_of
from tests.support.visitor import ORIGIN


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
