"""The first schema: principals, proposals, reviews, freezes and the event chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from gatekeeper.storage.schema import Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_GENESIS = "sha256:" + "0" * 64
_REFUSALS = ("UPDATE", "DELETE")


def upgrade() -> None:
    op.create_table(
        "chain_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chain_head")),
    )
    op.create_table(
        "events",
        sa.Column("leaf", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("proposal_id", sa.String(length=64), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.PrimaryKeyConstraint("leaf", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_proposal_id"), "events", ["proposal_id"], unique=False)
    op.create_table(
        "principals",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("roles", sa.String(length=128), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("acts_for", sa.String(length=64), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("disabled_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["acts_for"], ["principals.name"], name=op.f("fk_principals_acts_for")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_principals")),
        sa.UniqueConstraint("name", name=op.f("uq_principals_name")),
    )
    op.create_table(
        "proposals",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
    )
    op.create_table(
        "browser_sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("principal_id", sa.String(length=64), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["principals.id"], name=op.f("fk_browser_sessions_principal_id")
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_browser_sessions")),
    )
    op.create_index(
        op.f("ix_browser_sessions_principal_id"), "browser_sessions", ["principal_id"], unique=False
    )
    op.create_table(
        "freezes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("frozen_by", sa.String(length=64), nullable=False),
        sa.Column("frozen_at", Moment(), nullable=False),
        sa.Column("thawed_by", sa.String(length=64), nullable=True),
        sa.Column("thawed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["frozen_by"], ["principals.id"], name=op.f("fk_freezes_frozen_by")),
        sa.ForeignKeyConstraint(["thawed_by"], ["principals.id"], name=op.f("fk_freezes_thawed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freezes")),
    )
    op.create_table(
        "revisions",
        sa.Column("proposal_id", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.String(length=64), nullable=False),
        sa.Column("submitted_at", Moment(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("policy_revision", sa.String(length=71), nullable=False),
        sa.Column("policy_engine", sa.String(length=16), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("review_due_at", Moment(), nullable=True),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("verdict_at", Moment(), nullable=True),
        sa.Column("verdict_reasons", sa.Text(), nullable=False),
        sa.Column("verdict_leaf", sa.Integer(), nullable=True),
        sa.Column("verdict_expires_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposals.id"], name=op.f("fk_revisions_proposal_id")),
        sa.ForeignKeyConstraint(["submitted_by"], ["principals.id"], name=op.f("fk_revisions_submitted_by")),
        sa.PrimaryKeyConstraint("proposal_id", "revision", name=op.f("pk_revisions")),
        sa.UniqueConstraint("proposal_id", "digest", name=op.f("uq_revisions_proposal_id_digest")),
    )
    op.create_index("ix_revisions_state_severity", "revisions", ["state", "severity"], unique=False)
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(length=16), nullable=False),
        sa.Column("principal_id", sa.String(length=64), nullable=False),
        sa.Column("secret_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["principal_id"], ["principals.id"], name=op.f("fk_tokens_principal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
    )
    op.create_index(op.f("ix_tokens_principal_id"), "tokens", ["principal_id"], unique=False)
    op.create_table(
        "break_glass",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("proposal_id", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ttl_seconds", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("requested_at", Moment(), nullable=False),
        sa.Column("seconded_by", sa.String(length=64), nullable=True),
        sa.Column("seconded_at", Moment(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=True),
        sa.Column("review_due_at", Moment(), nullable=True),
        sa.Column("reviewed_by", sa.String(length=64), nullable=True),
        sa.Column("reviewed_at", Moment(), nullable=True),
        sa.Column("review_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id", "revision"],
            ["revisions.proposal_id", "revisions.revision"],
            name=op.f("fk_break_glass_proposal_id_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["requested_by"], ["principals.id"], name=op.f("fk_break_glass_requested_by")
        ),
        sa.ForeignKeyConstraint(["reviewed_by"], ["principals.id"], name=op.f("fk_break_glass_reviewed_by")),
        sa.ForeignKeyConstraint(["seconded_by"], ["principals.id"], name=op.f("fk_break_glass_seconded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break_glass")),
    )
    op.create_index(op.f("ix_break_glass_proposal_id"), "break_glass", ["proposal_id"], unique=False)
    op.create_table(
        "idempotency_keys",
        sa.Column("principal_id", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.Column("proposal_id", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["principal_id"], ["principals.id"], name=op.f("fk_idempotency_keys_principal_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id", "revision"],
            ["revisions.proposal_id", "revisions.revision"],
            name=op.f("fk_idempotency_keys_proposal_id_revision"),
        ),
        sa.PrimaryKeyConstraint("principal_id", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=71), nullable=False),
        sa.Column("reviewer", sa.String(length=64), nullable=False),
        sa.Column("vote", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("leaf", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id", "revision"],
            ["revisions.proposal_id", "revisions.revision"],
            name=op.f("fk_reviews_proposal_id_revision"),
        ),
        sa.ForeignKeyConstraint(["reviewer"], ["principals.id"], name=op.f("fk_reviews_reviewer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviews")),
    )
    op.create_index(op.f("ix_reviews_proposal_id"), "reviews", ["proposal_id"], unique=False)
    head = sa.table("chain_head", sa.column("id"), sa.column("size"), sa.column("digest"))
    op.bulk_insert(head, [{"id": 1, "size": 0, "digest": _GENESIS}])
    _refuse_changes_of_events()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER events_append_only ON events")
        op.execute("DROP FUNCTION refuse_change_of_events()")
    op.drop_index(op.f("ix_reviews_proposal_id"), table_name="reviews")
    op.drop_table("reviews")
    op.drop_table("idempotency_keys")
    op.drop_index(op.f("ix_break_glass_proposal_id"), table_name="break_glass")
    op.drop_table("break_glass")
    op.drop_index(op.f("ix_tokens_principal_id"), table_name="tokens")
    op.drop_table("tokens")
    op.drop_index("ix_revisions_state_severity", table_name="revisions")
    op.drop_table("revisions")
    op.drop_table("freezes")
    op.drop_index(op.f("ix_browser_sessions_principal_id"), table_name="browser_sessions")
    op.drop_table("browser_sessions")
    op.drop_table("proposals")
    op.drop_table("principals")
    op.drop_index(op.f("ix_events_proposal_id"), table_name="events")
    op.drop_table("events")
    op.drop_table("chain_head")


def _refuse_changes_of_events() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change_of_events() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'events are append-only'; END$$"
        )
        op.execute(
            "CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_events()"
        )
        return
    for change in _REFUSALS:
        op.execute(
            f"CREATE TRIGGER events_refuse_{change.lower()} BEFORE {change} ON events "
            "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
        )
