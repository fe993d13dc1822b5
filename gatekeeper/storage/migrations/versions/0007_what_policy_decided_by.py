"""What policy decided by is kept: its files by revision, and what it was asked by the digest in the log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = {"policy_bundles": "revision", "policy_inputs": "digest"}


def upgrade() -> None:
    for table, key in _TABLES.items():
        op.create_table(
            table,
            sa.Column(key, sa.String(length=71), nullable=False),
            sa.Column("content", sa.Text(), nullable=False),
            sa.PrimaryKeyConstraint(key, name=op.f(f"pk_{table}")),
        )


def downgrade() -> None:
    for table in _TABLES:
        op.drop_table(table)
