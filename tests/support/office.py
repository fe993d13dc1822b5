"""Where permits are issued in tests: a house whose keys are in place and whose log is published and witnessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from gatekeeper.app import Gatekeeper
from gatekeeper.dossier import Dossier
from gatekeeper.executions.obstacle import obstacle_of
from gatekeeper.identity.principal import Principal
from gatekeeper.permits.circumstances import PolicyInForce
from gatekeeper.permits.redemption import Terms
from gatekeeper.permits.rotation import PermitKeys
from gatekeeper.permits.service import Issued, Patience, PermitService, Wanted, new_permit_id
from gatekeeper.permits.witnessed import WitnessedLog
from gatekeeper.review.votes import VoteKind
from tests.support.house import HOUR, NOW, People
from tests.support.publishing import Publishing, publishing
from tests.support.reports import a_blocked_report, a_report


@dataclass(frozen=True)
class Office:
    """Where permits are issued, and the people who come for them."""

    house: Gatekeeper
    people: People
    permits: PermitService
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
        return self.permits.issue(asked, by or self.people.bot, now)

    def with_policy(self, revision: str) -> PermitService:
        """The same office after the gate was started again with another policy."""
        return office_of(self.house, self.keys, revision)


def office_of(
    house: Gatekeeper, keys: PermitKeys, policy_revision: str, patience: Patience | None = None
) -> PermitService:
    """The service over a house, that runs a policy of this revision."""
    lifetime = timedelta(seconds=house.bundle.threshold_seconds("approval", "vote_ttl_seconds"))
    return PermitService(
        house.database,
        WitnessedLog(house.database, house.log),
        Terms(PolicyInForce(policy_revision, lifetime), keys.signing),
        obstacle_of,
        new_permit_id,
        Patience(0.5, 2.0) if patience is None else patience,
    )


@pytest.fixture
def office(house: Gatekeeper, people: People, tmp_path: Path) -> Iterator[Office]:
    """An office that is open."""
    keys = PermitKeys(house.database, tmp_path / "permit-keys")
    keys.make_first(b"k" * 32, NOW - HOUR)
    with publishing(house) as log:
        yield Office(house, people, office_of(house, keys, house.bundle.revision), keys, log)
