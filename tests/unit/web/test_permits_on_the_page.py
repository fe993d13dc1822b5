"""Permits and executions on a proposal's page: what became of the pass, for those who may see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from gatekeeper.clock import utc_now
from gatekeeper.dossier import Dossier
from gatekeeper.executions.execution import Evidence, Execution
from gatekeeper.permits.service import Wanted
from tests.support.house import at
from tests.support.publishing import publishing
from tests.support.reports import a_report
from tests.support.site import Site, open_site

PROOF = Evidence("javascript:alert(1)//<script>", "a" * 64)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    with open_site(tmp_path) as site, publishing(site.house):
        site.house.permit_keys.make_first(b"k" * 32, utc_now())
        yield site


@pytest.fixture
def passed(site: Site) -> Dossier:
    return site.submit(a_report(ai_model="model-<1>", p_fail=0.25))


def begun(site: Site, dossier: Dossier) -> Execution:
    """An execution with a permit of its own."""
    bot, now = site.principals["bot"], utc_now()
    issued = site.house.permits.issue(Wanted(dossier.id, "bot"), bot, at(now))
    return site.house.executions.begin(issued.record.permit.id, None, bot, at(now)).execution


def test_a_proposal_without_permits_says_nothing_of_them(site: Site, passed: Dossier) -> None:
    page = site.visitor("rita").open(f"/proposals/{passed.id}")
    assert "Permits and executions" not in page.text
    assert 'href="#permits"' not in page.page.text


def test_the_page_tells_what_became_of_the_permit(site: Site, passed: Dossier) -> None:
    execution = begun(site, passed)
    bot = site.principals["bot"]
    visitor = site.visitor("rita").open(f"/proposals/{passed.id}")
    for words in (
        f"Permit {execution.permit_id}",
        "Permit spent for bot",
        "Begun Execution by bot",
        "is awaited",
    ):
        assert words in visitor.text
    site.house.executions.report(execution.id, "failed", [PROOF], bot, utc_now())
    site.house.executions.report(execution.id, "rolled_back", [], bot, utc_now())
    visitor.open(f"/proposals/{passed.id}")
    for words in (
        "Rolled back Execution by bot",
        f"{PROOF.uri} sha256:{PROOF.sha256}",
        "claimed 4, assessed",
        "Author's chance of failure 25.0 %",
        "Written by model-<1>",
    ):
        assert words in visitor.text
    assert "<script>" not in visitor.page.text.partition("</head>")[2]
    assert 'href="javascript' not in visitor.page.text


def test_silence_is_told_on_every_page_and_where_it_has_to_be_cleared_up(site: Site, passed: Dossier) -> None:
    execution = begun(site, passed)
    site.house.executions.settle_overdue(utc_now() + timedelta(days=1))
    visitor = site.visitor("rita").open("/")
    assert f"Nobody knows how an execution ended: bot began {execution.id}" in visitor.text
    assert f'href="/proposals/{passed.id}">The proposal</a>' in visitor.page.text
    assert "All uses" not in visitor.text
    visitor.open(f"/proposals/{passed.id}")
    assert "Outcome unknown Execution by bot" in visitor.text
    assert f"gatekeeper report outcome {execution.id}" in visitor.text


def test_whom_a_permit_does_not_concern_sees_the_execution_alone(site: Site, passed: Dossier) -> None:
    execution = begun(site, passed)
    stranger, token = site.house.identity.add("stranger", ["submitter"], utc_now())
    visitor = site.visitor()
    visitor.sign_in(token).open(f"/proposals/{passed.id}")
    assert f"Execution {execution.id}" in visitor.text
    assert "Permit spent for bot" not in visitor.text
    assert stranger.name in visitor.text
