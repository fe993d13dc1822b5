"""The log's proof, checked with a shell: issued in public, or refused."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from gatekeeper.canonical import canonical_json
from gatekeeper.ledger.checkpoint import Checkpoint
from gatekeeper.ledger.event import EventType
from gatekeeper.ledger.merkle import inclusion_proof
from gatekeeper.ledger.proof import Proof
from gatekeeper.permits.bundle import Bundle
from tests.support.exported_logs import (
    LOG,
    OTHER_WITNESS,
    SECONDS,
    WITNESS,
    a_key,
    signed,
    some_entries,
    tree_of,
)
from tests.support.permits import PERMIT, bundle_for, logged
from tests.support.workspace import REPOSITORY, require_service

SCRIPT = REPOSITORY / "gatekeeper" / "permits" / "verify-permit-log.sh"
BUNDLE = bundle_for()
THIEF = a_key("example.org/log-of-a-thief")


@dataclass(frozen=True)
class Stranger:
    """Somebody with a shell, jq and OpenSSL, who knows a log and a witness."""

    directory: Path

    def verify(
        self,
        bundle: Bundle | dict[str, object] | bytes = BUNDLE,
        *,
        log: str = LOG.verifier.vkey,
        witness: str = WITNESS.verifier.vkey,
        seconds: int = SECONDS,
    ) -> tuple[int, str]:
        """Exit code and what was said."""
        raw = bundle.encoded if isinstance(bundle, Bundle) else bundle
        raw = raw if isinstance(raw, bytes) else json.dumps(raw).encode()
        (self.directory / "bundle").write_bytes(raw)
        words = ["sh", SCRIPT, "bundle", log, witness, str(seconds)]
        done = subprocess.run(words, cwd=self.directory, capture_output=True, text=True)
        return done.returncode, done.stdout.strip()


@pytest.fixture
def stranger(tmp_path: Path) -> Stranger:
    for name in ("openssl", "jq", "awk", "od"):
        require_service(name, shutil.which(name) is not None)
    return Stranger(tmp_path)


def refused(why: str) -> tuple[int, str]:
    return 1, f"REFUSED: {why}"


def in_a_log_of(size: int, index: int) -> Bundle:
    """The permit's leaf at an index of a log of this size."""
    entry = canonical_json(json.loads(BUNDLE.entry) | {"index": index})
    entries = some_entries(size)
    entries[index] = entry
    root, nodes = tree_of(entries)
    hashes = inclusion_proof(index, size, lambda wanted: [nodes[each] for each in wanted])
    return Bundle(
        BUNDLE.envelope,
        entry,
        Proof(index, tuple(hashes), signed(Checkpoint(LOG.name, size, root), LOG, WITNESS)),
    )


def with_leaf(edit: Callable[[dict], dict]) -> Bundle:
    entry = canonical_json(edit(json.loads(BUNDLE.entry)))
    return replace(BUNDLE, entry=entry, proof=logged(entry, 9))


def with_proof(edit: Callable[[str], str]) -> dict[str, object]:
    return BUNDLE.value | {"tlogProof": edit(BUNDLE.proof.encoded.decode())}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 11])
