"""Who reads a submission that awaits review, and until when."""

import sqlalchemy as sa
from alembic import op

revision = "7d2f90c4ab13"
down_revision = "e2a64f18d7b0"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submissions", sa.Column("reviewer_id", sa.Integer(), nullable=True))
    op.add_column("submissions", sa.Column("review_until", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_submissions_reviewer_id_users"),
        "submissions",
        "users",
        ["reviewer_id"],
        ["id"],
        ondelete="SET NULL",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("fk_submissions_reviewer_id_users"), "submissions", type_="foreignkey")
    op.drop_column("submissions", "review_until")
    op.drop_column("submissions", "reviewer_id")
