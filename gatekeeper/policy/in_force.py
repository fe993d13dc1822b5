"""Which policy is in force: the one that the log named last, for every process of the gate alike.

Only a server that starts puts another one in force, with a leaf; going back to an earlier one is a change too. Whoever
runs another policy than that decides nothing. Where no policy was ever named there is none to differ from.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from gatekeeper.errors import TamperError, UnavailableError
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.storage.database import Database


def policy_in_force(connection: Connection) -> str | None:
    """The revision that the log named last; None when it never named one. Raises TamperError for a damaged entry."""
    newest = log.newest_policy_change(connection)
    if newest is None:
        return None
    facts = newest.get("facts")
    if not isinstance(facts, dict) or not isinstance(facts.get("after"), str):
        raise TamperError("The entry that names the policy in force is damaged. Stop, and call an operator.")
    return str(facts["after"])


def require_in_force(connection: Connection, revision: str) -> None:
    """Raise UnavailableError when another policy than this one is in force.

    Inside the write transaction of what a policy decided: then it cannot change before that is recorded.
    """
    recorded = policy_in_force(connection)
    if recorded not in (None, revision):
        raise UnavailableError(
            f"This process runs policy {revision}, but {recorded} is in force: a server was started with it since. "
            "Nothing was decided. Start this one again with that policy; `gatekeeper serve` puts its own in force.",
            code="policy_not_in_force",
        )


def put_in_force(database: Database, revision: str, engine: str, now: datetime) -> bool:
    """Record that this policy is in force from now on; False when it is already. For a server that starts."""
    with database.read() as connection:
        if policy_in_force(connection) == revision:
            return False
    with database.write() as connection:
        before = policy_in_force(connection)
        if before == revision:
            return False
        facts = {"before": before, "after": revision, "engine": engine}
        log.append(connection, [Event(EventType.POLICY_CHANGED, now, facts=facts)])
        return True
