"""The tree, its proofs and the verifier against what others released, read from their Go modules.

transparency-dev/merkle v0.0.2 has leaves, the hash of every subtree, roots and proofs over them, and a verifier: each
published proof, corrupted in every way that its tests list, is judged as that verifier judges it. Tessera v1.0.4 has a
log of 15 entries that it wrote itself, with every checkpoint it signed on the way. Verdicts in files (`testdata/` of
merkle) came after that release and are not read: the same corruptions are judged here by the released verifier.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gatekeeper.ledger.checkpoint import parse_checkpoint
from gatekeeper.ledger.log_reader import DirectoryReader
from gatekeeper.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    Node,
    Nodes,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    root,
    root_by_inclusion,
)
from gatekeeper.ledger.note import parse_note
from gatekeeper.ledger.verifier import Verdict, Verification, verify_log
from gatekeeper.ledger.witness_policy import log_keys_policy
from tests.support.exported_logs import read_files
from tests.support.go import module_directory

MODULE = "github.com/transparency-dev/merkle"
RELEASED = "v0.0.2"
Probe = dict[str, Any]
HEX = re.compile(r'h[d]?\("([0-9a-f]*)"')


@pytest.fixture(scope="module")
def released() -> Path:
    directory = module_directory(MODULE, RELEASED)
    assert directory is not None, f"the module proxy does not give {MODULE} {RELEASED}"
    return directory


@pytest.fixture(scope="module")
def constants(released: Path) -> dict[str, list[list[bytes]]]:
    """What each function of the module's constants returns: its rows of bytes."""
    source = (released / "testonly" / "constants.go").read_text(encoding="utf-8")
    functions = re.findall(r"(?ms)^func (\w+)\(\)[^\n]*\{\n(.*?)^\}", source)
    return {
        name: [[bytes.fromhex(each) for each in HEX.findall(row)] for row in body.split("}, {")]
        for name, body in functions
    }


@pytest.fixture(scope="module")
def nodes(stored: dict[Node, bytes]) -> Nodes:
    """Gives published hashes of subtrees."""
    return lambda wanted: [stored[node] for node in wanted]


@pytest.fixture(scope="module")
def stored(constants: dict[str, list[list[bytes]]]) -> dict[Node, bytes]:
    """The published hash of every complete subtree."""
    rows = constants["NodeHashes"]
    return {(level, index): value for level, row in enumerate(rows) for index, value in enumerate(row)}


def test_leaves_lead_to_the_published_hashes_and_roots(constants, stored):
    (leaves,), (roots,), ((empty,),) = (
        constants["LeafInputs"],
        constants["RootHashes"],
        constants["EmptyRootHash"],
    )
    assert (len(leaves), len(stored), len(roots), empty) == (8, 15, 8, EMPTY_ROOT)
    frontier, grown, found = Frontier(0, []), dict[Node, bytes](), []
    for leaf in leaves:
        grown.update(frontier.append(leaf_hash(leaf)))
        found.append(frontier.root())
    assert (grown, found) == (stored, roots)


def test_proofs_are_those_of_the_published_tree_and_verify_against_its_roots(constants, stored, nodes):
    roots = [EMPTY_ROOT, *constants["RootHashes"][0]]

    for size in range(1, 9):
        assert root(size, nodes) == roots[size]
        for index in range(size):
            proof = inclusion_proof(index, size, nodes)
            assert root_by_inclusion(stored[0, index], index, size, proof) == roots[size]
        for first in range(size + 1):
            assert is_consistent(
                first, roots[first], size, roots[size], consistency_proof(first, size, nodes)
            )


def test_the_published_proofs_are_ours(released, nodes):
    """The literals of proof/verify_test.go: (leaf counted from 1, size, proof) and (size, size, proof)."""
    source = (released / "proof" / "verify_test.go").read_text(encoding="utf-8")

    inclusion, consistency = (
        re.findall(r"\{(\d+), (\d+), \[\]\[\]byte\{(.*?)\}\}", _literal(source, name), re.DOTALL)
        for name in ("inclusionProofs", "consistencyProofs")
    )
    assert (len(inclusion), len(consistency)) == (4, 4)
    for index, size, hashes in inclusion:
        assert inclusion_proof(int(index) - 1, int(size), nodes) == _hashes(hashes)
    for first, second, hashes in consistency:
        assert consistency_proof(int(first), int(second), nodes) == _hashes(hashes)


def corrupted(proof: list[bytes], *more: bytes) -> list[list[bytes]]:
    """The proof spoilt in every way that merkle's tests list, and whole first; `more` are hashes to be added."""
    found = [proof, [], proof[:-1], proof[1:], proof[::-1]]
    found += [[*proof, each] for each in (b"", *more, *proof[:1])]
    found += [[each, *proof] for each in (b"", *more, *proof[:1])]
    for at, value in enumerate(proof):
        found.append([*proof[:at], bytes([value[0] ^ 8]) + value[1:], *proof[at + 1 :]])
    return found


