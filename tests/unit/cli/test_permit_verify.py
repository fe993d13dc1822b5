"""`gatekeeper permit verify` and `binding`: what they print and the exit codes that scripts obey."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gatekeeper.cli.running import run
from gatekeeper.clock import rfc3339_seconds, utc_now
from gatekeeper.ledger.event import ProposalRef
from gatekeeper.permits.bundle import parse_bundle
from gatekeeper.permits.permit import ActionBinding
from gatekeeper.permits.signing_keys import jwks
from gatekeeper.permits.statement import parse_statement
from gatekeeper.proposals.digest import report_digest
from gatekeeper.proposals.json_form import report_to_json
from gatekeeper.proposals.report import Action
from tests.support.exported_logs import LOG, WITNESS
from tests.support.permits import KEY, PERMIT, bundle_for
from tests.support.reports import a_report

REPORT = a_report(action=Action("deploy", "service/ledger", "sha256:" + "b" * 64))
BINDING = ActionBinding(ProposalRef(REPORT.id, 4, report_digest(REPORT)), REPORT.action)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory with everything about one permit, in which the command runs."""
    now = utc_now().replace(microsecond=0)
    permit = replace(PERMIT, binding=BINDING, not_before=now, expires_at=now + timedelta(seconds=900))
    policy = f"log {LOG.verifier.vkey}\nwitness one {WITNESS.verifier.vkey}\nquorum one\n"
    contents = {
        "bundle": bundle_for(permit).encoded,
        "binding": BINDING.canonical,
        "report.json": json.dumps(report_to_json(REPORT)).encode(),
        "keys": json.dumps(jwks([KEY.public])).encode(),
        "policy": policy.encode(),
        "wrong": b"{}",
        "wrong.json": b"{}",
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def verify(**changes: str | None) -> int:
    """The exit code; the options are those of a good permit, but for `changes`. None leaves one out."""
    options = {
        "audience": PERMIT.audience,
        "binding": "binding",
        "keys": "keys",
        "policy": "policy",
        "bundle": "bundle",
        **changes,
    }
    words = [f"--{name}={text}" for name, text in options.items() if text is not None and name != "bundle"]
    return run(["permit", "verify", str(options["bundle"]), *words])


def test_a_good_permit_is_named(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify() == 0
    permit = parse_statement(parse_bundle((files / "bundle").read_bytes()).envelope.payload)
    until = rfc3339_seconds(permit.expires_at)
    assert capsys.readouterr().out == f"Good: {permit.id} for deployer-1, until {until}.\n"
    assert verify(binding=None, report="report.json", revision="4") == 0


def test_a_permit_that_does_not_fit_is_refused(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(audience="deployer-2") == 1
    said = "gatekeeper: The permit is for another executor. Ask for one for this audience.\n"
    assert capsys.readouterr().err == said
    assert verify(binding="wrong") == 1
    assert verify(binding=None, report="report.json", revision="5") == 1
    (files / "bundle").write_bytes(bundle_for(replace(PERMIT, binding=BINDING)).encoded)
    assert verify() == 1
    assert capsys.readouterr().err.endswith("The permit has expired. Ask for a new one.\n")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bundle": "missing"}, 2),
        ({"bundle": "wrong"}, 2),
        ({"bundle": "policy"}, 2),
        ({"binding": "missing"}, 2),
        ({"binding": None}, 2),
        ({"report": "report.json"}, 2),
        ({"revision": "4"}, 2),
        ({"binding": None, "report": "report.json"}, 2),
        ({"binding": None, "report": "report.json", "revision": "0"}, 2),
        ({"binding": None, "report": "wrong.json", "revision": "4"}, 2),
        ({"binding": None, "report": "wrong", "revision": "4"}, 2),
        ({"audience": None}, 2),
        ({"keys": None}, 2),
        ({"keys": "missing"}, 4),
        ({"keys": "wrong"}, 2),
        ({"keys": "policy"}, 2),
        ({"policy": None}, 2),
        ({"policy": "wrong"}, 2),
        ({"policy": "missing"}, 4),
    ],
)
def test_what_is_not_given_whole_is_never_good(
    files: Path, changes: dict[str, str | None], code: int
) -> None:
    assert verify(**changes) == code


def test_a_binding_is_printed_byte_for_byte(files: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["permit", "binding", "report.json", "--revision", "4"]) == 0
    assert capfdbinary.readouterr().out == BINDING.canonical
    assert run(["permit", "binding", "wrong.json", "--revision", "4"]) == 2
