"""Executions of spent permits, and the outcomes reported of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatekeeper.storage.schema import Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "execution_tasks",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("permit_id", sa.String(length=64), nullable=False),
        sa.Column("proposal_id", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.Column("executor_id", sa.String(length=64), nullable=False),
        sa.Column("claimed_severity", sa.Integer(), nullable=False),
        sa.Column("assessed_severity", sa.Integer(), nullable=False),
        sa.Column("p_fail", sa.Float(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("deadline_at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("silent_since", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["permit_id"], ["permits.id"], name=op.f("fk_execution_tasks_permit_id")),
        sa.ForeignKeyConstraint(
            ["executor_id"], ["principals.id"], name=op.f("fk_execution_tasks_executor_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id", "revision"],
            ["revisions.proposal_id", "revisions.revision"],
            name=op.f("fk_execution_tasks_proposal_id_revision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_execution_tasks")),
        sa.UniqueConstraint("permit_id", name=op.f("uq_execution_tasks_permit_id")),
    )
    op.create_index("ix_execution_tasks_proposal", "execution_tasks", ["proposal_id", "revision"])
    op.create_index("ix_execution_tasks_state", "execution_tasks", ["state", "deadline_at"])
    op.create_index("ix_execution_tasks_opened", "execution_tasks", ["opened_at", "id"])
    op.create_table(
        "execution_outcomes",
        sa.Column("execution_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("leaf", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["execution_id"], ["execution_tasks.id"], name=op.f("fk_execution_outcomes_execution_id")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["principals.id"], name=op.f("fk_execution_outcomes_reported_by")
        ),
        sa.PrimaryKeyConstraint("execution_id", "number", name=op.f("pk_execution_outcomes")),
    )


def downgrade() -> None:
    op.drop_table("execution_outcomes")
    for index in ("opened", "state", "proposal"):
        op.drop_index(f"ix_execution_tasks_{index}", table_name="execution_tasks")
    op.drop_table("execution_tasks")
