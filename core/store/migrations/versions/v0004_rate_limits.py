"""The rate limit that a provider states, beside what is left of it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; samples of before do not know it."""
    op.add_column("samples", sa.Column("requests_limit", sa.BigInteger))
