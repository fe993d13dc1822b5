"""Rows of votes and of broken glass."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Integer, String, Table, Text

from gatekeeper.storage.schema import METADATA, Moment

reviews = Table(
    "reviews",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("proposal_id", String(64), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("digest", String(71), nullable=False),
    Column("reviewer", String(64), ForeignKey("principals.id"), nullable=False),
    Column("vote", String(8), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("leaf", Integer, nullable=False),
    ForeignKeyConstraint(["proposal_id", "revision"], ["revisions.proposal_id", "revisions.revision"]),
)

break_glass = Table(
    "break_glass",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("proposal_id", String(64), nullable=False, index=True),
    Column("revision", Integer, nullable=False),
    Column("digest", String(71), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("ttl_seconds", Integer, nullable=False),
    Column("requested_by", String(64), ForeignKey("principals.id"), nullable=False),
    Column("requested_at", Moment, nullable=False),
    Column("seconded_by", String(64), ForeignKey("principals.id"), nullable=True),
    Column("seconded_at", Moment, nullable=True),
    Column("expires_at", Moment, nullable=True),
    Column("review_due_at", Moment, nullable=True),
    Column("reviewed_by", String(64), ForeignKey("principals.id"), nullable=True),
    Column("reviewed_at", Moment, nullable=True),
    Column("review_reason", Text, nullable=True),
    ForeignKeyConstraint(["proposal_id", "revision"], ["revisions.proposal_id", "revisions.revision"]),
)
