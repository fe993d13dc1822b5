"""The log of a gate that runs: published soon, verified by a stranger, and never signed again once it was rewritten."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import text

from gatekeeper.clock import utc_now
from gatekeeper.ledger import log
from gatekeeper.ledger.event import Event, EventType
from gatekeeper.ledger.key_files import read_key
from gatekeeper.ledger.merkle import leaf_hash
from gatekeeper.ledger.proof import parse_proof
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.storage.database import Database
from tests.e2e.test_cli_serve import is_alive
from tests.support.in_process import InProcessGate
from tests.support.ports import wait_until
from tests.support.published import Stranger
from tests.support.reports import a_report
from tests.support.server import RunningGate

pytestmark = pytest.mark.timeout(240)
Start = Callable[[Mapping[str, str]], RunningGate]


def companion(gate: RunningGate, name: str) -> int:
    """The process id of the gate's own signer or witness, once it runs."""
    wait_until(lambda: _companions(gate, name) != [], 20, f"there is no {name}")
    return _companions(gate, name)[0]


def _companions(gate: RunningGate, name: str) -> list[int]:
    assert gate.process is not None
    found = []
    listed = Path(f"/proc/{gate.process.pid}/task").glob("*/children")
    for child in " ".join(path.read_text() for path in listed).split():
        words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        if words[2:4] == [b"gatekeeper", name.encode()]:
            found.append(int(child))
    return found


def submit(gate: RunningGate, token: str) -> int:
    """Hand in a report that passes; the leaf of its verdict."""
    status, answer = gate.request("POST", "/v1/proposals", token, report_to_json(a_report()))
    assert status == 201
    leaf: int = answer["verdict"]["leaf"]
    return leaf


def data_dir(gate: RunningGate) -> Path:
    return Path(gate.environ["GATEKEEPER_DATA_DIR"])


def log_check(gate: RunningGate) -> dict[str, object]:
    """The check of the log in `/readyz`."""
    _, ready = gate.request("GET", "/readyz")
    return next(check for check in ready["checks"] if check["name"] == "log")


def test_a_verdict_is_published_within_a_second_and_a_stranger_can_verify_it(gate: RunningGate) -> None:
    stranger, token = Stranger(gate), gate.token("bot", "submitter")
    stranger.wait_for(1)
    leaf = submit(gate, token)
    began = time.monotonic()
    wait_until(lambda: stranger.fetch(f"proof/{leaf}")[0] == 200, 10, "there is no proof")
    assert time.monotonic() - began < 1
    checkpoint = stranger.wait_for(leaf + 1)
    assert checkpoint.origin == "gatekeeper.local/log"
    entry = stranger.entries(checkpoint.size)[leaf]
    proof = parse_proof(stranger.fetch(f"proof/{leaf}")[2])
    assert proof.index == leaf
    assert proof.require(entry) == checkpoint
    stranger.policy().require(proof.note)
    assert b'"type":"verdict.settled"' in entry
    assert log_check(gate) == {
        "name": "log",
        "ok": True,
        "detail": f"published {checkpoint.size} of {checkpoint.size}, witnessed",
    }


def test_what_is_served_is_named_typed_and_cached_as_tlog_tiles_says(gate: RunningGate) -> None:
    stranger, token = Stranger(gate), gate.token("bot", "submitter")
    size = stranger.wait_for(submit(gate, token) + 1).size
    for path, media_type, caching in (
        ("checkpoint", "text/plain; charset=utf-8", "no-cache"),
        ("policy", "text/plain; charset=utf-8", "no-cache"),
        ("proof/0", "text/plain; charset=utf-8", "no-cache"),
        (f"tile/entries/000.p/{size}", "application/octet-stream", "public, max-age=31536000, immutable"),
        ("tile/0/000.p/1", "application/octet-stream", "public, max-age=31536000, immutable"),
    ):
        status, headers, body = stranger.fetch(path)
        assert (status, headers["content-type"], headers["cache-control"]) == (200, media_type, caching)
        status, headers, without = stranger.fetch(path, "HEAD")
        assert (status, headers["content-length"], without) == (200, str(len(body)), b"")
    hashes = stranger.fetch(f"tile/0/000.p/{size}")[2]
    assert hashes == b"".join(map(leaf_hash, stranger.entries(size)))
    for path in (
        f"tile/entries/000.p/{size + 1}", "tile/entries/000", "tile/1/000.p/1", "tile/0/001", "tile/entries/0",
        "tile/entries//000.p/1", f"proof/{size}", "proof/x", "proof/01", "proof/-1", "nothing", "",
    ):  # fmt: skip
        assert stranger.fetch(path)[0] == 404, path
    assert "http" not in stranger.fetch("policy")[2].decode()


