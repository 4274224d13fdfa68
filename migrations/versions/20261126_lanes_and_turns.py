"""Lanes and turns: fair order among queued submissions, rejudges, superseding, what workers refuse.

Stop the processes of an older version first: it renames a column that they read. The
column `lane` is computed, which rewrites the table of submissions once.
"""

import sqlalchemy as sa
from alembic import op

revision = "b6a1f0c2d7e4"
down_revision = "63f8235eeb89"
branch_labels = None
depends_on = None

QUEUED = sa.text("status = 'queued'")
OLD, NEW = ("knowledge", "code"), ("knowledge", "code", "runs", "rejudges")


def upgrade() -> None:
    _queues(NEW)
    op.alter_column("submissions", "publish_after", new_column_name="not_before")
    op.add_column("submissions", sa.Column("turn", sa.BigInteger(), server_default="0", nullable=False))
    lane = sa.Computed("queue || coalesce('.' || language, '')", persisted=True)
    op.add_column("submissions", sa.Column("lane", sa.String(64), lane, nullable=False))
    op.drop_index("ix_submissions_unfinished", "submissions")
    columns = ["lane", "grading_attempt", "turn", "id"]
    op.create_index("ix_submissions_queued", "submissions", columns, postgresql_where=QUEUED)
    op.create_index("ix_submissions_queued_user_id", "submissions", ["user_id"], postgresql_where=QUEUED)
    grading = sa.text("status = 'grading'")
    op.create_index("ix_submissions_grading", "submissions", ["id"], postgresql_where=grading)
    words = sa.Enum(
        "keep", "supersede", name="on_resubmit", native_enum=False, create_constraint=True, length=32
    )
    op.add_column("challenges", sa.Column("on_resubmit", words, server_default="keep", nullable=False))
    op.add_column("workers", sa.Column("problem", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("workers", "problem")
    op.drop_column("challenges", "on_resubmit")
    op.drop_index("ix_submissions_grading", "submissions")
    op.drop_index("ix_submissions_queued_user_id", "submissions")
    op.drop_index("ix_submissions_queued", "submissions")
    unfinished = sa.text("status IN ('queued', 'grading')")
    columns = ["status", "queue", "queued_at"]
    op.create_index("ix_submissions_unfinished", "submissions", columns, postgresql_where=unfinished)
    op.drop_column("submissions", "lane")
    op.drop_column("submissions", "turn")
    op.alter_column("submissions", "not_before", new_column_name="publish_after")
    op.execute("UPDATE submissions SET queue = 'knowledge' WHERE queue = 'rejudges' AND language IS NULL")
    op.execute("UPDATE submissions SET queue = 'code' WHERE queue = 'rejudges'")
    _queues(OLD)


def _queues(words: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_submissions_queue"), "submissions", type_="check")
    op.create_check_constraint(op.f("ck_submissions_queue"), "submissions", sa.column("queue").in_(words))
