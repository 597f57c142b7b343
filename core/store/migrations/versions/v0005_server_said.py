"""The server's own sentence of a refusal, and the part of its time in which it loaded its model."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns; samples of before hold no sentence, and know of no loading."""
    op.add_column("samples", sa.Column("server_load_ms", sa.Float))
    op.add_column("samples", sa.Column("server_said", sa.Text, nullable=False, server_default=""))
