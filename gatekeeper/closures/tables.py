"""Rows of freezes. At most one has no `thawed_at`: the freeze in force."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from gatekeeper.storage.schema import METADATA, Moment

freezes = Table(
    "freezes",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("frozen_by", String(64), ForeignKey("principals.id"), nullable=False),
    Column("frozen_at", Moment, nullable=False),
    Column("thawed_by", String(64), ForeignKey("principals.id"), nullable=True),
    Column("thawed_at", Moment, nullable=True),
)
