"""What an OPA server decided is decided again by the embedded engine, offline, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gatekeeper import app
from gatekeeper.app import Gatekeeper
from gatekeeper.environment import read_settings
from gatekeeper.ledger.verifier import Verdict
from gatekeeper.policy.decision import Outcome
from gatekeeper.proposals.forms import parse_report
from gatekeeper.verdicts.verification import verify_verdict
from tests.support.databases import new_sqlite
from tests.support.exported_logs import LOG, WITNESS, publish
from tests.support.house import MINUTE, NOW
from tests.support.opa import OpaServer
from tests.support.verdict_files import LOG_POLICY
from tests.support.workspace import EXAMPLES

FORMS = {".json": "application/json", ".md": "text/markdown"}


@pytest.fixture
def house(opa_server: OpaServer, tmp_path: Path) -> Iterator[Gatekeeper]:
    environ = {
        "GATEKEEPER_DATABASE_URL": new_sqlite(tmp_path / "gate.db"),
        "GATEKEEPER_DATA_DIR": str(tmp_path / "var"),
        "GATEKEEPER_OPA_URL": opa_server.url,
    }
    gatekeeper = app.build(read_settings(environ))
    yield gatekeeper
    gatekeeper.database.close()


def test_every_example_and_every_end_of_it(house: Gatekeeper) -> None:
    bot, *reviewers = (
        house.identity.add(name, [role], NOW)[0]
        for name, role in (("bot", "submitter"), ("rita", "reviewer"), ("ravi", "reviewer"))
    )
    asked = []
    for number, path in enumerate(sorted((EXAMPLES / "valid").iterdir())):
        report = parse_report(path.read_bytes(), FORMS[path.suffix], limit_bytes=10**6)
        dossier = house.gate.submit(report, bot, NOW).dossier
        asked.append(dossier)
        for voter in reviewers:
            if dossier.decision.outcome is Outcome.ALLOW or house.dossiers.get(dossier.id).verdict.at:
                break
            kind = "reject" if number % 2 else "approve"
            house.reviews.vote(dossier.id, kind, "I read it.", dossier.digest, voter, NOW + MINUTE)
    publish(house.database, LOG, WITNESS)
    assert {dossier.decision.outcome for dossier in asked} == set(Outcome)
    for dossier in asked:
        file = house.verdicts.export(dossier.id)
        for part in (file.decision, file.review or file.decision):
            assert part["policy"]["engine"] == "opa"
            assert part["policy"]["version"].startswith("opa ")
        assert verify_verdict(file.encoded, LOG_POLICY).verdict is Verdict.WHOLE
