"""`gatekeeper permit` and `gatekeeper report` at a running gate: what a script gets, and the exit codes it obeys."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from gatekeeper.permits.bundle import parse_bundle
from gatekeeper.permits.signing_keys import jwks
from gatekeeper.permits.statement import parse_statement
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.report import Report
from tests.support.meddler import meddling_with
from tests.support.permits import a_permit_key
from tests.support.reports import a_blocked_report, a_report
from tests.support.server import RunningGate, gate_at
from tests.support.workspace import REPOSITORY, require_service

NO_RECEIPT = (
    "gatekeeper: The gate's receipt does not say that this permit was spent. Run nothing on it; if the gate shows an "
    "execution of this permit, report that one as failed.\n"
)
Done = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class Terminal:
    """Command lines of somebody's."""

    gate: RunningGate
    token: str
    url: str = ""

    def run(self, *words: str) -> Done:
        address = {"GATEKEEPER_URL": self.url} if self.url else {}
        return self.gate.cli(*words, GATEKEEPER_TOKEN=self.token, **address)

    def passed(self) -> str:
        """The id of a proposal that passed."""
        report = a_report()
        assert self.gate.request("POST", "/v1/proposals", self.token, report_to_json(report))[0] == 201
        return report.id

    def issue(self, path: Path, *words: str) -> str:
        """A permit's bundle in a file; the permit's id."""
        issued = self.run("permit", "issue", self.passed(), "--audience", "bot", *words)
        assert (issued.returncode, issued.stderr[:15]) == (0, "Issued: permit_"), issued.stderr
        path.write_text(issued.stdout.removesuffix("\n"))
        return parse_statement(parse_bundle(path.read_bytes()).envelope.payload).id

    def execution(self, execution_id: str) -> dict[str, Any]:
        answer: Any = self.gate.request("GET", f"/v1/executions/{execution_id}", self.token)[1]
        return answer

    def executions(self, proposal_id: str) -> list[dict[str, Any]]:
        answer: Any = self.gate.request("GET", f"/v1/executions?proposal={proposal_id}", self.token)[1]
        items: list[dict[str, Any]] = answer["items"]
        return items


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    gate = gate_at(tmp_path_factory.mktemp("cli"), {})
    gate.start()
    try:
        yield Terminal(gate, gate.token("bot", "submitter"))
    finally:
        gate.kill()
        gate.http.clear()


@pytest.fixture(scope="module")
def deploy_bot(bot: Terminal) -> Terminal:
    return Terminal(bot.gate, bot.gate.token("deploy-bot", "submitter"))


def test_a_permit_is_issued_spent_once_and_its_outcome_reported(bot: Terminal, tmp_path: Path):
    permit_id = bot.issue(tmp_path / "bundle.json")
    spent = bot.run("permit", "consume", str(tmp_path / "bundle.json"))
    assert (spent.returncode, spent.stdout[:5], spent.stderr) == (0, "exec_", "")
    execution_id = spent.stdout.strip()
    assert bot.execution(execution_id)["permit"] == permit_id
    again = bot.run("permit", "consume", permit_id)
    assert (again.returncode, again.stdout) == (1, "")

    started = bot.run("report", "outcome", execution_id, "started")
    assert (started.returncode, started.stdout) == (0, "Recorded: started.\n")
    digest = hashlib.sha256(b"log").hexdigest()
    shown = ("--evidence", f"https://ci.example.com/log?run=7={digest}", "--evidence", f"file:x={digest}")
    for _ in range(2):
        assert bot.run("report", "outcome", execution_id, "failed", *shown).returncode == 0
    (_, failed) = bot.execution(execution_id)["outcomes"]
    assert failed["evidence"] == [
        {"uri": "https://ci.example.com/log?run=7", "sha256": digest},
        {"uri": "file:x", "sha256": digest},
    ]
    contradiction = bot.run("report", "outcome", execution_id, "succeeded")
    assert (contradiction.returncode, contradiction.stdout) == (1, "")


