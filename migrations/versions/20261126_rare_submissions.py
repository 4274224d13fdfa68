"""Indexes for lists of what is rare among submissions: without them such a list reads all submissions there are.

That of the reviews that wait goes: the first of these serves it.
"""

import sqlalchemy as sa
from alembic import op

revision = "c95e20b7a816"
down_revision = "4d0c7f1be2a9"
branch_labels = None
depends_on = None

STATUS = "status IN ('failed', 'cancelled', 'awaiting_review')"
VERDICT = "verdict NOT IN ('accepted', 'wrong_answer')"


def upgrade() -> None:
    op.drop_index("ix_submissions_awaiting_review", "submissions")
    op.create_index(
        "ix_submissions_rare_status", "submissions", ["status", "id"], postgresql_where=sa.text(STATUS)
    )
    op.create_index(
        "ix_submissions_rare_verdict", "submissions", ["verdict", "id"], postgresql_where=sa.text(VERDICT)
    )


def downgrade() -> None:
    op.drop_index("ix_submissions_rare_verdict", "submissions")
    op.drop_index("ix_submissions_rare_status", "submissions")
    waiting = sa.text("status = 'awaiting_review'")
    op.create_index("ix_submissions_awaiting_review", "submissions", ["id"], postgresql_where=waiting)
