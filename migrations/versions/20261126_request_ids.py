"""The request that a submission came with."""

import sqlalchemy as sa
from alembic import op

revision = "c95b1e7740ad"
down_revision = "a41d7f02c6e8"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.add_column("submissions", sa.Column("request_id", sa.String(length=64), nullable=True))


def downgrade() -> None:

    op.drop_column("submissions", "request_id")
