"""The language that a challenge's own texts are in: English for all that there are."""

import sqlalchemy as sa
from alembic import op

revision = "58b2f7c6d31a"
down_revision = "a4d81e6b90c7"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("challenges", sa.Column("locale", sa.String(35), nullable=False, server_default="en"))


def downgrade() -> None:
    op.drop_column("challenges", "locale")
