"""A submitter's latest submissions are found by an index: their statements are compared with each new one."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_revisions_submitted", "revisions", ["submitted_by", "submitted_at"])


def downgrade() -> None:
    op.drop_index("ix_revisions_submitted", table_name="revisions")
