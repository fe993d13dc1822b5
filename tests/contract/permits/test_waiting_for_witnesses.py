"""Whoever waits for witnesses holds a thread: few may, and nobody does it in vain twice."""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

import pytest

from gatekeeper.dossier import Dossier
from gatekeeper.errors import GatekeeperError, UnavailableError
from gatekeeper.identity.principal import Principal
from gatekeeper.ledger import log
from gatekeeper.ledger.progress import PUBLISHED_WITHIN
from gatekeeper.permits.permit import Standing
from tests.support.house import NOW
from tests.support.office import Office
from tests.support.ports import wait_until


def size_of(office: Office) -> int:
    with office.house.database.read() as connection:
        return log.size(connection)


def waiting(office: Office, proposal_id: str) -> bool:
    """Whether a permit was committed that no witness has seen yet."""
    listed = office.permits.of_proposal(proposal_id, office.people.bot, NOW)
    return any(each.standing is Standing.ISSUED and each.witnessed_at is None for each in listed)


def test_of_many_who_wait_for_a_silent_witness_the_third_is_sent_away_at_once_and_so_is_who_waits_already(
    office: Office,
):
    dossiers, bot, olga = [office.passed() for _ in range(3)], office.people.bot, office.people.olga
    bot_too, _ = office.house.identity.add("bot2", ["operator"], NOW, acts_for="bot")
    for dossier in dossiers:
        office.issue(dossier)
    office.log.is_witness_silent = True

    def ask(dossier: Dossier, by: Principal) -> None:
        with suppress(GatekeeperError):
            office.issue(dossier, by)

    asking: list[Thread] = []

    def wait(dossier: Dossier, by: Principal) -> None:
        asking.append(Thread(target=ask, args=[dossier, by]))
        asking[-1].start()
        wait_until(lambda: waiting(office, dossier.id), 10, "nobody waits")

    def refused(by: Principal) -> tuple[str, int]:
        with pytest.raises(UnavailableError) as error:
            office.issue(dossiers[2], by)
        return error.value.code, size_of(office)

    wait(dossiers[0], bot)
    before = size_of(office)
    assert [refused(bot), refused(bot_too)] == [("too_many_waiting", before)] * 2
    wait(dossiers[1], olga)
    before = size_of(office)
    assert refused(office.people.oscar) == ("too_many_waiting", before)
    office.log.is_witness_silent = False
    for each in asking:
        each.join()
    assert office.issue(dossiers[2]).record.standing is Standing.ISSUED


def test_who_gets_no_permit_anyway_takes_no_place(office: Office):
    dossier = office.passed()
    for _ in range(3):
        with pytest.raises(GatekeeperError) as refused:
            office.issue(dossier, by=office.people.rita)
        assert refused.value.code == "not_your_proposal"
    assert office.issue(dossier).record.standing is Standing.ISSUED


def test_when_publication_is_behind_nothing_is_written(office: Office):
    dossier = office.passed()
    first = office.issue(dossier).record
    office.log.is_witness_silent = True
    office.passed()
    before = size_of(office)
    with pytest.raises(UnavailableError) as refused:
        office.issue(dossier, now=NOW + 2 * PUBLISHED_WITHIN)
    assert (refused.value.code, size_of(office)) == ("publication_behind", before)
    listed = office.permits.of_proposal(dossier.id, office.people.bot, NOW)
    assert [(each.permit.id, each.standing) for each in listed] == [(first.permit.id, Standing.ISSUED)]
    office.log.is_witness_silent = False
    assert office.issue(dossier, now=NOW + 2 * PUBLISHED_WITHIN).record.standing is Standing.ISSUED
