"""The tree against the vectors that transparency-dev/merkle publishes for RFC 6962, read from its Go module.

The released module holds leaves, hashes of every subtree and roots as Go source, and proofs over them. The probes in
`testdata/`, each a JSON file that says whether it must be refused, came after that release: they are read where the
module proxy gives that revision.
"""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path

import pytest

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
from tests.support.go import module_directory

MODULE = "github.com/transparency-dev/merkle"
RELEASED = "v0.0.2"
WITH_PROBES = "eb6f9b756ec5f89a43e60adfd3ef151073e92198"
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


@pytest.fixture(scope="module")
def probes() -> Path:
    directory = module_directory(MODULE, WITH_PROBES)
    if directory is None:
        pytest.skip(f"the module proxy gives released versions of {MODULE} only")
    return directory / "testdata"


def test_every_published_inclusion_probe_is_judged_as_it_says(probes):
    files = sorted((probes / "inclusion").rglob("*.json"))
    assert len(files) > 50
    for file in files:
        assert judge_inclusion(file.read_bytes()), file


def test_every_published_consistency_probe_is_judged_as_it_says(probes):
    files = sorted((probes / "consistency").rglob("*.json"))
    assert len(files) > 50
    for file in files:
        assert judge_consistency(file.read_bytes()), file


def test_probes_are_read_in_their_published_form(stored, nodes):
    """The reader itself, over probes made here: a proof that holds, and the same with a wrong size."""

    def inclusion(index: int, wrong: bool) -> bytes:
        proof = inclusion_proof(2, 7, nodes)
        value = {
            "leafIdx": index,
            "treeSize": 7,
            "root": root(7, nodes),
            "leafHash": stored[0, 2],
            "proof": proof,
        }
        return probe({**value, "desc": "", "wantErr": wrong})

    def consistency(size: int, wrong: bool) -> bytes:
        proof = consistency_proof(3, 7, nodes)
        value = {"size1": size, "size2": 7, "root1": root(3, nodes), "root2": root(7, nodes), "proof": proof}
        return probe({**value, "desc": "", "wantErr": wrong})

    judged = [judge_inclusion(inclusion(index, wrong)) for index in (2, 3) for wrong in (False, True)]
    assert judged == [True, False, False, True]
    judged = [judge_consistency(consistency(size, wrong)) for size in (3, 4) for wrong in (False, True)]
    assert judged == [True, False, False, True]


def judge_inclusion(encoded: bytes) -> bool:
    """Whether we accept what a probe says is right, and refuse what it says is wrong."""
    each = json.loads(encoded)
    try:
        found = root_by_inclusion(
            base64.b64decode(each["leafHash"] or ""), each["leafIdx"], each["treeSize"], _proof(each)
        )
        holds = found == base64.b64decode(each["root"] or "")
    except ValueError:
        holds = False
    return holds is not each["wantErr"]


def judge_consistency(encoded: bytes) -> bool:
    """The same for consistency. RFC 9162 has no proof from no leaves: there ours answers a witness's question.

    A tree of no leaves is extended by every tree, without a proof, if its root is that of no leaves.
    """
    each = json.loads(encoded)
    first, second = (base64.b64decode(each[name] or "") for name in ("root1", "root2"))
    holds = is_consistent(each["size1"], first, each["size2"], second, _proof(each))
    if each["size1"] == 0:
        return holds is (first == EMPTY_ROOT and not each["proof"])
    return holds is not each["wantErr"]


def probe(value: dict[str, object]) -> bytes:
    """A probe as the module writes it: bytes in base64."""
    return json.dumps(value, default=lambda each: base64.b64encode(each).decode()).encode()


def _proof(each: dict[str, list[str]]) -> list[bytes]:
    return [base64.b64decode(value) for value in each["proof"] or []]


def _literal(source: str, name: str) -> str:
    found = re.search(rf"(?ms)^\t{name}\s+= .*?^\t\}}", source)
    assert found is not None, name
    return found[0]


def _hashes(literal: str) -> list[bytes]:
    return [bytes.fromhex(each) for each in HEX.findall(literal)]
