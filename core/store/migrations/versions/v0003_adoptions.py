"""Which run measures an option, where a person has chosen one."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the choices; without any, an option is measured by its newest run, as before."""
    op.create_table(
        "adoptions",
        sa.Column("option_id", sa.String(300), primary_key=True),
        sa.Column(
            "run_id",
            sa.String(32),
            sa.ForeignKey("runs.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("target", sa.Integer, nullable=False),
        sa.Column("adopted_at", sa.DateTime, nullable=False),
    )
    op.create_index("adoptions_by_run", "adoptions", ["run_id"])
