"""The client against a running gate: what runs, with a permit that was issued, verified and spent, is on record."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gatekeeper.errors import GatekeeperError
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.report import Report
from tests.support.meddler import Meddler
from tests.support.reports import a_report
from tests.support.served import PROOF, Served, outcomes, refusal, run
from tests.support.workspace import REPOSITORY


def test_the_body_runs_with_a_permit_and_its_success_is_on_record(served: Served):
    submitted = served.passed(ai_model="model-1", p_fail=0.25)
    seen: list[dict[str, Any]] = []
    run(served.client(), submitted.binding, served, lambda: seen.extend(served.executions(submitted)))
    (during,), (after,) = seen, served.executions(submitted)
    assert (during["state"], outcomes(during)) == ("started", [("started", [])])
    shown = [{"uri": PROOF.uri, "sha256": PROOF.sha256}]
    assert (after["state"], outcomes(after)) == ("succeeded", [("started", []), ("succeeded", shown)])
    reference = submitted.binding.proposal
    assert (after["executor"], after["ai_model"], after["p_fail"], after["severity"]["claimed"]) == (
        "bot",
        "model-1",
        0.25,
        4,
    )
    assert after["proposal"] == {"id": reference.id, "revision": 1, "digest": reference.digest}


def test_what_the_body_raises_goes_on_and_is_on_record_as_a_failure(served: Served):
    submitted = served.passed()

    def break_down() -> None:
        raise ZeroDivisionError("the body's own")

    with pytest.raises(ZeroDivisionError, match="the body's own"):
        run(served.client(), submitted.binding, served, break_down)
    (after,) = served.executions(submitted)
    assert outcomes(after) == [("started", []), ("failed", [])]


def test_an_interruption_is_a_failure_too(served: Served):
    submitted = served.passed()

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(served.client(), submitted.binding, served, interrupt)
    (after,) = served.executions(submitted)
    assert after["state"] == "failed"


def test_the_body_undoes_what_it_did_and_says_so(served: Served):
    submitted = served.passed()
    with (
        pytest.raises(ZeroDivisionError),
        served.client().execution(
            submitted.binding, audience="bot", policy=served.policy, keys=served.keys
        ) as execution,
    ):
        execution.roll_back([PROOF])
        raise ZeroDivisionError
    (after,) = served.executions(submitted)
    assert [each["outcome"] for each in after["outcomes"]] == ["started", "rolled_back"]


def test_what_has_failed_can_be_undone_afterwards_and_may_then_run_again(served: Served):
    submitted = served.passed()
    with pytest.raises(ZeroDivisionError):  # noqa: SIM117
        with served.client().execution(
            submitted.binding, audience="bot", policy=served.policy, keys=served.keys
        ) as execution:
            raise ZeroDivisionError
    execution.roll_back()
    run(served.client(), submitted.binding, served, lambda: None)
    assert [each["state"] for each in served.executions(submitted)] == ["succeeded", "rolled_back"]
    assert refusal(served.client(), submitted.binding, served) == "executed"


def test_a_permit_bound_to_a_key_is_spent_with_it(served: Served):
    submitted = served.passed()
    run(served.client(), submitted.binding, served, lambda: None, executor_key=Ed25519PrivateKey.generate())
    assert [each["state"] for each in served.executions(submitted)] == ["succeeded"]


def test_keys_of_the_gate_itself_are_used_when_none_were_given(served: Served):
    submitted = served.passed()
    run(served.client(), submitted.binding, served, lambda: None, keys=None)
    assert [each["state"] for each in served.executions(submitted)] == ["succeeded"]


def test_a_failure_that_the_gate_could_not_be_told_is_noted_on_what_was_raised(
    served: Served, meddler: Meddler
):
    submitted = served.passed()

    def break_down() -> None:
        meddler.faked["outcome"] = {}
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as broken:
        run(served.client(url=meddler.url), submitted.binding, served, break_down)
    (note,) = broken.value.__notes__
    (left,) = served.executions(submitted)
    assert (left["id"] in note, left["state"]) == (True, "started")


def test_a_success_that_the_gate_could_not_be_told_is_an_error_and_not_a_success(
    served: Served, meddler: Meddler
):
    submitted = served.passed()
    with pytest.raises(GatekeeperError) as lost:
        run(
            served.client(url=meddler.url),
            submitted.binding,
            served,
            lambda: meddler.faked.update({"outcome": {}}),
        )
    assert lost.value.code == "not_a_gate"
    (left,) = served.executions(submitted)
    assert left["state"] == "started"
    served.client().report_outcome(left["id"], "succeeded", [PROOF])
    assert [each["state"] for each in served.executions(submitted)] == ["succeeded"]


def done_as_documented(
    served: Served, name: str, report: Report, deed: str, directory: Path
) -> subprocess.CompletedProcess[bytes]:
    """Run the example of the documentation with the token of this name."""
    (program,) = re.findall(r"```python\n(.*?)```", (REPOSITORY / "docs" / "executions.md").read_text(), re.S)
    (directory / "log-policy").write_text(served.policy.text(with_addresses=False))
    (directory / "report.json").write_text(json.dumps(report_to_json(report)))
    (directory / "deploy.sh").write_text(deed)
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(REPOSITORY),
        "GATEKEEPER_URL": served.gate.url,
        "GATEKEEPER_TOKEN": served.tokens[name],
    }
    return subprocess.run([sys.executable, "-c", program], cwd=directory, env=environ, capture_output=True)


@pytest.mark.parametrize(("deed", "state"), [("echo done > deploy.log", "succeeded"), ("exit 3", "failed")])
def test_the_documented_example_does_what_it_says(served: Served, tmp_path: Path, deed: str, state: str):
    report = a_report()
    done = done_as_documented(served, "deploy-bot", report, deed, tmp_path)
    assert (done.returncode == 0) == (state == "succeeded"), done.stderr
    (execution,) = served.executions(served.client("deploy-bot").submit(report))
    digest = hashlib.sha256(b"done\n").hexdigest()
    shown = [{"uri": "file:deploy.log", "sha256": digest}] if state == "succeeded" else []
    assert (execution["executor"], outcomes(execution)) == ("deploy-bot", [("started", []), (state, shown)])


def test_the_documented_example_runs_nothing_with_the_token_of_another(served: Served, tmp_path: Path):
    report = a_report()
    done = done_as_documented(served, "bot", report, "echo done > deploy.log", tmp_path)
    assert done.returncode == 1
    assert b"NotPermittedError: The permit is made out to another executor" in done.stderr
    assert not (tmp_path / "deploy.log").exists()
    assert served.executions(served.client().submit(report)) == []
