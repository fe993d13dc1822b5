"""A served gate, a reviewer's approval, the verdict over HTTP; a stranger in an empty directory decides it again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from gatekeeper.ledger.checkpoint import parse_checkpoint
from gatekeeper.ledger.note import parse_note
from gatekeeper.proposals.json_form import report_to_json
from tests.support.published import Stranger
from tests.support.reports import a_report_for_review
from tests.support.server import RunningGate
from tests.support.workspace import REPOSITORY

pytestmark = pytest.mark.timeout(240)


def approved(gate: RunningGate, bot: str, rita: str) -> dict[str, object]:
    """A proposal that a reviewer let pass."""
    _, asked = gate.request("POST", "/v1/proposals", bot, report_to_json(a_report_for_review()))
    vote = {"vote": "approve", "reason": "I read it.", "digest": asked["digest"]}
    status, passed = gate.request("POST", f"/v1/proposals/{asked['id']}/reviews", rita, vote)
    assert (status, passed["state"]) == (201, "passed")
    return passed


def verify(directory: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The command with nothing but the files of a directory: no settings, no database."""
    return subprocess.run(
        [sys.executable, "-m", "gatekeeper", "ledger", "verify", "--verdict", "verdict.json", *options],
        cwd=directory,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "HOME": str(directory)},
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_stranger_with_the_policy_file_decides_a_verdict_again(gate: RunningGate, tmp_path: Path) -> None:
    stranger, bot, rita = Stranger(gate), gate.token("bot", "submitter"), gate.token("rita", "reviewer")
    passed = approved(gate, bot, rita)
    leaf = passed["verdict"]["leaf"]
    stranger.wait_for(leaf + 1)
    place = f"/v1/proposals/{passed['id']}/verdict"
    answer = gate.http.request("GET", gate.url + place, headers={"Authorization": f"Bearer {rita}"})
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    written = gate.cli("ledger", "verdict", passed["id"])
    assert (written.returncode, written.stdout.encode()) == (0, answer.data)
    assert gate.request("GET", place)[0] == 401

    home = tmp_path / "empty"
    home.mkdir()
    (home / "verdict.json").write_bytes(answer.data)
    (home / "policy").write_bytes(stranger.fetch("policy")[2])
    whole = verify(home, "--policy", "policy", "--reassess")
    told = f"pass (approval.quorum_reached) at {passed['verdict']['at']}"
    assert (whole.returncode, whole.stderr) == (0, "")
    assert whole.stdout.startswith(f"Whole: {passed['id']} revision 1: {told}; entry {leaf} of ")
    assert sorted(each.name for each in home.iterdir()) == ["policy", "verdict.json"]

    (home / "verdict.json").write_bytes(
        answer.data.replace(b'"outcome":"review","policy"', b'"outcome":"allow","policy"')
    )
    assert verify(home, "--policy", "policy").returncode == 1
    pin = stranger.fetch("checkpoint")[2]
    (home / "pin").write_bytes(pin)
    size = parse_checkpoint(parse_note(pin).text).size
    pinned = gate.cli("ledger", "verdict", passed["id"], "--checkpoint", str(size))
    (home / "verdict.json").write_text(pinned.stdout)
    assert verify(home, "--policy", "policy", "--pin", "pin").returncode == 0


def test_there_is_no_verdict_file_of_nobodys_proposal(gate: RunningGate) -> None:
    token = gate.token("bot", "submitter")
    status, problem = gate.request("GET", "/v1/proposals/fsar_unknown/verdict", token)
    assert (status, problem["code"]) == (404, "proposal_unknown")
    assert gate.cli("ledger", "verdict", "fsar_unknown").returncode == 2
