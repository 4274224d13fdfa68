"""Trial runs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "63f8235eeb89"
down_revision = "7c1be02d94fa"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "runs",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("challenge_id", sa.Integer(), nullable=False),
        sa.Column("answer", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("stdin", sa.Text(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "grading",
                "graded",
                "failed",
                "cancelled",
                "awaiting_review",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("graded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "accepted",
                "partially_accepted",
                "wrong_answer",
                "compile_error",
                "runtime_error",
                "time_limit_exceeded",
                "memory_limit_exceeded",
                "output_limit_exceeded",
                "internal_error",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("results", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("compile_output", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["challenge_id"],
            ["challenges.id"],
            name=op.f("fk_runs_challenge_id_challenges"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_runs_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_challenge_id"), "runs", ["challenge_id"], unique=False)
    op.create_index("ix_runs_queued_at", "runs", ["queued_at"], unique=False)
    op.create_index(
        "ix_runs_unfinished",
        "runs",
        ["user_id", "queued_at"],
        unique=False,
        postgresql_where="status IN ('queued', 'grading')",
    )
    op.drop_constraint("queue", "submissions", type_="check")
    op.create_check_constraint("queue", "submissions", "queue IN ('knowledge', 'code', 'runs')")


def downgrade() -> None:

    op.drop_index("ix_runs_unfinished", table_name="runs", postgresql_where="status IN ('queued', 'grading')")
    op.drop_index("ix_runs_queued_at", table_name="runs")
    op.drop_index(op.f("ix_runs_challenge_id"), table_name="runs")
    op.drop_table("runs")
    op.drop_constraint("queue", "submissions", type_="check")
    op.create_check_constraint("queue", "submissions", "queue IN ('knowledge', 'code')")
