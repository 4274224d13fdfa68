"""How many submissions a worker grades at once."""

import sqlalchemy as sa
from alembic import op

revision = "a41d7f02c6e8"
down_revision = "3fb0c6a5d912"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.add_column("workers", sa.Column("processes", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:

    op.drop_column("workers", "processes")
