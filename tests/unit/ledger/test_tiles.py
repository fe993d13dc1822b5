"""Names and bytes of tiles, after the examples of the specification and over generated ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatekeeper.ledger.tiles import (
    MOST_ENTRY_BYTES,
    Tile,
    cut_bundle,
    encode_bundle,
    is_within,
    parse_path,
    tiles_between,
)

TILES = st.builds(Tile, st.none() | st.integers(0, 63), st.integers(0, 2**40), st.integers(1, 256))


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067, 256), "tile/0/x001/x234/067"),
        (Tile(None, 0, 256), "tile/entries/000"),
        (Tile(2, 1000, 17), "tile/2/x001/000.p/17"),
    ],
)
def test_a_tile_has_the_name_of_the_specification(tile: Tile, path: str) -> None:
    assert (tile.path, parse_path(path)) == (path, tile)


@given(TILES)
def test_a_name_leads_back_to_its_tile(tile: Tile) -> None:
    assert parse_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/00/000", "tile/64/000", "tile/0/x000/001", "tile/0/0", "tile/0/000.p/0", "tile/0/000.p/256",
        "tile/0/000.p/01", "tile/entries/../000", "tile/-1/000", "tile/0/x1/000", "tile/0/000/", "/tile/0/000", "",
    ],
)  # fmt: skip
def test_no_other_name_is_one(path: str) -> None:
    assert parse_path(path) is None


def test_a_tree_of_70_000_has_the_tiles_of_the_specification() -> None:
    found = [tile for tile in tiles_between(0, 70_000) if tile.level is not None]
    assert [sum(tile.level == level and tile.width == 256 for tile in found) for level in range(3)] == [
        273,
        1,
        0,
    ]
    assert [tile.path for tile in found if tile.width < 256] == [
        "tile/0/273.p/112",
        "tile/1/001.p/17",
        "tile/2/000.p/1",
    ]


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_growing_in_two_steps_gives_every_full_tile_once(before: int, grown: int) -> None:
    size = before + grown
    steps = [*tiles_between(0, before), *tiles_between(before, size)]
    full = [tile for tile in steps if tile.width == 256]
    assert sorted(map(repr, full)) == sorted(
        repr(each) for each in tiles_between(0, size) if each.width == 256
    )
    assert all(is_within(tile, size) for tile in steps)
    assert not any(is_within(Tile(tile.level, tile.index, tile.width + 1), size) for tile in steps[-1:])


@given(st.lists(st.binary(max_size=300), max_size=256))
def test_a_bundle_gives_its_entries_back(entries: list[bytes]) -> None:
    assert cut_bundle(encode_bundle(entries)) == (entries, True)


@given(st.lists(st.binary(min_size=1, max_size=9), min_size=1, max_size=5), st.data())
def test_a_bundle_that_breaks_off_has_fewer_entries_and_says_so_unless_it_ends_with_one(
    entries: list[bytes], data: st.DataObject
) -> None:
    bundle = encode_bundle(entries)
    cut = bundle[: data.draw(st.integers(0, len(bundle) - 1))]
    found, is_whole = cut_bundle(cut)
    assert found == entries[: len(found)] != entries
    assert is_whole == (cut == encode_bundle(found))


def test_what_does_not_fit_is_refused() -> None:
    assert len(encode_bundle([b"x" * MOST_ENTRY_BYTES])) == MOST_ENTRY_BYTES + 2
    with pytest.raises(ValueError, match="65535 bytes"):
        encode_bundle([b"x" * (MOST_ENTRY_BYTES + 1)])
