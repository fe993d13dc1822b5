"""Rows of proposals, their revisions and idempotency keys.

A revision's report, assessment and decision never change.
"""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from gatekeeper.storage.schema import METADATA, Moment

proposals = Table(
    "proposals",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
)

revisions = Table(
    "revisions",
    METADATA,
    Column("proposal_id", String(64), ForeignKey("proposals.id"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(71), nullable=False),
    Column("report", Text, nullable=False),
    Column("submitted_by", String(64), ForeignKey("principals.id"), nullable=False),
    Column("submitted_at", Moment, nullable=False),
    Column("assessment", Text, nullable=False),
    Column("severity", Integer, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reasons", Text, nullable=False),
    Column("policy_revision", String(71), nullable=False),
    Column("policy_engine", String(16), nullable=False),
    Column("decided_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("review_due_at", Moment, nullable=True),
    Column("verdict", String(8), nullable=False),
    Column("verdict_at", Moment, nullable=True),
    Column("verdict_reasons", Text, nullable=False),
    Column("verdict_leaf", Integer, nullable=True),
    Column("verdict_expires_at", Moment, nullable=True),
    UniqueConstraint("proposal_id", "digest"),
    Index("ix_revisions_state_severity", "state", "severity"),
    Index("ix_revisions_submitted", "submitted_by", "submitted_at"),
)

idempotency_keys = Table(
    "idempotency_keys",
    METADATA,
    Column("principal_id", String(64), ForeignKey("principals.id"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("digest", String(71), nullable=False),
    Column("proposal_id", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("created", Integer, nullable=False),
    ForeignKeyConstraint(["proposal_id", "revision"], ["revisions.proposal_id", "revisions.revision"]),
)
