"""A permit of a gate that runs, verified by strangers, and its keys, which take over from one another without a gap."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.clock import utc_now
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.permits.permit import ActionBinding
from gatekeeper.permits.rotation import signing_public_key
from gatekeeper.permits.signing_keys import PermitKey, keys_of
from gatekeeper.proposals.digest import report_digest
from gatekeeper.proposals.json_form import report_to_json
from tests.support.ports import wait_until
from tests.support.published import Stranger
from tests.support.reports import a_report
from tests.support.server import RunningGate, gate_at
from tests.support.workspace import REPOSITORY, require_service

pytestmark = pytest.mark.timeout(240)
SCRIPTS = REPOSITORY / "gatekeeper" / "permits"
KEYS, KEY = "/.well-known/gatekeeper/permit-keys.json", "/.well-known/gatekeeper/permit-key.pem"


@dataclass(frozen=True)
class Executor:
    """Somebody who gets permits from a gate and verifies them with what others gave them."""

    gate: RunningGate
    token: str
    directory: Path

    def permit(self) -> str:
        """The id of a permit for a report that passed; its bundle, report and binding are files."""
        report = a_report()
        assert self.gate.request("POST", "/v1/proposals", self.token, report_to_json(report))[0] == 201
        answer = self.call(f"/v1/proposals/{report.id}/permits", {"audience": "bot"}, 201)
        self.file("bundle.json").write_text(json.dumps(answer["bundle"]))
        self.file("report.json").write_text(json.dumps(report_to_json(report)))
        binding = ActionBinding(ProposalRef(report.id, 1, report_digest(report)), report.action)
        self.file("binding.json").write_bytes(binding.canonical)
        self.file("policy").write_bytes(Stranger(self.gate).fetch("policy")[2])
        self.file("keys.json").write_bytes(self.fetch(KEYS)[1])
        permit_id: str = answer["id"]
        return permit_id

    def call(self, path: str, body: object, status: int) -> Any:
        answered, answer = self.gate.request("POST", path, self.token, body)
        assert answered == status, answer
        return answer

    def fetch(self, path: str) -> tuple[dict[str, str], bytes]:
        answer = self.gate.http.request("GET", self.gate.url + path)
        assert answer.status == 200, answer.data
        return {name.lower(): text for name, text in answer.headers.items()}, answer.data

    def published(self) -> list[PermitKey]:
        return keys_of(json.loads(self.fetch(KEYS)[1]))

    def file(self, name: str) -> Path:
        return self.directory / name

    def verify(self, *words: str, audience: str = "bot", keys: str | None = None) -> tuple[int, str, str]:
        """What the command says of the bundle; without words for what the binding file says."""
        given = words or ("--binding", str(self.file("binding.json")))
        source = keys or self.gate.url + KEYS
        policy = str(self.file("policy"))
        command = ["permit", "verify", str(self.file("bundle.json")), "--audience", audience, *given]
        done = self.gate.cli(*command, "--keys", source, "--policy", policy)
        return done.returncode, done.stdout, done.stderr

    def verify_with_a_shell(self) -> tuple[int, str]:
        return self._sh("verify-permit.sh", "bundle.json", "binding.json", "bot", "keys.json")

    def prove_with_a_shell(self) -> tuple[int, str]:
        policy = Stranger(self.gate).policy()
        vkeys = (policy.logs[0].vkey, policy.witnesses[0].key.vkey)
        return self._sh("verify-permit-log.sh", "bundle.json", *vkeys)

    def _sh(self, script: str, *words: str) -> tuple[int, str]:
        require_service("OpenSSL", shutil.which("openssl") is not None)
        command = ["sh", SCRIPTS / script, *words]
        done = subprocess.run(command, cwd=self.directory, capture_output=True, text=True)
        return done.returncode, done.stdout

    def consume(self, permit_id: str, status: int = 200) -> Any:
        return self.call(f"/v1/permits/{permit_id}/consume", {}, status)


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executor]:
    home = tmp_path_factory.mktemp("permits")
    gate = gate_at(home, {})
    gate.start()
    try:
        yield Executor(gate, gate.token("bot", "submitter"), home)
    finally:
        gate.kill()
        gate.http.clear()


def test_a_permit_is_good_for_the_report_it_was_issued_for(executor: Executor) -> None:
    permit_id = executor.permit()
    code, said, _ = executor.verify()
    assert (code, said.partition(", until ")[0]) == (0, f"Good: {permit_id} for bot")
    by_report = ("--report", str(executor.file("report.json")), "--revision", "1")
    assert executor.verify(*by_report, keys=str(executor.file("keys.json")))[:2] == (0, said)
    printed = executor.gate.cli("permit", "binding", str(executor.file("report.json")), "--revision", "1")
    assert printed.stdout.encode() == executor.file("binding.json").read_bytes()
    assert executor.verify_with_a_shell() == (0, f"GOOD: {permit_id}\n")
    code, said = executor.prove_with_a_shell()
    assert (code, said.partition(" ")[0]) == (0, "LOGGED:"), said
    assert executor.consume(permit_id)["permit"]["id"] == permit_id


def test_another_executor_and_another_revision_are_refused(executor: Executor) -> None:
    executor.permit()
    code, _, said = executor.verify(audience="other")
    told = "gatekeeper: The permit is for another executor. Ask for one for this audience.\n"
    assert (code, said) == (1, told)
    by_report = ("--report", str(executor.file("report.json")), "--revision", "2")
    code, _, said = executor.verify(*by_report)
    assert (code, said.partition(".")[0]) == (
        1,
        "gatekeeper: The permit is for another revision or another action",
    )


def test_keys_that_cannot_be_fetched_make_nothing_good(executor: Executor) -> None:
    executor.permit()
    for keys in ("http://127.0.0.1:9/keys.json", executor.gate.url + "/.well-known/gatekeeper/none.json"):
        assert executor.verify(keys=keys)[0] == 4


def test_keys_are_published_for_anybody(executor: Executor) -> None:
    headers, encoded = executor.fetch(KEYS)
    assert (headers["content-type"], headers["cache-control"]) == (
        "application/jwk-set+json",
        "public, max-age=150",
    )
    headers, pem = executor.fetch(KEY)
    assert headers["cache-control"] == "no-cache"
    assert pem.decode() == signing_public_key(keys_of(json.loads(encoded)), utc_now()).pem


def test_keys_take_over_from_one_another_without_a_gap(executor: Executor) -> None:
    of_the_old = executor.permit()
    (*_, old) = executor.published()
    rotated = executor.gate.cli("permit", "rotate-key")
    assert rotated.returncode == 0, rotated.stderr
    kid = rotated.stdout.strip()
    before, new = executor.published()[-2:]
    assert (before.kid, new.kid, new.retired_at) == (old.kid, kid, None)
    assert before.retired_at is not None
    assert executor.fetch(KEY)[1].decode() == old.pem  # published, and not signing yet
    assert executor.verify()[0] == 0

    thieved = executor.gate.cli("permit", "rotate-key", "--at-once")
    assert (thieved.returncode, executor.published()[-1].kid) == (0, thieved.stdout.strip())
    assert [key.kid for key in executor.published() if key.retired_at is None] == [thieved.stdout.strip()]
    executor.file("keys.json").write_bytes(executor.fetch(KEYS)[1])
    assert executor.verify()[0] == 0
    assert executor.verify_with_a_shell()[0] == 0
    assert executor.consume(of_the_old)["permit"]["id"] == of_the_old

    of_the_new = executor.permit()
    bundle = json.loads(executor.file("bundle.json").read_text())
    assert bundle["dsse"]["signatures"][0]["keyid"] == thieved.stdout.strip()
    assert (executor.verify()[0], executor.verify_with_a_shell()[0]) == (0, 0)
    only_the_old = json.dumps({"keys": [old.jwk]})
    executor.file("keys.json").write_text(only_the_old)
    code, _, said = executor.verify(keys=str(executor.file("keys.json")))
    assert (code, said.partition(".")[0]) == (1, "gatekeeper: No key that is trusted signed this permit")
    assert executor.consume(of_the_new)["permit"]["id"] == of_the_new


def test_every_rotation_is_on_public_record(executor: Executor) -> None:
    stranger = Stranger(executor.gate)

    def recorded() -> list[str]:
        leaves = [json.loads(entry) for entry in stranger.entries(stranger.wait_for(1).size)]
        return [leaf["facts"]["key"] for leaf in leaves if leaf["type"] == "key.rotated"]

    kids = [key.kid for key in executor.published()]
    wait_until(lambda: recorded() == kids, 10, "a key is not on record")
