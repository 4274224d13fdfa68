"""Revisions of challenges, and the one that each submission is graded against: number 1 for all that there are."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "7b1e5d90c3f4"
down_revision = "c95e20b7a816"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB
CONTENT = (
    "title", "description", "points", "kind", "spec", "attempt_penalty", "hints", "solutions", "editorial",
    "translations",
)  # fmt: skip
IMMUTABLE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Revisions are never changed; write a new one.' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
# Its author's account may be deleted: that alone changes.
GUARD = """
CREATE TRIGGER challenge_revisions_are_immutable BEFORE UPDATE OF
    challenge_id, number, created_at, title, description, points, kind, spec, attempt_penalty, hints, solutions,
    editorial, translations
ON challenge_revisions FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""


def added() -> list[sa.Column]:
    """The part of the content that challenges did not have."""
    return [
        sa.Column("attempt_penalty", sa.Float(), nullable=False, server_default="0"),
        sa.Column("hints", JSONB(), nullable=False, server_default="[]"),
        sa.Column("solutions", JSONB(), nullable=False, server_default="[]"),
        sa.Column("editorial", sa.Text(), nullable=False, server_default=""),
        sa.Column("translations", JSONB(), nullable=False, server_default="{}"),
    ]


def settings() -> list[sa.Column]:
    return [
        sa.Column("on_rejudge", sa.String(32), nullable=False, server_default="keep"),
        sa.Column("cooldown_seconds", sa.Integer()),
        sa.Column("prerequisites", JSONB()),
        sa.Column("publish_at", sa.DateTime(timezone=True)),
        sa.Column("revision", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("head", sa.Integer(), nullable=False, server_default="1"),
    ]


def upgrade() -> None:
    for column in [*added(), *settings()]:
        op.add_column("challenges", column)
    op.create_check_constraint("on_rejudge", "challenges", "on_rejudge IN ('keep', 'adjust')")
    op.create_check_constraint("cooldown_positive", "challenges", "cooldown_seconds > 0")
    op.create_check_constraint("attempt_penalty_range", "challenges", "attempt_penalty BETWEEN 0 AND 1")
    due = sa.text("publish_at IS NOT NULL")
    op.create_index("ix_challenges_publish_at", "challenges", ["publish_at"], postgresql_where=due)
    op.create_table(
        "challenge_revisions",
        sa.Column(
            "challenge_id", sa.Integer(), sa.ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True
        ),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("author_id", sa.Integer(), sa.ForeignKey("users.id", ondelete="SET NULL"), index=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False, server_default=""),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("spec", JSONB(), nullable=False),
        *added(),
    )
    columns = ", ".join(CONTENT)
    op.execute(
        f"INSERT INTO challenge_revisions (challenge_id, number, author_id, created_at, {columns})"  # noqa: S608
        f" SELECT id, 1, author_id, updated_at, {columns} FROM challenges"
    )
    op.execute(IMMUTABLE)
    op.execute(GUARD)
    op.add_column("submissions", sa.Column("revision", sa.Integer(), nullable=False, server_default="1"))
    op.alter_column("submissions", "revision", server_default=None)
    op.add_column("submissions", sa.Column("deducted", sa.Integer(), nullable=False, server_default="0"))
    op.create_foreign_key(
        None, "submissions", "challenge_revisions", ["challenge_id", "revision"], ["challenge_id", "number"]
    )
    for name in ("deducted", "epoch"):
        op.add_column("user_progress", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    for name in ("epoch", "deducted"):
        op.drop_column("user_progress", name)
    op.drop_column("submissions", "deducted")
    op.drop_column("submissions", "revision")
    op.drop_table("challenge_revisions")
    op.execute("DROP FUNCTION refuse_change()")
    for column in [*added(), *settings()]:
        op.drop_column("challenges", column.name)
