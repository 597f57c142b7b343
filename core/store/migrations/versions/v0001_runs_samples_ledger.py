"""Runs, their samples, and the ledger of a day's spending."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_LIVE = sa.text("state IN ('queued', 'loading', 'running')")


def upgrade() -> None:
    """Make the first tables."""
    _make_runs()
    _make_samples()
    op.create_table(
        "ledger",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("held_nano_usd", sa.BigInteger, nullable=False),
        sa.Column("spent_nano_usd", sa.BigInteger, nullable=False),
        sa.CheckConstraint("held_nano_usd >= 0 AND spent_nano_usd >= 0", name="ledger_money"),
    )


def _make_runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("option_id", sa.String(300), nullable=False),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("host", sa.String(500), nullable=False),
        sa.Column("pid", sa.Integer),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("started_at", sa.DateTime),
        sa.Column("finished_at", sa.DateTime),
        sa.Column("heartbeat_at", sa.DateTime, nullable=False),
        sa.Column("cancel_requested_at", sa.DateTime),
        sa.Column("planned", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("summary", sa.Text),
        sa.Column("error", sa.Text),
        sa.Column("environment", sa.Text),
        sa.Column("worst_case_nano_usd", sa.BigInteger, nullable=False),
        sa.Column("spend_day", sa.Date, nullable=False),
        sa.Column("held_nano_usd", sa.BigInteger, nullable=False),
        sa.Column("spent_nano_usd", sa.BigInteger, nullable=False),
        sa.CheckConstraint("held_nano_usd >= 0 AND spent_nano_usd >= 0", name="runs_money"),
    )
    op.create_index(
        "runs_one_live_per_host",
        "runs",
        ["host"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_index("runs_newest", "runs", ["created_at"])
    op.create_index("runs_by_option", "runs", ["option_id", "state", "finished_at"])


def _make_samples() -> None:
    op.create_table(
        "samples",
        sa.Column("run_id", sa.String(32), sa.ForeignKey("runs.id", ondelete="CASCADE")),
        sa.Column("seq", sa.Integer, autoincrement=False),
        sa.Column("phase", sa.String(16), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("intended_ns", sa.BigInteger, nullable=False),
        sa.Column("sent_ns", sa.BigInteger),
        sa.Column("dns_done_ns", sa.BigInteger),
        sa.Column("connected_ns", sa.BigInteger),
        sa.Column("tls_done_ns", sa.BigInteger),
        sa.Column("request_written_ns", sa.BigInteger),
        sa.Column("first_byte_ns", sa.BigInteger),
        sa.Column("completed_ns", sa.BigInteger),
        sa.Column("new_connection", sa.Boolean, nullable=False),
        sa.Column("texts", sa.Integer, nullable=False),
        sa.Column("tokens_billed", sa.BigInteger),
        sa.Column("dims", sa.Integer),
        sa.Column("http_status", sa.Integer),
        sa.Column("server_ms", sa.Float),
        sa.Column("retry_after_s", sa.Float),
        sa.Column("requests_left", sa.BigInteger),
        sa.Column("tokens_left", sa.BigInteger),
        sa.Column("detail", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("run_id", "seq"),
        sqlite_with_rowid=False,
    )
