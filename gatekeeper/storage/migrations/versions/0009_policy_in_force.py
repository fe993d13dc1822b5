"""The entries that say which policy is in force, found without reading the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_CHANGES = sa.text("type = 'policy.changed'")


def upgrade() -> None:
    op.create_index(
        op.f("ix_events_policy_changed"),
        "events",
        ["type", "leaf"],
        sqlite_where=_CHANGES,
        postgresql_where=_CHANGES,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_events_policy_changed"), table_name="events")