def test_what_is_recorded_but_not_published_has_no_proof_yet(tmp_path: Path) -> None:
    gate = InProcessGate.open(tmp_path)
    nobody = gate.nobody()
    gate.principal("bot", "submitter")
    size = gate.recorded_events()
    answers = {path: nobody.get(f"/log/{path}") for path in ("checkpoint", "policy", "tile/0/000.p/1")}
    assert {path: answer.status for path, answer in answers.items()} == dict.fromkeys(answers, 404)
    early = nobody.get("/log/proof/0")
    assert (early.status, early.body["code"]) == (409, "leaf_not_published")
    unknown = nobody.get(f"/log/proof/{size}")
    assert (unknown.status, unknown.body["code"]) == (404, "leaf_unknown")
    gate.house.database.close()


def test_a_kill_between_commit_and_publication_changes_nothing(gate: RunningGate) -> None:
    stranger, token = Stranger(gate), gate.token("bot", "submitter")
    before = stranger.wait_for(1).size
    os.kill(companion(gate, "signer"), signal.SIGSTOP)
    leaf = submit(gate, token)
    database = Database(f"sqlite:///{data_dir(gate) / 'gatekeeper.db'}")
    with database.read() as connection:
        committed = log.root(connection)
    database.close()
    assert stranger.fetch(f"proof/{leaf}")[0] == 409
    gate.restart()
    checkpoint = stranger.wait_for(leaf + 1)
    assert checkpoint.size > before
    assert (checkpoint.size, checkpoint.root) == committed


def test_a_signer_or_witness_that_dies_is_started_again(gate: RunningGate) -> None:
    stranger, token = Stranger(gate), gate.token("bot", "submitter")
    for name in ("signer", "witness"):
        died = companion(gate, name)
        os.kill(died, signal.SIGKILL)
        stranger.wait_for(submit(gate, token) + 1)
        assert companion(gate, name) != died


def test_signer_and_witness_get_no_secrets_and_end_with_their_parent(gate: RunningGate) -> None:
    pids = [companion(gate, name) for name in ("signer", "witness")]
    assert [Path(f"/proc/{pid}/environ").read_bytes() for pid in pids] == [b"", b""]
    assert gate.process is not None
    os.kill(gate.process.pid, signal.SIGKILL)
    gate.process.wait()
    wait_until(lambda: not any(map(is_alive, pids)), 10, "they live on")
    gate.start()
    Stranger(gate).wait_for(submit(gate, gate.token("bot", "submitter")) + 1)


def test_what_was_committed_last_is_published_at_the_end(gate: RunningGate) -> None:
    leaf = submit(gate, gate.token("bot", "submitter"))
    assert gate.stop() == 0
    assert "Traceback" not in gate.output()
    gate.start()
    assert Stranger(gate).fetch(f"proof/{leaf}")[0] == 200


def rewrite(path: Path) -> None:
    """Another history in the same file, without a trace of the first: what the database's owner can do."""
    database = Database(f"sqlite:///{path}")
    with database.write() as connection:
        for table in ("events", "log_nodes"):
            connection.execute(text(f"DROP TRIGGER {table}_refuse_update"))
            connection.execute(text(f"DROP TRIGGER {table}_refuse_delete"))
            connection.execute(text(f"DELETE FROM {table}"))
        connection.execute(text("DELETE FROM log_checkpoints"))
        connection.execute(text("UPDATE log_head SET size = 0, edge = :edge"), {"edge": b""})
        log.append(connection, [Event(EventType.GATE_THAWED, utc_now())] * 9)
    database.close()


