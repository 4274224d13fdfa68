"""Answers that are graded in the background, in batches."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "e2a64f18d7b0"
down_revision = "7b1e5d90c3f4"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB
TIME = sa.DateTime(timezone=True)
VERDICTS = (
    "accepted", "partially_accepted", "wrong_answer", "compile_error", "runtime_error", "time_limit_exceeded",
    "memory_limit_exceeded", "output_limit_exceeded", "internal_error",
)  # fmt: skip


def one_of(column: str, *words: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{word}'" for word in words)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column(
            "challenge_id", sa.Integer(), sa.ForeignKey("challenges.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False, server_default="running"),
        sa.Column("requested_by", sa.Integer(), sa.ForeignKey("users.id", ondelete="SET NULL")),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("finished_at", TIME),
        sa.Column("details", JSONB(), nullable=False, server_default="{}"),
        sa.Column("report", JSONB()),
        sa.ForeignKeyConstraint(
            ["challenge_id", "revision"],
            ["challenge_revisions.challenge_id", "challenge_revisions.number"],
            ondelete="CASCADE",
        ),
        one_of("purpose", "publish", "verify", "rejudge"),
        one_of(
            "status",
            "running",
            "passed",
            "refused",
            "ready",
            "applied",
            "discarded",
            "failed",
            "cancelled",
        ),
    )
    op.create_index("ix_batches_challenge_id_id", "batches", ["challenge_id", "id"])
    op.create_index("ix_batches_running", "batches", ["id"], postgresql_where=sa.text("status = 'running'"))
    op.create_table(
        "gradings",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("batches.id", ondelete="CASCADE"), nullable=False),
        sa.Column("submission_id", sa.BigInteger(), sa.ForeignKey("submissions.id", ondelete="CASCADE")),
        sa.Column("name", sa.String(200), nullable=False, server_default=""),
        sa.Column("answer", JSONB()),
        sa.Column("language", sa.String(32)),
        sa.Column(
            "lane",
            sa.String(64),
            sa.Computed("'rejudges' || coalesce('.' || language, '')", persisted=True),
            nullable=False,
        ),
        sa.Column("expected", sa.String(32)),
        sa.Column("cpu_seconds", sa.Float()),
        sa.Column("details", JSONB(), nullable=False, server_default="{}"),
        sa.Column("status", sa.String(32), nullable=False, server_default="queued"),
        sa.Column("grading_attempt", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("not_before", TIME, nullable=False),
        sa.Column("lease_expires_at", TIME),
        sa.Column("graded_at", TIME),
        sa.Column("failure", sa.Text()),
        sa.Column("verdict", sa.String(32)),
        sa.Column("score", sa.Float()),
        sa.Column("results", JSONB()),
        sa.Column("compile_output", sa.Text()),
        one_of("status", "queued", "grading", "graded", "failed"),
        one_of("expected", *VERDICTS),
        one_of("verdict", *VERDICTS),
    )
    op.create_index("ix_gradings_batch_id_id", "gradings", ["batch_id", "id"])
    op.create_index("ix_gradings_submission_id", "gradings", ["submission_id"])
    queued, grading = sa.text("status = 'queued'"), sa.text("status = 'grading'")
    op.create_index("ix_gradings_queued", "gradings", ["lane", "id"], postgresql_where=queued)
    op.create_index("ix_gradings_grading", "gradings", ["id"], postgresql_where=grading)


def downgrade() -> None:
    op.drop_table("gradings")
    op.drop_table("batches")
