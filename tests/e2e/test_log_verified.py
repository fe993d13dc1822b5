"""`gatekeeper ledger verify --url` against a gate that serves, while it is whole and after it was tampered with."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from gatekeeper.cli.running import run
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.storage.database import Database
from tests.contract.storage.test_log import disarm
from tests.support.published import Stranger
from tests.support.reports import a_blocked_report
from tests.support.server import RunningGate

pytestmark = pytest.mark.timeout(240)


def test_a_stranger_verifies_what_a_gate_serves_and_is_told_what_was_edited(
    start_gate, database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def verify(*words: str) -> tuple[int, str]:
        code = run(["ledger", "verify", "--url", f"{gate.url}/log", *words])
        return code, "".join(capsys.readouterr())

    gate: RunningGate = start_gate({"GATEKEEPER_DATABASE_URL": database_url})
    stranger, token = Stranger(gate), gate.token("bot", "submitter")
    assert gate.request("POST", "/v1/proposals", token, report_to_json(a_blocked_report()))[0] == 201
    size = stranger.wait_for(5).size
    pin, policy = tmp_path / "pin", tmp_path / "policy"
    policy.write_bytes(stranger.fetch("policy")[2])
    known = ("--policy", str(policy), "--pin", str(pin))

    assert verify() == (2, "Cannot tell: no key is given; name it with --vkey or --policy.\n")
    code, said = verify(*known, "--update-pin")
    assert (code, said.startswith(f"Whole: {size} entries, root ")) == (0, True)
    assert pin.read_bytes() == stranger.fetch("checkpoint")[2]
    assert verify(*known)[0] == 0

    index = next(n for n, entry in enumerate(stranger.entries(size)) if b'"outcome":"block"' in entry)
    database = Database(database_url)
    with database.write() as connection:
        disarm(connection)
        edit = """UPDATE events SET body = replace(body, '"outcome":"block"', '"outcome":"allow"') WHERE leaf = :leaf"""
        connection.execute(text(edit.replace('":"', '"\\:"')), {"leaf": index})
    database.close()
    assert b'"outcome":"allow"' in stranger.entries(size)[index]
    tampered = f"TAMPERED at entry {index}: entry {index} does not match its leaf hash.\n"
    assert verify(*known) == (1, tampered)
    assert verify(*known, "--update-pin") == (1, tampered)
    assert pin.read_bytes() == stranger.fetch("checkpoint")[2]

    gate.kill()
    assert verify(*known)[0] == 2