def inclusion_probes(roots: list[bytes], stored: dict[Node, bytes], nodes: Nodes) -> Iterator[Probe]:
    for size in range(1, 9):
        for index in range(size):
            leaf, whole = stored[0, index], roots[size]
            for proof in corrupted(inclusion_proof(index, size, nodes), whole, leaf):
                for at, of in ((index, size), (index + 1, size), (index ^ 2, size), (index, 2 * size)):
                    yield {"leafIdx": at, "treeSize": of, "leafHash": leaf, "root": whole, "proof": proof}
                yield {
                    "leafIdx": index,
                    "treeSize": size // 2,
                    "leafHash": leaf,
                    "root": whole,
                    "proof": proof,
                }
                for other in (EMPTY_ROOT, b"", roots[size - 1]):
                    yield {
                        "leafIdx": index,
                        "treeSize": size,
                        "leafHash": leaf,
                        "root": other,
                        "proof": proof,
                    }
                    yield {
                        "leafIdx": index,
                        "treeSize": size,
                        "leafHash": other,
                        "root": whole,
                        "proof": proof,
                    }


def consistency_probes(roots: list[bytes], nodes: Nodes) -> Iterator[Probe]:
    """From one leaf on: RFC 9162 has no proof from none, where ours answers a witness's question."""
    for second in range(1, 9):
        for first in range(1, second + 1):
            old, new = roots[first], roots[second]
            for proof in corrupted(consistency_proof(first, second, nodes), old, new):
                for one, two in (
                    (first, second),
                    (first + 1, second),
                    (first ^ 2, second),
                    (first, 2 * second),
                ):
                    if one:
                        yield {"size1": one, "size2": two, "root1": old, "root2": new, "proof": proof}
                yield {"size1": first, "size2": second // 2, "root1": old, "root2": new, "proof": proof}
                for other in (new, EMPTY_ROOT, b""):
                    yield {"size1": first, "size2": second, "root1": other, "root2": new, "proof": proof}
                    yield {"size1": first, "size2": second, "root1": old, "root2": other, "proof": proof}
                yield {"size1": first, "size2": second, "root1": new, "root2": old, "proof": proof}


def test_proofs_and_their_corruptions_are_judged_as_the_released_verifier_judges_them(
    proof_judge, constants, stored, nodes
):
    roots = [EMPTY_ROOT, *constants["RootHashes"][0]]
    probes = [*inclusion_probes(roots, stored, nodes), *consistency_probes(roots, nodes)]
    ours = [includes(each) if "leafHash" in each else extends(each) for each in probes]
    lines = b"".join(json.dumps(each, default=in_base64).encode() + b"\n" for each in probes)
    judged = subprocess.run([proof_judge], input=lines, capture_output=True, check=True).stdout.split()
    differ = [
        probe for probe, our, their in zip(probes, ours, judged, strict=True) if our is not (their == b"true")
    ]
    assert differ == []
    assert (len(probes) > 5000, sum(ours) >= 36 + 36) == (True, True)


@pytest.fixture(scope="module")
def tessera() -> Path:
    directory = module_directory("github.com/transparency-dev/tessera", "v1.0.4")
    assert directory is not None, "the module proxy does not give tessera v1.0.4"
    return directory / "testdata"


def test_a_log_that_tessera_wrote_is_whole_and_extends_each_of_its_checkpoints(tessera):
    policy = log_keys_policy([tessera_key(tessera)])
    read = DirectoryReader(tessera / "log").read
    for size in range(16):
        note = parse_note((tessera / "log" / f"checkpoint.{size}").read_bytes())
        pin = parse_checkpoint(note.text)
        assert (pin.size, policy.logs[0].holds(note.text, note.signatures[0].value)) == (size, True)
        found = verify_log(read, policy, pin)
        assert (found.verdict, found.detail[:11]) == (Verdict.WHOLE, "15 entries,")


def test_a_log_that_tessera_wrote_and_somebody_edited_is_tampered(tessera):
    policy = log_keys_policy([tessera_key(tessera)])
    files = read_files(tessera / "log")
    bundle = "tile/entries/000.p/15"
    assert verify_log(files.get, policy).verdict is Verdict.WHOLE
    files[bundle] = files[bundle].replace(b"eit", b"et!")
    assert verify_log(files.get, policy) == Verification(
        Verdict.TAMPERED, "entry 7 does not match its leaf hash", 7
    )


def tessera_key(testdata: Path) -> str:
    """The public key with which the log was written."""
    found = re.search(r'LOG_PUBLIC_KEY="([^"]+)"', (testdata / "build_log.sh").read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def includes(each: Probe) -> bool:
    try:
        root_found = root_by_inclusion(each["leafHash"], each["leafIdx"], each["treeSize"], each["proof"])
        return root_found == each["root"]
    except ValueError:
        return False


def extends(each: Probe) -> bool:
    return is_consistent(each["size1"], each["root1"], each["size2"], each["root2"], each["proof"])


def in_base64(value: bytes) -> str:
    """Bytes as Go's JSON has them."""
    return base64.b64encode(value).decode()


def _literal(source: str, name: str) -> str:
    found = re.search(rf"(?ms)^\t{name}\s+= .*?^\t\}}", source)
    assert found is not None, name
    return found[0]


def _hashes(literal: str) -> list[bytes]:
    return [bytes.fromhex(each) for each in HEX.findall(literal)]
