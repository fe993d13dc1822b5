"""What cannot be written is not done, on both databases: no leaf, no permit."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.permits.permit import Standing
from gatekeeper.storage.database import Database
from tests.support.house import NOW
from tests.support.office import Office
from tests.support.permit_attacks import code_of, redeem, size_of, standing
from tests.support.postgres import Cluster


@pytest.mark.parametrize("leaf", ["permit.issued", "permit.consumed", "permit.revoked"])
def test_without_its_leaf_nothing_happens(office: Office, leaf: str):
    dossier = office.passed()
    record = office.issue(dossier).record
    before = size_of(office.house.database)
    refuse_leaf(office.house.database, leaf)
    attempt = {
        "permit.issued": lambda: office.issue(dossier),
        "permit.consumed": lambda: redeem(office, record),
        "permit.revoked": lambda: office.permits.revoke(record.permit.id, "Enough.", office.people.rita, NOW),
    }[leaf]
    assert code_of(attempt) == "database_unavailable"
    assert (size_of(office.house.database), standing(office, record)) == (before, Standing.ISSUED)
    assert [each.permit for each in office.permits.of_proposal(dossier.id, office.people.bot, NOW)] == [
        record.permit
    ]
    admit_leaf(office.house.database)
    assert redeem(office, record).record.standing is Standing.CONSUMED


def test_when_the_database_is_gone_nothing_is_granted(
    office: Office, database_url: str, request: pytest.FixtureRequest
):
    dossier = office.passed()
    record = office.issue(dossier).record
    office.log.end()
    destroy(office.house.database, database_url, request)
    assert code_of(lambda: redeem(office, record)) == "database_unavailable"
    assert code_of(lambda: office.issue(dossier)) == "database_unavailable"


def refuse_leaf(database: Database, kind: str) -> None:
    """Let the database refuse entries of one kind."""
    statements = [
        f"CREATE TRIGGER full_disk BEFORE INSERT ON events WHEN NEW.type = '{kind}' "
        "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    ]
    if not database.is_sqlite:
        statements = [
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'disk full'; END$$",
            "CREATE TRIGGER full_disk BEFORE INSERT ON events FOR EACH ROW "
            f"WHEN (NEW.type = '{kind}') EXECUTE FUNCTION full_disk()",
        ]
    with database.write() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def admit_leaf(database: Database) -> None:
    on_table = "" if database.is_sqlite else " ON events"
    with database.write() as connection:
        connection.exec_driver_sql(f"DROP TRIGGER full_disk{on_table}")


def destroy(database: Database, url: str, request: pytest.FixtureRequest) -> None:
    """What is left when a disk dies or a server is gone."""
    if not database.is_sqlite:
        cluster: Cluster = request.getfixturevalue("postgres_cluster")
        cluster.drop(url)
        return
    database.close()
    path = Path(url.removeprefix("sqlite:///"))
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    path.mkdir()
