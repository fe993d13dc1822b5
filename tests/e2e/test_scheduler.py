"""Time alone: a review that nobody decided is ended by the running server's own scheduler."""

import json
import shutil
from pathlib import Path

from gatekeeper.proposals.json_form import report_to_json
from tests.support.ports import wait_until
from tests.support.reports import a_blocked_report
from tests.support.server import RunningGate
from tests.support.workspace import REPOSITORY


def impatient_policies(directory: Path) -> Path:
    """The shipped policy, but a review may take no longer than a second."""
    policies = directory / "policies"
    shutil.copytree(REPOSITORY / "policies", policies)
    path = policies / "data" / "thresholds.json"
    thresholds = json.loads(path.read_text())
    thresholds["approval"]["review_ttl_seconds"] = 1
    path.write_text(json.dumps(thresholds))
    return policies


def test_the_scheduler_ends_a_review_that_nobody_decided(start_gate, tmp_path: Path):
    policies = impatient_policies(tmp_path)
    gate: RunningGate = start_gate({"GATEKEEPER_POLICIES_DIR": str(policies)})
    token = gate.token("bot", "submitter")
    report = a_blocked_report()
    status, answer = gate.request("POST", "/v1/proposals", token, report_to_json(report))
    assert (status, answer["state"]) == (201, "pending_review")

    def current() -> dict[str, object]:
        return gate.request("GET", f"/v1/proposals/{report.id}", token)[1]

    gate.restart()
    gate.restart()
    wait_until(lambda: current()["state"] != "pending_review", 45, "nobody ended the review")
    settled = current()
    assert (settled["state"], settled["verdict"]["outcome"]) == ("expired", "fail")
    assert [reason["code"] for reason in settled["verdict"]["reasons"]] == ["approval.review_expired"]
