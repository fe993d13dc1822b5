"""The owner of the database files a permit's end elsewhere, where only unhashed columns say so: it stays spent."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from gatekeeper.errors import ConflictError
from gatekeeper.ledger import log
from tests.support.house import NOW
from tests.support.office import Office


def test_a_permit_whose_end_was_filed_under_no_proposal_is_not_spent_again(office: Office):
    record = office.issue(office.passed()).record
    office.redeem(record.permit.id, None, office.people.bot, NOW)
    database = office.house.database
    with database.write() as connection:
        trigger = "events_refuse_update" if database.is_sqlite else "events_append_only ON events"
        connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text("UPDATE events SET proposal_id = NULL WHERE type = 'permit.consumed'"))
        connection.execute(text("DELETE FROM execution_tasks"))
        connection.execute(
            text("UPDATE permits SET state = 'issued', consumed_at = NULL, consumed_leaf = NULL")
        )
    with pytest.raises(ConflictError) as refused:
        office.redeem(record.permit.id, None, office.people.bot, NOW)
    assert refused.value.code == "consumed"
    report = log.verify(database)
    assert (report.ok, report.detail) == (
        False,
        f"entry {report.first_bad_index} is filed under another time or proposal than it says",
    )