def done_as_documented(by: Terminal, report: Report, deed: str, directory: Path) -> Done:
    """Run the script of the documentation."""
    require_service("jq", shutil.which("jq") is not None)
    (script,) = re.findall(r"```sh\n(.*?)```", (REPOSITORY / "docs" / "executions.md").read_text(), re.S)
    command = directory / "gatekeeper"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m gatekeeper "$@"\n')
    command.chmod(0o755)
    (directory / "log-policy").write_bytes(by.gate.http.request("GET", f"{by.gate.url}/log/policy").data)
    (directory / "report.json").write_bytes(orjson.dumps(report_to_json(report)))
    (directory / "deploy.sh").write_text(deed)
    (directory / "deploy.log").write_text("done\n")
    environ = {
        "PATH": f"{directory}:{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY),
        "GATEKEEPER_URL": by.gate.url,
        "GATEKEEPER_TOKEN": by.token,
    }
    return subprocess.run(["sh", "-c", script], cwd=directory, env=environ, capture_output=True, text=True)


@pytest.mark.parametrize(("deed", "state"), [("echo done > deploy.log", "succeeded"), ("exit 3", "failed")])
def test_the_documented_script_does_what_it_says(deploy_bot: Terminal, tmp_path: Path, deed: str, state: str):
    report = a_report(id=deploy_bot.passed(), proposal="Reword the greeting: \\n is no end of a line.")
    done = done_as_documented(deploy_bot, report, deed, tmp_path)
    assert done.returncode == 0, done.stderr
    ((execution,), digest) = deploy_bot.executions(report.id), hashlib.sha256(b"done\n").hexdigest()
    assert (execution["executor"], execution["proposal"]["revision"]) == ("deploy-bot", 2)
    assert [(each["outcome"], each["evidence"]) for each in execution["outcomes"]] == [
        ("started", []),
        (state, [{"uri": "file:deploy.log", "sha256": digest}]),
    ]


def test_the_documented_script_ends_when_it_may_not_run(deploy_bot: Terminal, tmp_path: Path):
    done = done_as_documented(deploy_bot, a_blocked_report(), "touch deployed", tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert not (tmp_path / "deployed").exists()
    assert not (tmp_path / "bundle.json").exists()


def test_the_documented_script_runs_nothing_with_the_token_of_another(
    bot: Terminal, deploy_bot: Terminal, tmp_path: Path
):
    report = a_report()
    done = done_as_documented(bot, report, "touch deployed", tmp_path)
    assert done.returncode == 1
    assert "The permit is made out to another executor" in done.stderr
    assert not (tmp_path / "deployed").exists()
    assert bot.executions(report.id) == []


def test_a_permit_bound_to_a_key_is_spent_with_the_key_only(bot: Terminal, tmp_path: Path):
    keys = []
    for name in ("own", "other"):
        pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / name).write_bytes(pem)
        keys.append(str(tmp_path / name))
    bundle = str(tmp_path / "bundle.json")
    permit_id = bot.issue(tmp_path / "bundle.json", "--executor-key", keys[0])
    assert bot.run("permit", "consume", bundle).returncode == 1
    assert bot.run("permit", "consume", bundle, "--executor-key", keys[1]).returncode == 1
    assert bot.run("permit", "consume", permit_id, "--executor-key", keys[0]).returncode == 2
    spent = bot.run("permit", "consume", bundle, "--executor-key", keys[0], "--format", "json")
    answer = orjson.loads(spent.stdout)
    assert (spent.returncode, answer["permit"], set(answer)) == (
        0,
        permit_id,
        {"permit", "execution", "receipt"},
    )


