"""Indexes for what operators ask: reviews that wait, submissions that failed, deliveries that were given up."""

from alembic import op

revision = "e2d06c9b815f"
down_revision = "c95b1e7740ad"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_index(
        "ix_submissions_awaiting_review",
        "submissions",
        ["id"],
        unique=False,
        postgresql_where="status = 'awaiting_review'",
    )
    op.create_index(
        "ix_submissions_failed",
        "submissions",
        ["graded_at"],
        unique=False,
        postgresql_where="status = 'failed'",
    )
    op.create_index(
        "ix_deliveries_dead_at",
        "deliveries",
        ["dead_at"],
        unique=False,
        postgresql_where="dead_at IS NOT NULL",
    )


def downgrade() -> None:

    op.drop_index("ix_deliveries_dead_at", table_name="deliveries", postgresql_where="dead_at IS NOT NULL")
    op.drop_index("ix_submissions_failed", table_name="submissions", postgresql_where="status = 'failed'")
    op.drop_index(
        "ix_submissions_awaiting_review",
        table_name="submissions",
        postgresql_where="status = 'awaiting_review'",
    )
