"""The server as a process: first run, workers that die, a parent that is killed, an address that is taken."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import urllib3

from gatekeeper.environment import read_settings
from gatekeeper.ledger import log
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.storage.database import Database
from tests.support.ports import free_port, wait_until
from tests.support.reports import a_report
from tests.support.server import RunningGate
from tests.support.workspace import REPOSITORY, another_policy

TOKEN = re.compile(r"gk_[0-9a-f]{16}_[A-Za-z0-9_-]{43}")


def gatekeeper(*words, **environ):
    """Run a command with nothing but these settings."""
    return subprocess.run(
        [sys.executable, "-m", "gatekeeper", *words],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], **environ},
        capture_output=True,
        text=True,
        timeout=120,
    )


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def workers_of(gate: RunningGate) -> list[int]:
    """The worker processes; Python's resource tracker is a child too."""
    return [child for child in children_of(gate.process.pid) if b"spawn_main" in command_line(child)]


def command_line(pid: int) -> bytes:
    """Of a process that has ended meanwhile: nothing."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in ("Z", "X")


def is_ready(gate: RunningGate) -> bool:
    try:
        return gate.request("GET", "/readyz")[0] == 200
    except urllib3.exceptions.HTTPError:
        return False


def is_alive_at(gate: RunningGate) -> bool:
    try:
        return gate.request("GET", "/healthz")[0] == 200
    except urllib3.exceptions.HTTPError:
        return False


def changes_of_policy(gate: RunningGate) -> list[dict[str, Any]]:
    database = Database(read_settings(gate.environ).database_url)
    with database.read() as connection:
        found = log.events_naming(connection, "policy.changed", 0)
    database.close()
    return found


def test_workers_do_not_outlive_a_killed_parent(gate_with_two_workers):
    gate = gate_with_two_workers
    workers = workers_of(gate)
    assert len(workers) == 2
    os.kill(gate.process.pid, signal.SIGKILL)
    gate.process.wait()
    wait_until(lambda: not any(map(is_alive, workers)), 10, "workers live on")
    gate.start()
    assert gate.request("GET", "/readyz")[0] == 200
    assert [each["facts"]["before"] for each in changes_of_policy(gate)] == [None], (
        "recorded once, at the first start"
    )


def test_a_worker_that_dies_is_replaced(gate_with_two_workers):
    gate = gate_with_two_workers
    before = workers_of(gate)
    os.kill(before[0], signal.SIGKILL)
    wait_until(lambda: len(set(workers_of(gate)) - {before[0]}) == 2, 30, "the worker is not replaced")
    wait_until(lambda: is_ready(gate), 30, "it does not answer again")


def test_workers_that_cannot_start_end_the_server(start_gate, tmp_path):
    policies = tmp_path / "policies"
    shutil.copytree(REPOSITORY / "policies", policies)
    gate = start_gate({"GATEKEEPER_POLICIES_DIR": str(policies)})
    shutil.rmtree(policies)
    os.kill(workers_of(gate)[0], signal.SIGKILL)
    assert gate.process.wait(timeout=60) == 4
    assert "die as fast as they start" in gate.output()


def test_a_worker_that_comes_back_over_changed_policy_files_decides_nothing(start_gate, tmp_path):
    policies = another_policy(tmp_path / "policies")
    gate = start_gate({"GATEKEEPER_POLICIES_DIR": str(policies), "GATEKEEPER_WORKERS": "1"})
    token, (worker,) = gate.token("bot", "submitter"), workers_of(gate)
    assert gate.request("POST", "/v1/proposals", token, report_to_json(a_report()))[0] == 201
    with (policies / "approval" / "approval.rego").open("a") as file:
        file.write("\n# and another one\n")
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: len(set(workers_of(gate)) - {worker}) == 1, 30, "the worker is not replaced")
    wait_until(lambda: is_alive_at(gate), 30, "it does not answer again")
    status, problem = gate.request("POST", "/v1/proposals", token, report_to_json(a_report()))
    assert (status, problem["code"], is_ready(gate)) == (503, "policy_not_in_force", False)
    gate.restart()
    assert gate.request("POST", "/v1/proposals", token, report_to_json(a_report()))[0] == 201
    first, second = [each["facts"] for each in changes_of_policy(gate)]
    assert (first["before"], second["before"]) == (None, first["after"])


def test_a_server_that_cannot_start_or_whose_policy_does_not_work_puts_nothing_in_force(gate, tmp_path):
    token = gate.token("bot", "submitter")
    lax = another_policy(tmp_path / "lax")
    rule = lax / "gate" / "rules" / "declared_block" / "declared_block.rego"
    rule.write_text(rule.read_text().replace("block_execution", "block_executioner"))
    for policies, other, code in (
        (lax, {}, 4),
        (another_policy(tmp_path / "newer"), {"GATEKEEPER_LOG_ORIGIN": "other.example/log"}, 2),
    ):
        settings = {"GATEKEEPER_POLICIES_DIR": str(policies), **other}
        started = gate.cli("serve", "--bind", f"127.0.0.1:{free_port()}", **settings)
        assert started.returncode == code, started.stderr
        assert gate.request("POST", "/v1/proposals", token, report_to_json(a_report()))[0] == 201
    assert len(changes_of_policy(gate)) == 1


def test_sigterm_ends_it_in_good_order(gate):
    workers = workers_of(gate)
    assert gate.stop() == 0
    assert not any(map(is_alive, workers))
    assert "[WARNING]" not in gate.output()
    assert "Traceback" not in gate.output()


def test_ctrl_c_in_its_terminal_ends_it_in_good_order(gate):
    os.killpg(gate.process.pid, signal.SIGINT)
    assert gate.process.wait(timeout=15) == 0
    assert "refused" not in gate.output()
    assert "Traceback" not in gate.output()


def test_an_address_that_is_taken_is_said_and_left_alone(gate):
    process = gate.cli("serve")
    assert process.returncode == 2
    assert "address already in use" in process.stderr
    assert gate.request("GET", "/healthz")[0] == 200


def test_counters_of_all_workers_are_one(gate_with_two_workers):
    gate = gate_with_two_workers
    for _ in range(20):
        with urllib3.PoolManager(retries=False) as http:
            assert http.request("GET", f"{gate.url}/healthz").status == 200
    with urllib3.PoolManager(retries=False) as http:
        text = http.request("GET", f"{gate.url}/metrics").data.decode()
    counted = re.search(
        r'fsar_gate_request_seconds_count\{operation="get_healthz",status="2xx"\} (\S+)', text
    )
    assert float(counted.group(1)) >= 20


class FirstRun:
    """`serve --first-run` with what it prints on each stream."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self.environ = {
            "PATH": os.environ["PATH"],
            "GATEKEEPER_DATA_DIR": str(home / "var"),
            "GATEKEEPER_URL": f"http://127.0.0.1:{self.port}",
        }
        self.home = home
        self.words = ["serve", "--first-run", "--bind", f"127.0.0.1:{self.port}", "--workers", "1"]

    def run(self, number: int) -> tuple[str, str]:
        """Start, wait until it answers, stop; standard output and standard error."""
        out, err = self.home / f"out{number}", self.home / f"err{number}"
        with out.open("wb") as stdout, err.open("wb") as stderr:
            process = subprocess.Popen(
                [sys.executable, "-m", "gatekeeper", *self.words],
                cwd=REPOSITORY,
                env=self.environ,
                stdout=stdout,
                stderr=stderr,
            )
        try:
            wait_until(self.answers, 40, "it does not answer")
            self.while_it_runs(out.read_text())
        finally:
            process.terminate()
            assert process.wait(timeout=30) == 0
        return out.read_text(), err.read_text()

    def answers(self) -> bool:
        with urllib3.PoolManager(retries=False, timeout=2) as http:
            try:
                return http.request("GET", f"http://127.0.0.1:{self.port}/healthz").status == 200
            except urllib3.exceptions.HTTPError:
                return False

    def while_it_runs(self, said: str) -> None:
        tokens = TOKEN.findall(said)
        if tokens:
            waiting = gatekeeper("list", "--waiting", **self.environ, GATEKEEPER_TOKEN=tokens[1])
            assert waiting.returncode == 0
            assert waiting.stdout.count("fsar_") >= 3


@pytest.mark.timeout(180)
def test_the_first_run_prints_tokens_once_and_fills_the_inbox(tmp_path):
    first_run = FirstRun(tmp_path)
    out, err = first_run.run(1)
    assert len(set(TOKEN.findall(out))) == 4
    assert f"http://127.0.0.1:{first_run.port}" in out
    again, err_again = first_run.run(2)
    assert TOKEN.findall(again + err + err_again) == []
    home = Path(first_run.environ["GATEKEEPER_DATA_DIR"])
    assert home.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o077 for path in home.iterdir() if path.is_file()} == {
        "gatekeeper.db": 0,
        "secret.key": 0,
    }
    verified = gatekeeper("ledger", "verify", **first_run.environ)
    assert verified.returncode == 0
