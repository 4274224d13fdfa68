"""Hints that learners bought."""

import sqlalchemy as sa
from alembic import op

revision = "3f9c07ab52e1"
down_revision = "7d2f90c4ab13"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hint_purchases",
        sa.Column("user_id", sa.Integer(), sa.ForeignKey("users.id"), primary_key=True),
        sa.Column("challenge_id", sa.Integer(), sa.ForeignKey("challenges.id"), primary_key=True, index=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column("bought_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name="number_positive"),
    )


def downgrade() -> None:
    op.drop_table("hint_purchases")
