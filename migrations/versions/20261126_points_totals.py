"""Totals of the points ledger, made from the entries that there are.

Stop the processes of an older version first: entries that they write later would not be counted.
"""

import sqlalchemy as sa
from alembic import op

revision = "4d0c7f1be2a9"
down_revision = "a4d17c0be5f2"
branch_labels = None
depends_on = None

WINDOWS = ("all", "day", "week", "month")
SUM_UP = """
INSERT INTO points_totals ("window", starts_on, category_id, user_id, points, last_scored_at)
SELECT w.name, starts.day, c.id, e.user_id, sum(e.points), max(e.created_at)
FROM points_ledger e
JOIN challenges ON challenges.id = e.challenge_id
CROSS JOIN LATERAL (VALUES (0), (challenges.category_id)) AS c (id)
CROSS JOIN (VALUES ('all'), ('day'), ('week'), ('month')) AS w (name)
CROSS JOIN LATERAL (
    SELECT CASE w.name WHEN 'all' THEN date '1970-01-01'
           ELSE CAST(date_trunc(w.name, e.created_at AT TIME ZONE 'UTC') AS date) END AS day
) AS starts
WHERE c.id IS NOT NULL
  AND (w.name = 'all' OR starts.day >= date_trunc(w.name, now() AT TIME ZONE 'UTC'))
GROUP BY w.name, starts.day, c.id, e.user_id
"""


def upgrade() -> None:
    words = sa.Enum(*WINDOWS, name="window", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "points_totals",
        sa.Column("window", words, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("category_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("last_scored_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_points_totals_user_id_users")),
        sa.PrimaryKeyConstraint(
            "window", "starts_on", "category_id", "user_id", name=op.f("pk_points_totals")
        ),
    )
    op.execute(SUM_UP)
    order = ["window", "starts_on", "category_id", sa.text("points DESC"), "last_scored_at", "user_id"]
    op.create_index("ix_points_totals_order", "points_totals", order, postgresql_where=sa.text("points > 0"))
    op.create_index("ix_users_closed", "users", ["id"], postgresql_where=sa.text("NOT is_active"))


def downgrade() -> None:
    op.drop_index("ix_users_closed", "users")
    op.drop_table("points_totals")
