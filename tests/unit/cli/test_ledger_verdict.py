"""`gatekeeper ledger verdict` and `ledger verify --verdict`: what is written, what is said, and the exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from gatekeeper.cli.running import run
from tests.support.exported_logs import LOG, WITNESS
from tests.support.verdict_files import LOG_POLICY, SmallGate

VKEY = LOG.verifier.vkey
WHOLE = "pass (agreed) at 2026-03-02T10:01:00.000000Z; entry 9 of 10 in example.org/log"


@pytest.fixture
def gate(tmp_path: Path):
    """A gate whose settings are those of this process, with one approved proposal."""
    gate = SmallGate(tmp_path / "gate")
    yield gate
    gate.house.database.close()


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    path = tmp_path / "policy"
    path.write_text(LOG_POLICY.text(with_addresses=False))
    return path


def test_whole_is_0_tampered_1_and_cannot_tell_2(gate: SmallGate, policy: Path, tmp_path: Path, capsys):
    file = gate.file("approved")
    assert WITNESS.verifier.vkey in policy.read_text()
    for raw, code, out, error in (
        (file.encoded, 0, f"Whole: {file.proposal.id} revision 1: {WHOLE}.\n", ""),
        (
            file.encoded.replace(b"DROP TABLE users;", b"DROP TABLE tmp_x;"),
            1,
            "TAMPERED: the report is not the one that was submitted: its digest is another.\n",
            "",
        ),
        (
            b"{}",
            2,
            "",
            "Cannot tell: this is not a verdict file: it has not the fields and types of one.\n",
        ),
    ):
        (tmp_path / "verdict.json").write_bytes(raw)
        words = ["ledger", "verify", "--verdict", str(tmp_path / "verdict.json"), "--policy", str(policy)]
        assert (run(words), *capsys.readouterr()) == (code, out, error)


def test_the_findings_are_looked_for_again_when_asked(gate: SmallGate, tmp_path: Path, capsys):
    file = gate.file("approved")
    (tmp_path / "verdict.json").write_bytes(file.encoded)
    words = ["ledger", "verify", "--verdict", str(tmp_path / "verdict.json"), "--vkey", VKEY, "--reassess"]
    assert run(words) == 0
    assert capsys.readouterr().out.startswith("Whole: ")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ("--verdict", "none", "--vkey", VKEY),
            "Cannot tell: none cannot be read: No such file or directory.\n",
        ),
        (("--verdict", "none"), "Cannot tell: no key is given; name it with --vkey or --policy.\n"),
        (("--verdict", "none", "--dir", "d", "--vkey", VKEY), "Give one of --dir, --url and --verdict."),
        (("--dir", "d", "--reassess", "--vkey", VKEY), "--reassess needs --verdict FILE."),
        (
            ("--verdict", "none", "--pin", "p", "--update-pin", "--vkey", VKEY),
            "A pin is moved by a whole log, not by one verdict.",
        ),
    ],
)
def test_wrong_usage_is_2(options: tuple[str, ...], said: str, capsys):
    assert run(["ledger", "verify", *options]) == 2
    out, error = capsys.readouterr()
    assert (out, said in error) == ("", True)