def test_a_permit_in_the_log_is_found_wherever_it_is(stranger: Stranger, size: int) -> None:
    for index in {0, size // 2, size - 1}:
        said = f"LOGGED: entry {index}, seen at {SECONDS}"
        assert stranger.verify(in_a_log_of(size, index)) == (0, said)


def test_a_checkpoint_needs_the_log_and_the_witness(stranger: Stranger) -> None:
    entry = BUNDLE.entry
    for keys, why in (
        ((LOG,), "not witnessed"),
        ((LOG, OTHER_WITNESS), "not witnessed"),
        ((WITNESS,), "not signed by the log"),
        ((THIEF, WITNESS), "not signed by the log"),
    ):
        assert stranger.verify(replace(BUNDLE, proof=logged(entry, 9, *keys))) == refused(why)
    other = replace(THIEF.verifier, name=LOG.name).vkey
    assert stranger.verify(log=other) == refused("not signed by the log")
    assert stranger.verify(log=THIEF.verifier.vkey) == refused("checkpoint")
    other = replace(a_key("w", WITNESS.kind).verifier, name=WITNESS.name).vkey
    assert stranger.verify(witness=other) == refused("not witnessed")
    assert stranger.verify(witness=LOG.verifier.vkey) == refused("not witnessed")


def test_edited_checkpoints_and_proofs_are_refused(stranger: Stranger) -> None:
    lines = BUNDLE.proof.encoded.decode().split("\n")
    swapped = [*lines[:2], lines[3], lines[2], *lines[4:]]
    for edit, why in (
        (lambda text: text.replace("\n19\n", "\n18\n"), "not signed by the log"),
        (lambda text: text.replace("index 9", "index 8"), "not in the log"),
        (lambda text: text.replace("index 9", "index 19"), "proof"),
        (lambda text: text.replace("index 9", "index 09"), "proof"),
        (lambda text: text.replace("index 9", "index -9"), "proof"),
        (lambda text: text.replace("index 9", "index 9 9"), "proof"),
        (lambda text: text.replace("index 9", "index $(id)"), "proof"),
        (lambda text: text.replace("@v1", "@v2"), "proof"),
        (lambda text: "\n".join(swapped), "not in the log"),
        (lambda text: text.replace(lines[2] + "\n", "", 1), "not in the log"),
        (lambda text: text.replace(lines[2], f"{lines[2]}\n{lines[2]}"), "proof"),
        (lambda text: text.replace(lines[2], "AAAA"), "proof"),
        (lambda text: text.replace("\n19\n", "\n19\n\n"), "checkpoint"),
        (lambda text: "", "proof"),
    ):
        code, said = stranger.verify(with_proof(edit))
        assert (code, said) in (refused(why), refused("not in the log")), lines


def test_a_changed_leaf_is_not_in_the_log(stranger: Stranger) -> None:
    for at in range(0, len(BUNDLE.entry), 41):
        entry = bytearray(BUNDLE.entry)
        entry[at] ^= 1
        assert stranger.verify(replace(BUNDLE, entry=bytes(entry))) == refused("not in the log")
    assert stranger.verify(BUNDLE.value | {"entry": BUNDLE.entry.decode() + "\n"}) == refused(
        "not in the log"
    )


def test_the_leaf_says_that_exactly_this_permit_was_issued(stranger: Stranger) -> None:
    revoked = with_leaf(lambda leaf: leaf | {"type": EventType.PERMIT_REVOKED.value})
    moved = with_leaf(lambda leaf: leaf | {"index": 8})
    other = bundle_for(replace(PERMIT, audience="deployer-2"))
    of_another = replace(BUNDLE, entry=other.entry, proof=other.proof)
    twice = BUNDLE.entry.replace(b'"type":', b'"type":"permit.revoked","type":')
    read_two_ways = replace(BUNDLE, entry=twice, proof=logged(twice, 9))
    for bundle in (revoked, moved, of_another, read_two_ways):
        assert stranger.verify(bundle) == refused("the log says something else")


def test_a_clock_behind_the_witness_is_not_believed(stranger: Stranger) -> None:
    assert stranger.verify(seconds=SECONDS - 30)[0] == 0
    assert stranger.verify(seconds=SECONDS - 31) == refused("the clock is behind")


@pytest.mark.parametrize("name", ["entry", "tlogProof"])
def test_a_bundle_without_its_evidence_is_refused(stranger: Stranger, name: str) -> None:
    value = {each: item for each, item in BUNDLE.value.items() if each != name}
    assert stranger.verify(value) == refused("bundle")
    raw = BUNDLE.encoded.replace(f'"{name}":'.encode(), f'"{name}":"x","{name}":'.encode(), 1)
    assert stranger.verify(raw) == refused("bundle")
    assert stranger.verify(b"") == refused("bundle")
