"""What is asked about an attack on a permit: with what it is refused, and what is on record then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from gatekeeper.errors import GatekeeperError
from gatekeeper.identity.principal import Principal
from gatekeeper.ledger import log
from gatekeeper.permits.permit import Standing
from gatekeeper.permits.record import PermitRecord
from gatekeeper.permits.redemption import Consumption
from gatekeeper.storage.database import Database
from tests.support.house import NOW
from tests.support.office import Office


def code_of(to_do: Callable[[], object]) -> str:
    """The code with which something is refused."""
    with pytest.raises(GatekeeperError) as refused:
        to_do()
    return refused.value.code


def redeem(
    office: Office,
    record: PermitRecord,
    now: datetime = NOW,
    proof: str | None = None,
    by: Principal | None = None,
) -> Consumption:
    """Spend a permit, as the bot unless `by` says who."""
    return office.redeem(record.permit.id, proof, by or office.people.bot, now)


def standing(office: Office, record: PermitRecord, now: datetime = NOW) -> Standing:
    """What is on record of it."""
    return office.permits.get(record.permit.id, office.people.olga, now).standing


def size_of(database: Database) -> int:
    """How many leaves the log has."""
    with database.read() as connection:
        return log.size(connection)


def unseen(office: Office, proposal_id: str) -> list[PermitRecord]:
    """The permits that were committed and that no witness has seen yet."""
    listed = office.permits.of_proposal(proposal_id, office.people.bot, NOW)
    return [each for each in listed if each.standing is Standing.ISSUED and each.witnessed_at is None]
