"""The pages that freeze the gate and break its glass."""

from __future__ import annotations

import pytest

from gatekeeper.proposals.revisions import State
from tests.support.site import path_of
from tests.support.visitor import ORIGIN


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
