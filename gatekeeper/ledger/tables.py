"""Rows of the log. Append-only by triggers as hygiene; the tree and its signed checkpoints are the evidence."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text, text

from gatekeeper.storage.schema import METADATA, Moment

events = Table(
    "events",
    METADATA,
    Column("leaf", Integer, primary_key=True, autoincrement=False),
    Column("type", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("proposal_id", String(64), nullable=True, index=True),
    Column("body", Text, nullable=False),
)

# the few entries that say which policy is in force: each decision looks for the newest
POLICY_CHANGES = text("type = 'policy.changed'")
Index(
    "ix_events_policy_changed",
    events.c.type,
    events.c.leaf,
    sqlite_where=POLICY_CHANGES,
    postgresql_where=POLICY_CHANGES,
)

# complete subtrees, in the order in which they came to be
log_nodes = Table(
    "log_nodes",
    METADATA,
    Column("position", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
    Column("hash", LargeBinary(32), nullable=False),
)

# one row: how many leaves there are, and the subtrees at the right edge, 32 bytes each
log_head = Table(
    "log_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", Integer, nullable=False),
    Column("edge", LargeBinary, nullable=False),
)

# one row: the policy by which the log was published last, from which a change of its keepers is told
log_keepers = Table(
    "log_keepers",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("policy", Text, nullable=False),
)

# what was signed and made public; kept, so that a client's old checkpoint can be found again
log_checkpoints = Table(
    "log_checkpoints",
    METADATA,
    Column("size", Integer, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("at", Moment, nullable=False),
)
