"""Lanes for live runs, reports beside summaries, steps and targets of samples, a lifelong cap."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_LIVE = sa.text("state IN ('queued', 'loading', 'running')")


def upgrade() -> None:
    """Add what a run of several targets or steps, an import, and a cap for all days need."""
    _widen_runs()
    _widen_samples()
    _make_total()


def _widen_runs() -> None:
    for column in (
        sa.Column("lane", sa.String(16), nullable=False, server_default="local"),
        sa.Column("slot", sa.Integer, nullable=False, server_default="0"),
        sa.Column("kind", sa.String(16), nullable=False, server_default="probe"),
        sa.Column("report", sa.Text),
        sa.Column("imported_from", sa.String(500)),
    ):
        op.add_column("runs", column)
    # The plans of version 1 have one target, whose kind is "local" or "api".
    op.execute('UPDATE runs SET lane = \'api\' WHERE plan LIKE \'%"target":{"kind":"api"%\'')
    op.drop_index("runs_one_live_per_host", "runs")
    op.create_index(
        "runs_one_live_per_slot",
        "runs",
        ["host", "lane", "slot"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )


def _widen_samples() -> None:
    for column in (
        sa.Column("target", sa.Integer, nullable=False, server_default="0"),
        sa.Column("step", sa.Integer, nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="1"),
        sa.Column("input_tokens", sa.BigInteger),
        sa.Column("server_queue_ms", sa.Float),
        sa.Column("server_inference_ms", sa.Float),
        sa.Column("server_tokenization_ms", sa.Float),
    ):
        op.add_column("samples", column)


def _make_total() -> None:
    op.create_table(
        "ledger_total",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("held_nano_usd", sa.BigInteger, nullable=False),
        sa.Column("spent_nano_usd", sa.BigInteger, nullable=False),
        sa.CheckConstraint("held_nano_usd >= 0 AND spent_nano_usd >= 0", name="total_money"),
    )
    op.execute(
        "INSERT INTO ledger_total (id, held_nano_usd, spent_nano_usd) "
        "SELECT 1, COALESCE(SUM(held_nano_usd), 0), COALESCE(SUM(spent_nano_usd), 0) FROM ledger"
    )
