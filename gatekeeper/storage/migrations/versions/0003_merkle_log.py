"""The chain of events becomes a Merkle log: the same entries, byte for byte, as the leaves of a tree."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from gatekeeper.storage.schema import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_GENESIS = "sha256:" + "0" * 64
_AT_ONCE = 1000
_EVENTS = sa.table("events", sa.column("leaf"), sa.column("body"), sa.column("digest"))
_NODES = sa.table("log_nodes", sa.column("position"), sa.column("hash"))
_REFUSALS = ("UPDATE", "DELETE")


def upgrade() -> None:
    op.create_table(
        "log_nodes",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_log_nodes")),
    )
    op.create_table(
        "log_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("edge", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_head")),
    )
    op.create_table(
        "log_checkpoints",
        sa.Column("size", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("size", name=op.f("pk_log_checkpoints")),
    )
    size, written, edge = 0, 0, list[bytes]()
    for bodies in _bodies():
        rows = []
        for leaf, body in bodies:
            grown = _grow(edge, leaf, body)
            rows += [{"position": at, "hash": value} for at, value in enumerate(grown, written)]
            size, written = leaf + 1, written + len(grown)
        op.bulk_insert(_NODES, rows)
    head = sa.table("log_head", sa.column("id"), sa.column("size"), sa.column("edge"))
    op.bulk_insert(head, [{"id": 1, "size": size, "edge": b"".join(edge)}])
    _refuse_changes_of_nodes()
    op.drop_column("events", "digest")
    op.drop_table("chain_head")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER log_nodes_append_only ON log_nodes")
        op.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
    else:
        op.execute("DROP TRIGGER events_refuse_update")
    op.add_column(
        "events", sa.Column("digest", sa.String(length=71), nullable=False, server_default=_GENESIS)
    )
    size, digest = 0, _GENESIS
    for bodies in _bodies():
        for leaf, body in bodies:
            linked = digest.encode("ascii") + b"\n" + body.encode()
            size, digest = leaf + 1, "sha256:" + hashlib.sha256(linked).hexdigest()
            op.execute(_EVENTS.update().where(_EVENTS.c.leaf == leaf).values(digest=digest))
    op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_head")),
    )
    head = sa.table("chain_head", sa.column("id"), sa.column("size"), sa.column("digest"))
    op.bulk_insert(head, [{"id": 1, "size": size, "digest": digest}])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE events ENABLE TRIGGER events_append_only")
    else:
        op.execute(
            "CREATE TRIGGER events_refuse_update BEFORE UPDATE ON events "
            "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
        )
    op.drop_table("log_checkpoints")
    op.drop_table("log_head")
    op.drop_table("log_nodes")


def _grow(edge: list[bytes], leaf: int, body: str) -> list[bytes]:
    """Add a leaf to a tree's right edge (RFC 6962, 2.1); the hashes that come to be, in order."""
    grown = [hashlib.sha256(b"\x00" + body.encode()).digest()]
    while leaf & 1:
        grown.append(hashlib.sha256(b"\x01" + edge.pop() + grown[-1]).digest())
        leaf >>= 1
    edge.append(grown[-1])
    return grown


def _bodies() -> Iterator[list[tuple[int, str]]]:
    """The entries in order, some at a time."""
    after = -1
    while True:
        some = sa.select(_EVENTS.c.leaf, _EVENTS.c.body).where(_EVENTS.c.leaf > after)
        rows = op.get_bind().execute(some.order_by(_EVENTS.c.leaf).limit(_AT_ONCE)).all()
        if not rows:
            return
        yield [(row.leaf, row.body) for row in rows]
        after = rows[-1].leaf


def _refuse_changes_of_nodes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER log_nodes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log_nodes "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events()"
        )
        return
    for change in _REFUSALS:
        op.execute(
            f"CREATE TRIGGER log_nodes_refuse_{change.lower()} BEFORE {change} ON log_nodes "
            "BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END"
        )
