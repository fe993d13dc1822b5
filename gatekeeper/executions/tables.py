"""Rows of executions and of the outcomes reported of them. What was reported never changes."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, ForeignKeyConstraint, Index, Integer, String, Table, Text

from gatekeeper.storage.schema import METADATA, Moment

execution_tasks = Table(
    "execution_tasks",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("permit_id", String(64), ForeignKey("permits.id"), nullable=False, unique=True),
    Column("proposal_id", String(64), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("digest", String(71), nullable=False),
    Column("executor_id", String(64), ForeignKey("principals.id"), nullable=False),
    Column("claimed_severity", Integer, nullable=False),
    Column("assessed_severity", Integer, nullable=False),
    Column("p_fail", Float, nullable=True),
    Column("opened_at", Moment, nullable=False),
    Column("deadline_at", Moment, nullable=False),
    Column("state", String(16), nullable=False),
    Column("silent_since", Moment, nullable=True),
    Column("ai_model", Text, nullable=True),
    ForeignKeyConstraint(["proposal_id", "revision"], ["revisions.proposal_id", "revisions.revision"]),
    Index("ix_execution_tasks_proposal", "proposal_id", "revision"),
    Index("ix_execution_tasks_state", "state", "deadline_at"),
    Index("ix_execution_tasks_opened", "opened_at", "id"),
)

execution_outcomes = Table(
    "execution_outcomes",
    METADATA,
    Column("execution_id", String(64), ForeignKey("execution_tasks.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("outcome", String(16), nullable=False),
    Column("evidence", Text, nullable=False),  # a JSON list of {uri, sha256}
    Column("reported_by", String(64), ForeignKey("principals.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("leaf", Integer, nullable=False),
)
