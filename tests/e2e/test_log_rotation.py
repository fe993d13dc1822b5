"""The keys of a gate's own signer and witness change: with a leaf, and without breaking what was signed before."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from gatekeeper.cli.running import run
from gatekeeper.ledger.keepers import key_name
from gatekeeper.ledger.key_files import read_key
from gatekeeper.ledger.keys import VerifierKey, parse_vkey
from tests.support.published import Stranger
from tests.support.server import RunningGate

pytestmark = pytest.mark.timeout(240)


Gatekeeper = Callable[..., tuple[int, str]]


@pytest.fixture
def gatekeeper(capsys: pytest.CaptureFixture[str]) -> Gatekeeper:
    """Runs a command in this process: its exit code, and what it says."""

    def said(*words: str) -> tuple[int, str]:
        code = run(words)
        return code, "".join(capsys.readouterr())

    return said


def leaf(stranger: Stranger, index: int) -> tuple[str, object]:
    """The type and facts of a published leaf, once it is."""
    checkpoint = stranger.wait_for(index + 1)
    entry = json.loads(stranger.entries(checkpoint.size)[index])
    return entry["type"], entry["facts"]


def verdict(gatekeeper: Gatekeeper, *words: str) -> tuple[int, str]:
    """The exit code of `ledger verify` and what it says: the first word when the log is whole."""
    code, said = gatekeeper("ledger", "verify", *words)
    return code, said[: said.index(":")] if code == 0 else said.strip()


def rotated(gatekeeper: Gatekeeper, key: Path) -> tuple[VerifierKey, VerifierKey]:
    """The public keys before and after."""
    before = gatekeeper("ledger", "vkey", str(key))[1].strip()
    code, said = gatekeeper("ledger", "rotate-key", str(key))
    after, _, rest = said.partition("\n")
    assert (code, rest) == (0, f"The key before is listed in {key}.retired.\n")
    return parse_vkey(before), parse_vkey(after)


def restarted_without(gate: RunningGate, retired: Path) -> None:
    assert gate.stop() == 0
    retired.unlink()
    gate.start()


def test_keys_change_with_leaves_and_what_was_signed_before_holds(
    gate: RunningGate, gatekeeper: Gatekeeper, tmp_path: Path
) -> None:
    stranger, home = Stranger(gate), Path(gate.environ["GATEKEEPER_DATA_DIR"]) / "ledger"
    gate.token("bot", "submitter")
    origin = stranger.wait_for(1).origin
    served, kept, pin = f"{gate.url}/log", str(tmp_path / "kept"), str(tmp_path / "pin")
    old_policy, new_policy = tmp_path / "old", tmp_path / "new"
    old_policy.write_bytes(stranger.fetch("policy")[2])
    assert gate.cli("ledger", "export", kept).returncode == 0
    assert gate.stop() == 0
    size = read_key(home / "signer" / "key")[1].last(origin).size
    old_log, new_log = rotated(gatekeeper, home / "signer" / "key")
    old_witness, new_witness = rotated(gatekeeper, home / "witness" / "key")
    gate.start()

    assert leaf(stranger, size) == (
        "log.key_rotated",
        {"old": [key_name(old_log)], "new": [key_name(new_log), key_name(old_log)]},
    )
    kind, facts = leaf(stranger, size + 1)
    assert kind == "witness.changed"
    assert (facts["old"], facts["new"]) == ([key_name(old_witness)], [key_name(new_witness)])
    new_policy.write_bytes(stranger.fetch("policy")[2])

    whole = (0, "Whole")
    assert verdict(gatekeeper, "--dir", kept, "--policy", str(old_policy)) == whole
    assert verdict(gatekeeper, "--dir", kept, "--vkey", old_log.vkey, "--pin", pin, "--update-pin") == whole
    assert verdict(gatekeeper, "--url", served, "--policy", str(new_policy), "--pin", pin) == whole
    assert verdict(gatekeeper, "--url", served, "--vkey", new_log.vkey, "--pin", pin) == whole
    unknown = (1, "TAMPERED: no known log signed this checkpoint.")
    assert verdict(gatekeeper, "--url", served, "--policy", str(old_policy), "--pin", pin) == unknown

    restarted_without(gate, home / "signer" / "key.retired")
    assert leaf(stranger, size + 2) == (
        "log.key_rotated",
        {"old": [key_name(new_log), key_name(old_log)], "new": [key_name(new_log)]},
    )
    assert stranger.policy().logs == (new_log,)
    assert verdict(gatekeeper, "--url", served, "--vkey", new_log.vkey, "--pin", pin) == whole
