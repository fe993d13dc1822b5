"""The log, for anybody: checkpoint, tiles and entries after C2SP tlog-tiles, proofs, and the keys to verify them by.

Public and without authentication, because entries hold no text of people. Shows only what is published.
"""

from __future__ import annotations

from functools import partial

from flask import Response

from gatekeeper.api.parameters import identifier
from gatekeeper.api.routing import Call, Route
from gatekeeper.errors import ConflictError, NotFoundError
from gatekeeper.ledger import log
from gatekeeper.ledger.checkpoints import Published, latest_checkpoint, published_size
from gatekeeper.ledger.merkle import inclusion_proof
from gatekeeper.ledger.proof import Proof
from gatekeeper.ledger.stored_tiles import tile_bytes
from gatekeeper.ledger.tiles import parse_path

TEXT = "text/plain"
BINARY = "application/octet-stream"
_UTF8 = f"{TEXT}; charset=utf-8"
_FOR_EVER = "public, max-age=31536000, immutable"
_REVALIDATED = "no-cache"
_LONGEST_LEAF = 18


def get_checkpoint(call: Call) -> Response:
    """The newest signed checkpoint, with the cosignatures it has."""
    with call.gatekeeper.database.read() as connection:
        newest = _newest(latest_checkpoint(connection))
    return _answer(newest.note.encoded, _UTF8, _REVALIDATED)


def get_tile(call: Call) -> Response:
    """A tile of hashes or a bundle of entries, by its name in tlog-tiles."""
    tile = parse_path(f"tile/{call.path('tile')}")
    with call.gatekeeper.database.read() as connection:
        content = None if tile is None else tile_bytes(connection, tile, published_size(connection))
    if content is None:
        raise NotFoundError("The published log has no such tile.", code="tile_unknown")
    return _answer(content, BINARY, _FOR_EVER)


def get_inclusion_proof(call: Call) -> Response:
    """A C2SP tlog-proof of one entry in the newest checkpoint."""
    leaf = _leaf(call.path("leaf"))
    with call.gatekeeper.database.read() as connection:
        newest = latest_checkpoint(connection)
        if leaf >= log.size(connection):
            raise NotFoundError(f"The log has no entry {leaf}.", code="leaf_unknown")
        if newest is None or leaf >= newest.checkpoint.size:
            raise ConflictError(
                f"Entry {leaf} is recorded, but no published checkpoint covers it yet. Ask again in a second.",
                code="leaf_not_published",
            )
        hashes = inclusion_proof(leaf, newest.checkpoint.size, partial(log.nodes, connection))
    return _answer(Proof(leaf, tuple(hashes), newest.note).encoded, _UTF8, _REVALIDATED)


def get_log_policy(call: Call) -> Response:
    """The log's key and its witnesses as a C2SP tlog-policy file: compare it with one that came another way."""
    policy = call.gatekeeper.log.policy()
    if policy is None:
        raise NotFoundError("The log has no keys yet: nothing was published.", code="not_published")
    return _answer(policy.text(with_addresses=False).encode(), _UTF8, _REVALIDATED)


def _newest(published: Published | None) -> Published:
    if published is None:
        raise NotFoundError("No checkpoint is published yet.", code="not_published")
    return published


def _leaf(text: str) -> int:
    leaf = identifier(text)
    if not (leaf.isascii() and leaf.isdecimal()) or len(leaf) > _LONGEST_LEAF or str(int(leaf)) != leaf:
        raise NotFoundError("An entry is named by its number, counted from 0.", code="leaf_unknown")
    return int(leaf)


def _answer(content: bytes, media_type: str, caching: str) -> Response:
    return Response(content, 200, {"Cache-Control": caching}, content_type=media_type)


ROUTES = (
    Route("GET", "/log/checkpoint", get_checkpoint, produces=(TEXT,), public=True),
    Route("GET", "/log/tile/<path:tile>", get_tile, produces=(BINARY,), public=True),
    Route("GET", "/log/proof/<leaf>", get_inclusion_proof, produces=(TEXT,), public=True),
    Route("GET", "/log/policy", get_log_policy, produces=(TEXT,), public=True),
)
