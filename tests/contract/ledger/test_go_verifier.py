"""A program of strangers' tools, `golang.org/x/mod/sumdb`, verifies the exported log and rejects the forged ones."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from gatekeeper.ledger.merkle import leaf_hash
from gatekeeper.ledger.tiles import encode_bundle
from gatekeeper.ledger.verifier import Verdict, verify_log
from gatekeeper.ledger.witness_policy import log_keys_policy
from tests.support.exported_logs import (
    LOG,
    OTHER_WITNESS,
    WITNESS,
    Files,
    a_key,
    edited,
    files_of,
    some_entries,
    tree_of,
    write_files,
)

SIZE = 700
ENTRIES = some_entries(SIZE)
HONEST = files_of(ENTRIES, LOG, WITNESS, OTHER_WITNESS)
BUNDLE, LEAVES = "tile/entries/001", "tile/0/001"
VKEY = LOG.verifier.vkey


@pytest.fixture
def told(go_verifier: Path, tmp_path: Path):
    """What the program says of some files, and its exit code; ours must come to the same verdict."""

    def verify(files: Files, vkey: str = VKEY) -> tuple[int, str]:
        directory = write_files(files, tmp_path / "log")
        done = subprocess.run([go_verifier, directory, vkey], capture_output=True, text=True)
        ours = verify_log(files.get, log_keys_policy([vkey])).verdict
        assert (done.returncode == 0) == (ours is Verdict.WHOLE)
        return done.returncode, done.stdout.strip()

    return verify


def forged(index: int) -> list[bytes]:
    """The entries with one of them forged."""
    return [*ENTRIES[:index], ENTRIES[index].replace(b"index", b"indeX"), *ENTRIES[index + 1 :]]


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, SIZE])
def test_an_honest_log_is_whole(told, size: int):
    entries = ENTRIES[:size]
    files = files_of(entries, LOG, WITNESS, OTHER_WITNESS)
    assert told(files) == (0, f"whole: {size} entries, root {tree_of(entries)[0].hex()}")


def test_a_flipped_byte_in_an_entry_is_named(told):
    flipped = edited(HONEST, BUNDLE, lambda bundle: bundle[:9] + bytes([bundle[9] ^ 1]) + bundle[10:])
    assert told(flipped) == (1, "REJECTED: entry 256 does not match its leaf hash")


def test_a_forged_entry_with_its_forged_leaf_hash_is_rejected(told):
    some = forged(300)[256:512]
    files = {**HONEST, BUNDLE: encode_bundle(some), LEAVES: b"".join(map(leaf_hash, some))}
    assert told(files) == (1, "REJECTED: tile/1/000.p/2 does not match the entries")


def test_a_forged_entry_with_all_tiles_forged_is_rejected(told):
    files = {**files_of(forged(300)), "checkpoint": HONEST["checkpoint"]}
    assert told(files) == (1, "REJECTED: the entries do not lead to the root that was signed")


def test_swapped_entries_are_rejected(told):
    some = [*ENTRIES[256:300], ENTRIES[301], ENTRIES[300], *ENTRIES[302:512]]
    assert told({**HONEST, BUNDLE: encode_bundle(some)}) == (
        1,
        "REJECTED: entry 300 does not match its leaf hash",
    )


def test_a_bundle_that_breaks_off_is_rejected(told):
    assert told(edited(HONEST, BUNDLE, lambda bundle: bundle[:-1])) == (
        1,
        "REJECTED: tile/entries/001 does not hold 256 whole entries",
    )


def test_an_edited_checkpoint_is_rejected(told):
    shorter = edited(HONEST, "checkpoint", lambda encoded: encoded.replace(b"\n700\n", b"\n600\n"))
    assert told(shorter) == (
        1,
        f"REJECTED: invalid signature for key example.org/log+{LOG.verifier.key_id.hex()}",
    )
    cut = edited(HONEST, "checkpoint", lambda encoded: encoded[:-20])
    assert told(cut) == (1, "REJECTED: malformed note")


def test_another_key_is_refused(told):
    assert told(HONEST, a_key("example.org/other").verifier.vkey) == (
        1,
        "REJECTED: note has no verifiable signatures",
    )
