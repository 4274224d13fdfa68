"""Tracks, and for each challenge what strict ones put right before it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a4d81e6b90c7"
down_revision = "3f9c07ab52e1"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "tracks",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("slug", sa.String(64), nullable=False, unique=True),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False, server_default=""),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("strict", sa.Boolean(), nullable=False, server_default="false"),
        sa.Column("author_id", sa.Integer(), sa.ForeignKey("users.id", ondelete="SET NULL"), index=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'published', 'archived')", name="state"),
    )
    op.create_table(
        "track_items",
        sa.Column("track_id", sa.Integer(), sa.ForeignKey("tracks.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("challenge_id", sa.Integer(), sa.ForeignKey("challenges.id"), nullable=False, index=True),
        sa.UniqueConstraint("track_id", "challenge_id"),
        sa.CheckConstraint("position >= 0", name="position_not_negative"),
    )
    predecessors = sa.Column(
        "track_predecessors", postgresql.ARRAY(sa.Integer()), nullable=False, server_default="{}"
    )
    op.add_column("challenges", predecessors)


def downgrade() -> None:
    op.drop_column("challenges", "track_predecessors")
    op.drop_table("track_items")
    op.drop_table("tracks")