def test_a_rewritten_database_is_not_signed_and_closes_the_gate(gate: RunningGate) -> None:
    stranger = Stranger(gate)
    gate.token("bot", "submitter")
    origin = stranger.wait_for(1).origin
    assert gate.stop() == 0
    path, ledger = data_dir(gate) / "gatekeeper.db", data_dir(gate) / "ledger"
    signed = read_key(ledger / "signer" / "key")[1].last(origin)
    shutil.copy(path, path.with_name("kept"))
    rewrite(path)
    gate.start()
    wait_until(lambda: not log_check(gate)["ok"], 20, "nobody noticed")
    assert gate.request("GET", "/readyz")[0] == 503
    assert "the database holds another history than was signed" in str(log_check(gate)["detail"])
    assert "FAILED  log:" in gate.cli("doctor").stdout
    # nine, and the start names the policy at the same time
    refusal = (ledger / "refusal").read_text()
    assert any(f"to be signed:\n{signed.origin}\n{size}\n" in refusal for size in (9, 10)), refusal
    assert stranger.checkpoint() is None
    assert read_key(ledger / "signer" / "key")[1].last(signed.origin) == signed
    metrics = gate.http.request("GET", f"{gate.url}/metrics").data.decode()
    wait_until(lambda: refusals_in(path), 20, "the refusal is not recorded")
    evidence = {"evidence": f"sha256:{hashlib.sha256((ledger / 'refusal').read_bytes()).hexdigest()}"}
    assert refusals_in(path) in ([(9, evidence)], [(10, evidence)])
    refused = re.search(r'fsar_gate_log_failures_total\{code="checkpoint_refused"\} (\S+)', metrics)
    assert refused is not None
    assert float(refused[1]) >= 1
    assert gate.output().count("log.not_published") == 1
    gate.kill()
    for leftover in path.parent.glob("gatekeeper.db-*"):
        leftover.unlink()
    path.with_name("kept").rename(path)
    gate.start()
    wait_until(lambda: log_check(gate)["ok"] is True, 20, "the right database is refused")
    assert len(list(ledger.glob("refusal.*"))) == 1
    newest = stranger.wait_for(signed.size + 1)
    entry = json.loads(stranger.entries(newest.size)[signed.size])
    assert (entry["type"], entry["actor"], entry["facts"]) == ("log.checkpoint_refused", None, evidence)
    assert refusals_in(path) == [(signed.size, evidence)]


def refusals_in(path: Path) -> list[tuple[int, object]]:
    """The leaves of a database in which the log says that a checkpoint of it was refused."""
    database = Database(f"sqlite:///{path}")
    with database.read() as connection:
        bodies = [json.loads(body) for body in log.entries(connection, 0, log.size(connection))]
    database.close()
    return [(each["index"], each["facts"]) for each in bodies if each["type"] == "log.checkpoint_refused"]


def test_a_lost_memory_is_said_at_the_start_and_never_begun_anew(gate: RunningGate) -> None:
    gate.token("bot", "submitter")
    Stranger(gate).wait_for(1)
    assert gate.stop() == 0
    state = data_dir(gate) / "ledger" / "signer" / "key.state"
    state.unlink()
    ended = gate.cli("serve")
    assert ended.returncode == 1
    assert "Bring back its newest copy" in ended.stderr
    assert not state.exists()


def test_metrics_show_how_far_the_log_is_published(gate: RunningGate) -> None:
    size = Stranger(gate).wait_for(submit(gate, gate.token("bot", "submitter")) + 1).size
    metrics = gate.http.request("GET", f"{gate.url}/metrics").data.decode()
    assert f"fsar_gate_log_entries {size}.0" in metrics
    assert f"fsar_gate_log_published_entries {size}.0" in metrics
