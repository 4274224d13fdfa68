"""what a Telegram chat is busy with."""

import sqlalchemy as sa
from alembic import op

revision = "7c1be02d94fa"
down_revision = "315344a0afe1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("telegram_accounts", sa.Column("challenge_id", sa.Integer(), nullable=True))
    op.add_column("telegram_accounts", sa.Column("draft", sa.Text(), nullable=True))
    op.create_foreign_key(
        op.f("fk_telegram_accounts_challenge_id_challenges"),
        "telegram_accounts",
        "challenges",
        ["challenge_id"],
        ["id"],
        ondelete="SET NULL",
    )


def downgrade() -> None:
    op.drop_constraint(
        op.f("fk_telegram_accounts_challenge_id_challenges"), "telegram_accounts", type_="foreignkey"
    )
    op.drop_column("telegram_accounts", "draft")
    op.drop_column("telegram_accounts", "challenge_id")
