"""Signer and witness run by others than the gate, several gates over one log, and settings that do not fit."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from gatekeeper.ledger.installation import LogInstallation
from gatekeeper.ledger.key_files import create_key
from gatekeeper.ledger.keys import Kind, new_key
from gatekeeper.ledger.witness_policy import Witness, WitnessPolicy
from gatekeeper.settings import Settings
from tests.support.ports import free_port
from tests.support.published import Stranger
from tests.support.server import RunningGate
from tests.support.trees import LOG_KEY
from tests.support.workspace import REPOSITORY

pytestmark = pytest.mark.timeout(240)
Start = Callable[[Mapping[str, str]], RunningGate]
WITNESSES = [
    new_key("witness.example/one", Kind.COSIGNATURE_ED25519, b"1" * 32),
    new_key("witness.example/two", Kind.COSIGNATURE_MLDSA44, b"2" * 32),
]


@contextmanager
def keeper(*words: str) -> Iterator[None]:
    """A signer or witness that runs for a while."""
    with subprocess.Popen(
        [sys.executable, "-m", "gatekeeper", *words],
        cwd=REPOSITORY,
        env={},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert "Its key: " in process.stderr.readline()
        yield
        process.kill()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings that name a signer and a quorum of two witnesses, all of which run."""
    create_key(tmp_path / "log.key", LOG_KEY)
    listed = []
    with ExitStack() as running:
        signer = ["signer", "--key", str(tmp_path / "log.key"), "--socket", str(tmp_path / "socket")]
        running.enter_context(keeper(*signer))
        for number, key in enumerate(WITNESSES):
            create_key(tmp_path / f"{number}.key", key)
            address = f"127.0.0.1:{free_port()}"
            words = [
                "--key",
                str(tmp_path / f"{number}.key"),
                "--log",
                LOG_KEY.verifier.vkey,
                "--bind",
                address,
            ]
            running.enter_context(keeper("witness", *words))
            listed.append(Witness(f"w{number}", key.verifier, f"http://{address}"))
        policy = WitnessPolicy((LOG_KEY.verifier,), tuple(listed), {}, "both")
        lines = policy.text(with_addresses=True).replace("quorum", "group both all w0 w1\nquorum")
        (tmp_path / "policy").write_text(lines)
        yield {
            "GATEKEEPER_SIGNER_SOCKET": str(tmp_path / "socket"),
            "GATEKEEPER_WITNESS_POLICY_FILE": str(tmp_path / "policy"),
        }


def test_signer_and_witnesses_may_run_elsewhere(start_gate: Start, elsewhere: dict[str, str]) -> None:
    gate = start_gate(elsewhere)
    gate.token("bot", "submitter")
    assert Stranger(gate).wait_for(1).origin == LOG_KEY.name
    served = Stranger(gate).fetch("policy")[2].decode()
    assert "group both 2 w0 w1\nquorum both\n" in served
    assert "http" not in served
    assert not (Path(gate.environ["GATEKEEPER_DATA_DIR"]) / "ledger" / "signer").exists()


def test_the_scheduler_publishes_for_gates_that_do_not(start_gate: Start, elsewhere: dict[str, str]) -> None:
    gate = start_gate(elsewhere | {"GATEKEEPER_SIGNER_SOCKET": "none"})
    gate.token("bot", "submitter")
    assert Stranger(gate).fetch("checkpoint")[0] == 404
    environ = gate.environ | elsewhere
    with subprocess.Popen(
        [sys.executable, "-m", "gatekeeper", "scheduler"], cwd=REPOSITORY, env=environ
    ) as jobs:
        Stranger(gate).wait_for(1)
        jobs.terminate()
        assert jobs.wait(timeout=30) == 0


def test_a_second_gate_over_the_same_data_stands_by_and_takes_over(start_gate: Start) -> None:
    first = start_gate({})
    second = start_gate({"GATEKEEPER_DATA_DIR": first.environ["GATEKEEPER_DATA_DIR"]})
    first.token("bot", "submitter")
    size = Stranger(second).wait_for(1).size
    assert "log.kept_by_another_process" in second.output()
    first.kill()
    second.token("rita", "reviewer")
    Stranger(second).wait_for(size + 1)


@pytest.mark.parametrize(
    ("settings", "code", "said"),
    [
        ({"GATEKEEPER_LOG_ORIGIN": "another.example/log"}, 2, "To begin another log, move"),
        ({"GATEKEEPER_WITNESS_POLICY_FILE": "/nowhere/policy"}, 4, "/nowhere/policy is not there"),
        ({"GATEKEEPER_WITNESS_POLICY_FILE": "{policy}"}, 2, "Add the line: log gate.example/log+"),
    ],
)
def test_settings_that_do_not_fit_the_log_are_said_at_the_start(
    start_gate: Start, tmp_path: Path, settings: dict[str, str], code: int, said: str
) -> None:
    policy = WitnessPolicy((LOG_KEY.verifier,), (), {}, "none")
    (tmp_path / "policy").write_text(policy.text(with_addresses=True))
    home = {"GATEKEEPER_DATA_DIR": str(tmp_path / "var"), "GATEKEEPER_PUBLIC_URL": "https://gate.example"}
    LogInstallation(Settings.from_env(home)).make_keys()
    chosen = {name: value.format(policy=tmp_path / "policy") for name, value in settings.items()}
    ended = subprocess.run(
        [sys.executable, "-m", "gatekeeper", "serve", "--bind", f"127.0.0.1:{free_port()}"],
        cwd=REPOSITORY,
        env=home | chosen,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, said in ended.stderr) == (code, True), ended.stderr


def test_keys_are_made_and_shown_on_the_command_line(tmp_path: Path) -> None:
    def gatekeeper(*words: str) -> tuple[int, str]:
        ended = subprocess.run(
            [sys.executable, "-m", "gatekeeper", "ledger", *words],
            cwd=REPOSITORY,
            env={},
            capture_output=True,
            text=True,
            timeout=60,
        )
        return ended.returncode, ended.stdout

    for kind, mark in (("log", "+A"), ("witness", "+B"), ("witness-ml-dsa-44", "+B")):
        file = str(tmp_path / kind)
        code, made = gatekeeper("new-key", file, "--name", "name.example/x", "--kind", kind)
        assert (code, made.startswith("name.example/x+"), mark in made) == (0, True, True)
        assert gatekeeper("vkey", file) == (0, made)
        assert gatekeeper("new-key", file, "--name", "name.example/x")[0] == 1
    assert gatekeeper("new-key", str(tmp_path / "bad"), "--name", "a name")[0] == 2
