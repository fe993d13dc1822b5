"""Rows of principals, tokens and browser sessions. Secrets are stored as digests only."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table

from gatekeeper.storage.schema import METADATA, Moment

principals = Table(
    "principals",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("roles", String(128), nullable=False),
    Column("person", String(64), nullable=False),
    Column("acts_for", String(64), ForeignKey("principals.name"), nullable=True),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment, nullable=True),
)

tokens = Table(
    "tokens",
    METADATA,
    Column("id", String(16), primary_key=True),
    Column("principal_id", String(64), ForeignKey("principals.id"), nullable=False, index=True),
    Column("secret_digest", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment, nullable=True),
)

browser_sessions = Table(
    "browser_sessions",
    METADATA,
    Column("digest", String(64), primary_key=True),
    Column("principal_id", String(64), ForeignKey("principals.id"), nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=True),
)
