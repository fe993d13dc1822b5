"""Every execution names the model that wrote its proposal: taken from the report, where it always stood."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TASKS = sa.table(
    "execution_tasks", sa.column("id"), sa.column("proposal_id"), sa.column("revision"), sa.column("ai_model")
)
_REVISIONS = sa.table("revisions", sa.column("proposal_id"), sa.column("revision"), sa.column("report"))


def upgrade() -> None:
    op.add_column("execution_tasks", sa.Column("ai_model", sa.Text(), nullable=True))
    connection = op.get_bind()
    found = sa.select(_TASKS.c.id, _REVISIONS.c.report).where(
        _REVISIONS.c.proposal_id == _TASKS.c.proposal_id, _REVISIONS.c.revision == _TASKS.c.revision
    )
    for task, report in connection.execute(found).all():
        model = json.loads(report).get("ai_model")
        connection.execute(_TASKS.update().where(_TASKS.c.id == task).values(ai_model=model))


def downgrade() -> None:
    op.drop_column("execution_tasks", "ai_model")
