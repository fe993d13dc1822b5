"""Who keeps the log: when the key that signs it or its witnesses change, that is itself a leaf of the log.

Owns the row with the policy by which the log was published last. It is compared when the log was published for the
first time since the start; whoever may change the settings did the change, so the leaf names no person, only the keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from gatekeeper.canonical import sha256_name
from gatekeeper.errors import TamperError
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.ledger.keys import VerifierKey
from gatekeeper.ledger.tables import log_keepers
from gatekeeper.ledger.witness_policy import PolicyFileError, WitnessPolicy, parse_policy
from gatekeeper.storage.database import Database


def record_keepers(database: Database, policy: WitnessPolicy, now: datetime) -> None:
    """Record what changed since the log was published last; nothing the first time. The policy names the signer first.

    Opens the write transaction when there is something to record: the row and the leaf. Raises TamperError when the
    row holds no policy.
    """
    text = policy.text(with_addresses=False)
    with database.read() as connection:
        if _recorded(connection) == text:
            return
    with database.write() as connection:
        before = _recorded(connection)
        if before is None:
            connection.execute(insert(log_keepers).values(id=1, policy=text))
        elif before != text:
            connection.execute(update(log_keepers).values(policy=text))
            log.append(connection, changes(_parsed(before), policy, now))


def changes(before: WitnessPolicy, after: WitnessPolicy, now: datetime) -> list[Event]:
    """Return the events that say what is different: of the keys that sign, and of the witnesses and their quorum."""
    found = []
    if before.logs != after.logs:
        found.append(_changed(EventType.LOG_KEY_ROTATED, before.logs, after.logs, {}, now))
    quorums = [_witnessing(policy) for policy in (before, after)]
    if quorums[0] != quorums[1]:
        old, new = ([each.key for each in policy.witnesses] for policy in (before, after))
        digests = [sha256_name(each.encode()) for each in quorums]
        facts = {"old_quorum": digests[0], "new_quorum": digests[1]}
        found.append(_changed(EventType.WITNESS_CHANGED, old, new, facts, now))
    return found


def key_name(key: VerifierKey) -> str:
    """The key as a leaf names it: its name and id."""
    return f"{key.name}+{key.key_id.hex()}"


def _changed(
    kind: EventType,
    old: Sequence[VerifierKey],
    new: Sequence[VerifierKey],
    facts: dict[str, str],
    now: datetime,
) -> Event:
    named = {"old": [key_name(key) for key in old], "new": [key_name(key) for key in new]}
    return Event(kind, now, facts={**named, **facts})


def _witnessing(policy: WitnessPolicy) -> str:
    """The policy's lines about witnesses, groups and quorum."""
    alone = WitnessPolicy((), policy.witnesses, policy.groups, policy.quorum)
    return alone.text(with_addresses=False)


def _recorded(connection: Connection) -> str | None:
    recorded: str | None = connection.execute(select(log_keepers.c.policy)).scalar()
    return recorded


def _parsed(text: str) -> WitnessPolicy:
    try:
        return parse_policy(text)
    except PolicyFileError as error:
        detail = f"The row that says who kept the log before is damaged: {error}."
        raise TamperError(detail, code="keepers_damaged") from error
