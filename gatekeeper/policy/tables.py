"""Rows of what policy decided by: its own files, and what it was asked."""

from __future__ import annotations

from sqlalchemy import Column, String, Table, Text

from gatekeeper.storage.schema import METADATA

# every policy that a decision was recorded by: its files by name, as RFC 8785 JSON
policy_bundles = Table(
    "policy_bundles",
    METADATA,
    Column("revision", String(71), primary_key=True),
    Column("content", Text, nullable=False),
)

# what policy was asked when it decided, as RFC 8785 JSON under the digest that the log holds
policy_inputs = Table(
    "policy_inputs",
    METADATA,
    Column("digest", String(71), primary_key=True),
    Column("content", Text, nullable=False),
)
