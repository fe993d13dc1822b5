"""Rows of the event chain. Append-only by triggers as hygiene; the digests are the evidence."""

from __future__ import annotations

from sqlalchemy import Column, Integer, String, Table, Text

from gatekeeper.storage.schema import METADATA, Moment

events = Table(
    "events",
    METADATA,
    Column("leaf", Integer, primary_key=True, autoincrement=False),
    Column("type", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("proposal_id", String(64), nullable=True, index=True),
    Column("body", Text, nullable=False),
    Column("digest", String(71), nullable=False),
)

chain_head = Table(
    "chain_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", Integer, nullable=False),
    Column("digest", String(71), nullable=False),
)
