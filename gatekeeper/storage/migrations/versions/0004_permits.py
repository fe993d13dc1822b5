"""Permits, what became of each, and the keys that sign them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatekeeper.storage.schema import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_NAMED = ("executor_id", "issued_by", "revoked_by")


def upgrade() -> None:
    op.create_table(
        "permits",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("proposal_id", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("executor_id", sa.String(length=64), nullable=False),
        sa.Column("executor_key", sa.String(length=44), nullable=True),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("not_before", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("policy_revision", sa.String(length=71), nullable=False),
        sa.Column("approvals", sa.Text(), nullable=False),
        sa.Column("freeze_seen", sa.Integer(), nullable=False),
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("leaf", sa.Integer(), nullable=False),
        sa.Column("witnessed_at", Moment(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("consumed_at", Moment(), nullable=True),
        sa.Column("consumed_leaf", sa.Integer(), nullable=True),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("revoked_by", sa.String(length=64), nullable=True),
        sa.Column("revocation", sa.String(length=16), nullable=True),
        sa.Column("revocation_reason", sa.Text(), nullable=True),
        *(
            sa.ForeignKeyConstraint([name], ["principals.id"], name=op.f(f"fk_permits_{name}"))
            for name in _NAMED
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id", "revision"],
            ["revisions.proposal_id", "revisions.revision"],
            name=op.f("fk_permits_proposal_id_revision"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permits")),
    )
    op.create_index("ix_permits_proposal", "permits", ["proposal_id", "revision"])
    op.create_table(
        "permit_keys",
        sa.Column("kid", sa.String(length=64), nullable=False),
        sa.Column("public", sa.String(length=44), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("retired_at", Moment(), nullable=True),
        sa.PrimaryKeyConstraint("kid", name=op.f("pk_permit_keys")),
    )


def downgrade() -> None:
    op.drop_table("permit_keys")
    op.drop_index("ix_permits_proposal", table_name="permits")
    op.drop_table("permits")
