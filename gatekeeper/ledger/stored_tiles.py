"""Tiles and bundles of the log as C2SP tlog-tiles has them, made from the database. Owns nothing but the making."""

from __future__ import annotations

from sqlalchemy import Connection

from gatekeeper.ledger import log
from gatekeeper.ledger.tiles import WIDTH, Tile, encode_bundle, is_within


def tile_bytes(connection: Connection, tile: Tile, size: int) -> bytes | None:
    """Return a tile or bundle of the first `size` leaves, None when they do not fill it."""
    if not is_within(tile, size):
        return None
    if tile.level is None:
        first = tile.index * WIDTH
        return encode_bundle(log.entries(connection, first, first + tile.width))
    return b"".join(log.nodes(connection, tile.nodes))
