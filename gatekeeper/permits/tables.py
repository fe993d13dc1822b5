"""Rows of permits and of the keys that sign them.

What a permit says never changes; its row also holds what became of it, in `state`: issued, consumed or revoked.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Table, Text

from gatekeeper.storage.schema import METADATA, Moment

permits = Table(
    "permits",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("proposal_id", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("statement", Text, nullable=False),  # the signed bytes
    Column("executor_id", String(64), ForeignKey("principals.id"), nullable=False),
    Column("executor_key", String(44), nullable=True),
    Column("issued_by", String(64), ForeignKey("principals.id"), nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("policy_revision", String(71), nullable=False),
    Column("approvals", Text, nullable=False),  # leaves of the approving votes, as a JSON list
    Column("freeze_seen", Integer, nullable=False),  # the newest freeze at issue, 0 before the first
    Column("kid", String(64), nullable=False),
    Column("leaf", Integer, nullable=False),
    Column("witnessed_at", Moment, nullable=True),
    Column("state", String(16), nullable=False),
    Column("consumed_at", Moment, nullable=True),
    Column("consumed_leaf", Integer, nullable=True),
    Column("revoked_at", Moment, nullable=True),
    Column("revoked_by", String(64), ForeignKey("principals.id"), nullable=True),
    Column("revocation", String(16), nullable=True),
    Column("revocation_reason", Text, nullable=True),
    ForeignKeyConstraint(["proposal_id", "revision"], ["revisions.proposal_id", "revisions.revision"]),
    Index("ix_permits_proposal", "proposal_id", "revision"),
)

permit_keys = Table(
    "permit_keys",
    METADATA,
    Column("kid", String(64), primary_key=True),
    Column("public", String(44), nullable=False),  # base64 of the raw Ed25519 public key
    Column("created_at", Moment, nullable=False),
    Column("retired_at", Moment, nullable=True),
)
