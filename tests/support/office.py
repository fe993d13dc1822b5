"""Where permits are issued in tests: a house whose keys are in place and whose log is published and witnessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from gatekeeper.app import Gatekeeper
from gatekeeper.dossier import Dossier
from gatekeeper.executions.obstacle import obstacle_of
from gatekeeper.executions.service import ExecutionService, new_execution_id
from gatekeeper.identity.principal import Principal
from gatekeeper.permits.circumstances import OwnPolicy
from gatekeeper.permits.redemption import Consumption, Terms
from gatekeeper.permits.rotation import PermitKeys
from gatekeeper.permits.service import Issued, Patience, PermitService, Wanted, new_permit_id
from gatekeeper.permits.witnessed import WitnessedLog
from gatekeeper.policy.in_force import put_in_force
from gatekeeper.review.votes import VoteKind
from tests.support.house import HOUR, NOW, People, at
from tests.support.ports import wait_until
from tests.support.publishing import Publishing, publishing
from tests.support.reports import a_blocked_report, a_report


@dataclass(frozen=True)
class Office:
    """Where permits are issued and spent, and the people who come for them."""

    house: Gatekeeper
    people: People
    permits: PermitService
    executions: ExecutionService
    keys: PermitKeys
    log: Publishing

    def passed(self, **changes: object) -> Dossier:
        """A proposal that policy allowed at once."""
        return self.house.gate.submit(a_report(**changes), self.people.bot, NOW).dossier

    def approved(self) -> Dossier:
        """A blocked proposal that two people approved."""
        dossier = self.house.gate.submit(a_blocked_report(), self.people.bot, NOW).dossier
        for voter in (self.people.rita, self.people.ravi):
            self.house.reviews.vote(dossier.id, VoteKind.APPROVE, "Rehearsed.", dossier.digest, voter, NOW)
        return self.house.dossiers.get(dossier.id)

    def issue(
        self, dossier: Dossier, by: Principal | None = None, now: datetime = NOW, **wanted: object
    ) -> Issued:
        """A permit for the bot."""
        asked = Wanted(dossier.id, **{"audience": "bot", **wanted})  # type: ignore[arg-type]
        return self.permits.issue(asked, by or self.people.bot, at(now))

    def redeem(self, permit_id: str, proof: str | None, by: Principal, now: datetime) -> Consumption:
        """Spend a permit at the only door there is: by beginning what it allows."""
        return self.executions.begin(permit_id, proof, by, at(now)).consumption

    def with_policy(self, revision: str) -> Office:
        """The same office after the gate was started again with this policy."""
        put_in_force(self.house.database, revision, "embedded", NOW)
        permits, executions = desks_of(self.house, revision)
        return replace(self, permits=permits, executions=executions)


def desks_of(house: Gatekeeper, policy_revision: str) -> tuple[PermitService, ExecutionService]:
    """Where permits are issued and spent by a gate that runs a policy of this revision, with little patience."""
    terms = terms_of(house, policy_revision)
    witnessed = witnessed_log(house)
    permits = PermitService(house.database, witnessed, terms, obstacle_of, new_permit_id, Patience(1.5, 3.0))
    return permits, ExecutionService(house.database, terms, HOUR, new_execution_id)


def witnessed_log(house: Gatekeeper) -> WitnessedLog:
    """The log of a house as far as witnesses have seen it."""
    return WitnessedLog(house.database, house.log)


def terms_of(house: Gatekeeper, policy_revision: str) -> Terms:
    """The terms of a gate that runs a policy of this revision."""
    lifetime = timedelta(seconds=house.bundle.threshold_seconds("approval", "vote_ttl_seconds"))
    return Terms(
        OwnPolicy(policy_revision, lifetime),
        house.permit_keys.signing,
        house.log.signed,
        house.log.refusals.is_in_force,
    )


@pytest.fixture
def office(house: Gatekeeper, people: People) -> Iterator[Office]:
    """An office that is open."""
    house.permit_keys.make_first(b"k" * 32, NOW - HOUR)
    permits, executions = desks_of(house, house.bundle.revision)
    with publishing(house) as log:
        wait_until(lambda: not witnessed_log(house).is_behind(NOW, 0), 10, "nothing is witnessed")
        yield Office(house, people, permits, executions, house.permit_keys, log)
