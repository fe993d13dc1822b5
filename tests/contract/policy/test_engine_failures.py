"""An engine that is missing a part, runs another policy, is dead, hangs or talks nonsense never decides."""

import copy
import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from gatekeeper.errors import UnavailableError
from gatekeeper.policy.answers import decide
from gatekeeper.policy.bundle import PolicyBundle
from gatekeeper.policy.cases import load_cases
from gatekeeper.policy.embedded import EmbeddedEngine
from gatekeeper.policy.opa_client import OpaEngine
from gatekeeper.policy.readiness import probe_rules
from tests.support.ports import free_port
from tests.support.workspace import REPOSITORY

POLICIES = REPOSITORY / "policies"
BUNDLE = PolicyBundle.load(POLICIES)
HARMLESS = next(case for case in load_cases(POLICIES) if case.name == "harmless").policy_input


def threshold_paths(value: object, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield (*path, name)
            yield from threshold_paths(item, (*path, name))


THRESHOLDS = BUNDLE.data["gatekeeper"]["thresholds"]
GATE_PATHS = [p for p in threshold_paths(THRESHOLDS) if p[0] not in ("approval", "break_glass")]


def with_threshold(directory: Path, path: tuple[str, ...], change) -> PolicyBundle:
    policies = directory / "policies"
    shutil.copytree(POLICIES, policies)
    thresholds = copy.deepcopy(THRESHOLDS)
    holder = thresholds
    for name in path[:-1]:
        holder = holder[name]
    change(holder, path[-1])
    (policies / "data/thresholds.json").write_text(json.dumps(thresholds))
    return PolicyBundle.load(policies)


@pytest.mark.parametrize("path", GATE_PATHS, ids="/".join)
@pytest.mark.parametrize("wrong", ["missing", "null", "text", "negative", "empty"])
def test_the_gate_does_not_decide_without_a_threshold(tmp_path: Path, path: tuple[str, ...], wrong: str):
    values = {"null": None, "text": 7 if path[-1] == "rule_prefix" else "45", "negative": -1, "empty": []}

    def spoil(holder: dict[str, object], name: str) -> None:
        if wrong == "missing":
            del holder[name]
        else:
            holder[name] = values[wrong]

    bundle = with_threshold(tmp_path, path, spoil)
    with pytest.raises(UnavailableError) as refused:
        decide(EmbeddedEngine(bundle), bundle.revision, HARMLESS)
    assert refused.value.code == "undecided"


@pytest.mark.parametrize("rule", sorted(BUNDLE.probes))
def test_a_missing_rule_file_is_named(tmp_path: Path, rule: str):
    policies = tmp_path / "policies"
    shutil.copytree(POLICIES, policies)
    (policies / f"gate/rules/{rule}/{rule}.rego").unlink()
    with pytest.raises(UnavailableError, match=rule):
        PolicyBundle.load(policies)


@pytest.mark.parametrize("rule", sorted(BUNDLE.probes))
def test_an_engine_without_a_rule_does_not_decide(rule: str):
    modules = {n: s for n, s in BUNDLE.modules.items() if n != f"gate/rules/{rule}/{rule}.rego"}
    lacking = replace(BUNDLE, modules=modules)
    with pytest.raises(UnavailableError):
        decide(EmbeddedEngine(lacking), BUNDLE.revision, HARMLESS)


@pytest.mark.parametrize("rule", sorted(BUNDLE.probes))
def test_a_rule_that_matches_nothing_is_found_by_its_probe(rule: str):
    name = f"gate/rules/{rule}/{rule}.rego"
    silent = f"package gatekeeper.gate.rules.{rule}\n\nready := true\n\nfindings := set()\n"
    bundle = replace(BUNDLE, modules={**BUNDLE.modules, name: silent})
    not_blocked = [probe.rule for probe in probe_rules(EmbeddedEngine(bundle), bundle) if not probe.blocked]
    assert not_blocked == [rule]


def test_any_changed_byte_is_another_revision(tmp_path: Path):
    policies = tmp_path / "policies"
    shutil.copytree(POLICIES, policies)
    gate = policies / "gate/gate.rego"
    gate.write_text(gate.read_text() + "\n")
    other = PolicyBundle.load(policies)
    assert other.revision != BUNDLE.revision
    with pytest.raises(UnavailableError) as refused:
        decide(EmbeddedEngine(other), BUNDLE.revision, HARMLESS)
    assert refused.value.code == "stale_policy"


def test_a_policy_with_a_fault_of_syntax_is_refused_with_its_place():
    modules = {**BUNDLE.modules, "gate/gate.rego": "package gatekeeper.gate # ä\n\nrisky if {\n\t1 ==\n}\n"}
    with pytest.raises(UnavailableError) as refused:
        EmbeddedEngine(replace(BUNDLE, modules=modules))
    assert refused.value.detail == (
        "The embedded engine gave no answer: the policy does not compile: "
        "gate/gate.rego:4: Invalid boolean operator"
    )


def test_opa_with_another_revision_counts_as_down(tmp_path: Path, start_opa):
    thresholds = copy.deepcopy(BUNDLE.data)
    thresholds["gatekeeper"]["revision"] = "sha256:" + "0" * 64
    replace(BUNDLE, data=thresholds, revision="other").write(tmp_path)
    with pytest.raises(UnavailableError) as refused:
        decide(OpaEngine(start_opa(tmp_path).url, 5), BUNDLE.revision, HARMLESS)
    assert refused.value.code == "stale_policy"


def test_opa_that_was_killed_is_down(tmp_path: Path, start_opa):
    BUNDLE.write(tmp_path)
    server = start_opa(tmp_path)
    engine = OpaEngine(server.url, 5)
    assert decide(engine, BUNDLE.revision, HARMLESS).outcome == "allow"
    server.kill()
    with pytest.raises(UnavailableError) as refused:
        decide(engine, BUNDLE.revision, HARMLESS)
    assert refused.value.code == "engine_down"


def test_nobody_listening_is_down():
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(UnavailableError) as refused:
        decide(OpaEngine(url, 1), BUNDLE.revision, HARMLESS)
    assert (refused.value.code, refused.value.detail) == (
        "engine_down",
        f"OPA at {url} is down: Connection refused",
    )


@contextmanager
def impostor(*pieces: bytes, then_hang: bool = False, drip_seconds: float = 0) -> Iterator[str]:
    """A server that answers any request with these bytes."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                for piece in pieces:
                    connection.sendall(piece)
                    if done.wait(drip_seconds):
                        return
                if then_hang:
                    done.wait(10)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        done.set()
        thread.join()


def http(body: bytes, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        status,
        len(body),
        body,
    )


ALLOW = {"outcome": "allow", "reasons": []}


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"null",
        b"true",
        b"not json",
        b'{"result": null}',
        b'{"result": {}}',
        b'{"result": {"outcome": "allow", "reasons": []}}',
        json.dumps({"result": {"result": ALLOW}}).encode(),
        json.dumps({"result": {"result": ALLOW, "revision": "sha256:0"}}).encode(),
        json.dumps({"result": {"result": ALLOW, "revision": BUNDLE.revision, "extra": 1}}).encode(),
        json.dumps({"result": {"result": {**ALLOW, "extra": 1}, "revision": BUNDLE.revision}}).encode(),
        json.dumps({"result": {"result": {**ALLOW, "outcome": "ok"}, "revision": BUNDLE.revision}}).encode(),
        json.dumps({"result": {"result": {**ALLOW, "reasons": None}, "revision": BUNDLE.revision}}).encode(),
    ],
    ids=lambda body: body[:60].decode(),
)
def test_nonsense_is_no_answer(body: bytes):
    with impostor(http(body)) as url, pytest.raises(UnavailableError):
        decide(OpaEngine(url, 5), BUNDLE.revision, HARMLESS)


@pytest.mark.parametrize("status", [b"500 No", b"404 No", b"302 Found\r\nLocation: /"])
def test_an_error_status_is_down(status: bytes):
    body = json.dumps({"result": {"result": ALLOW, "revision": BUNDLE.revision}}).encode()
    with impostor(http(body, status)) as url, pytest.raises(UnavailableError) as refused:
        decide(OpaEngine(url, 5), BUNDLE.revision, HARMLESS)
    assert refused.value.code == "engine_down"


def test_a_server_that_hangs_is_down():
    with impostor(then_hang=True) as url, pytest.raises(UnavailableError) as refused:
        decide(OpaEngine(url, 0.3), BUNDLE.revision, HARMLESS)
    assert refused.value.code == "engine_down"


def test_a_server_that_drips_is_down():
    pieces = [bytes([byte]) for byte in http(b"{}" + b" " * 200)]
    with impostor(*pieces, drip_seconds=0.05) as url, pytest.raises(UnavailableError) as refused:
        decide(OpaEngine(url, 0.4), BUNDLE.revision, HARMLESS)
    assert refused.value.code == "engine_down"