def test_nothing_is_printed_for_a_receipt_that_is_not_this_permit_s(bot: Terminal, tmp_path: Path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    permit_ids = [bot.issue(first), bot.issue(second)]
    with meddling_with(bot.gate.url) as meddler:
        answers: list[Any] = []
        meddler.answered["consume"] = lambda answer: answers.append(answer) or answer
        there = Terminal(bot.gate, bot.token, meddler.url)
        assert there.run("permit", "consume", str(first)).stdout == f"{answers[0]['execution']['id']}\n"
        meddler.faked["consume"] = answers[0]
        for permit in (str(second), permit_ids[1]):
            done = there.run("permit", "consume", permit, "--format", "json")
            assert (done.returncode, done.stdout, done.stderr) == (4, "", NO_RECEIPT)
    assert bot.run("permit", "consume", permit_ids[1]).stdout.startswith("exec_")


def test_the_receipt_is_held_against_the_keys_that_are_given(bot: Terminal, tmp_path: Path):
    permit_id = bot.issue(tmp_path / "bundle.json")
    others = tmp_path / "others.json"
    others.write_bytes(orjson.dumps(jwks([a_permit_key("another").public])))
    for keys in (tmp_path / "nowhere", f"{bot.gate.url}/nowhere"):
        done = bot.run("permit", "consume", permit_id, "--keys", str(keys))
        assert (done.returncode, done.stdout) == (4, "")  # and the permit is not spent
    done = bot.run("permit", "consume", str(tmp_path / "bundle.json"), "--keys", str(others))
    assert (done.returncode, done.stdout, done.stderr) == (4, "", NO_RECEIPT)
    assert bot.run("permit", "consume", permit_id).returncode == 1


def test_a_revoked_permit_is_not_spent(bot: Terminal, tmp_path: Path):
    permit_id = bot.issue(tmp_path / "bundle.json", "--ttl", "900")
    assert bot.run("permit", "revoke", permit_id, "--reason", "Another week.").returncode == 0
    assert bot.run("permit", "consume", permit_id).returncode == 1
    assert bot.run("permit", "revoke", permit_id, "--reason", "Again.").returncode == 1


def test_wrong_usage_and_wrong_input_are_2_and_change_nothing(bot: Terminal, tmp_path: Path):
    permit_id = bot.issue(tmp_path / "bundle.json")
    (tmp_path / "no-bundle").write_text("{}")
    execution_id = bot.run("permit", "consume", permit_id).stdout.strip()
    for words in (
        ("permit", "issue", "fsar_0", "--audience", "bot"),
        ("permit", "issue", "fsar_0", "--audience", "bot", "--ttl", "901"),
        ("permit", "consume", str(tmp_path / "no-bundle")),
        ("permit", "consume", str(tmp_path / "nowhere")),
        ("permit", "consume", "permit_0"),
        ("permit", "consume", str(tmp_path / "bundle.json"), "--executor-key", str(tmp_path / "no-bundle")),
        ("report", "outcome", execution_id, "indeterminate"),
        ("report", "outcome", "exec_0", "failed"),
        ("report", "outcome", execution_id, "failed", "--evidence", "file:x"),
        ("report", "outcome", execution_id, "failed", "--evidence", f"file:x={'A' * 64}"),
    ):
        done = bot.run(*words)
        assert (done.returncode, done.stdout) == (2, ""), (words, done.stderr)
    assert bot.execution(execution_id)["outcomes"] == []


def test_nothing_is_issued_for_what_has_not_passed(bot: Terminal):
    report = a_blocked_report()
    bot.gate.request("POST", "/v1/proposals", bot.token, report_to_json(report))
    done = bot.run("permit", "issue", report.id, "--audience", "bot")
    assert (done.returncode, done.stdout) == (1, "")


def test_a_gate_that_does_not_answer_is_4(bot: Terminal):
    for words in (("permit", "consume", "permit_0"), ("report", "outcome", "exec_0", "succeeded")):
        done = bot.gate.cli(*words, GATEKEEPER_TOKEN=bot.token, GATEKEEPER_URL="http://127.0.0.1:9")
        assert (done.returncode, done.stdout) == (4, "")
