"""Counters and histograms of the whole cluster."""

import sqlalchemy as sa
from alembic import op

revision = "3fb0c6a5d912"
down_revision = "b6a1f0c2d7e4"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "tallies",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", "labels", "part", name=op.f("pk_tallies")),
    )


def downgrade() -> None:

    op.drop_table("tallies")
