"""The tree against its definition in RFC 6962, for every size and every proof of small trees, and for any size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.ledger.log import position
from gatekeeper.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    Node,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    node_hash,
    root,
    root_by_inclusion,
)

LARGEST = 40
ENTRIES = [bytes([number]) for number in range(LARGEST)]


def mth(entries: list[bytes]) -> bytes:
    """RFC 6962, 2.1, as it is written there."""
    if not entries:
        return EMPTY_ROOT
    if len(entries) == 1:
        return leaf_hash(entries[0])
    half = 1 << (len(entries) - 1).bit_length() - 1
    return node_hash(mth(entries[:half]), mth(entries[half:]))


STORED: dict[Node, bytes] = {}
FRONTIER = Frontier(0, [])
for entry in ENTRIES:
    STORED.update(FRONTIER.append(leaf_hash(entry)))
ROOTS = [mth(ENTRIES[:size]) for size in range(LARGEST + 1)]


def stored(nodes: list[Node]) -> list[bytes]:
    return [STORED[node] for node in nodes]


@pytest.mark.parametrize("size", range(LARGEST + 1))
def test_roots_are_those_of_the_definition(size: int) -> None:
    frontier = Frontier(0, [])
    for entry in ENTRIES[:size]:
        list(frontier.append(leaf_hash(entry)))
    assert (root(size, stored), frontier.root()) == (ROOTS[size], ROOTS[size])


@pytest.mark.parametrize("size", range(1, LARGEST + 1))
def test_every_inclusion_proof_leads_to_the_root_and_no_other_leaf_does(size: int) -> None:
    for index in range(size):
        proof = inclusion_proof(index, size, stored)
        assert root_by_inclusion(leaf_hash(ENTRIES[index]), index, size, proof) == ROOTS[size]
        assert root_by_inclusion(leaf_hash(b"another"), index, size, proof) != ROOTS[size]
        with pytest.raises(ValueError, match="too long"):
            root_by_inclusion(leaf_hash(ENTRIES[index]), index, size, [*proof, ROOTS[0]])
        if proof:
            with pytest.raises(ValueError, match="too short"):
                root_by_inclusion(leaf_hash(ENTRIES[index]), index, size, proof[:-1])


@pytest.mark.parametrize("second", range(LARGEST + 1))
def test_every_consistency_proof_holds_and_holds_for_nothing_else(second: int) -> None:
    for first in range(second + 1):
        proof = consistency_proof(first, second, stored)
        assert is_consistent(first, ROOTS[first], second, ROOTS[second], proof)
        assert not is_consistent(first, b"x" * 32, second, ROOTS[second], proof)
        assert not is_consistent(first, ROOTS[first], second, ROOTS[second], [*proof, ROOTS[0]])
        if proof:
            assert not is_consistent(first, ROOTS[first], second, b"x" * 32, proof)
            assert not is_consistent(first, ROOTS[first], second, ROOTS[second], proof[:-1])


@given(st.integers(1, 2**40), st.data())
def test_a_forged_proof_of_any_tree_is_an_error_or_another_root(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = data.draw(st.lists(st.binary(min_size=32, max_size=32), max_size=45))
    try:
        found = root_by_inclusion(ROOTS[1], index, size, proof)
    except ValueError:
        return
    assert found != ROOTS[2]


def test_what_is_not_there_has_no_proof() -> None:
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError, match="has no leaf"):
            inclusion_proof(index, size, stored)
    with pytest.raises(ValueError, match="do not extend"):
        consistency_proof(4, 3, stored)
    with pytest.raises(ValueError, match="has 2 subtrees, not 1"):
        Frontier(3, [ROOTS[0]])


def test_hashes_stand_in_the_order_in_which_they_come_to_be() -> None:
    frontier = Frontier(0, [])
    grown = [node for entry in range(600) for node, _ in frontier.append(leaf_hash(bytes([entry % 256])))]
    assert [position(node) for node in grown] == list(range(len(grown)))
