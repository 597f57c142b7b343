"""The tables, for SQLite and PostgreSQL alike. Money is integer nano-USD, time is UTC."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored as naive UTC: SQLite keeps no time zone."""

    impl = DateTime
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What a row holds; SQLAlchemy 2.0 does not ask the type below for it."""
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC and drop the zone; a naive value is a fault of the caller."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:
        """Say again that it is UTC."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


LIVE_STATES: Final = ("queued", "loading", "running")
METADATA: Final = MetaData()

runs = Table(
    "runs",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("option_id", String(300), nullable=False),
    Column("plan", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("host", String(500), nullable=False),
    Column("pid", Integer),
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("heartbeat_at", UtcDateTime, nullable=False),
    Column("cancel_requested_at", UtcDateTime),
    Column("planned", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("summary", Text),
    Column("error", Text),
    Column("environment", Text),
    Column("worst_case_nano_usd", BigInteger, nullable=False),
    Column("spend_day", Date, nullable=False),
    Column("held_nano_usd", BigInteger, nullable=False),
    Column("spent_nano_usd", BigInteger, nullable=False),
    Column("lane", String(16), nullable=False, server_default="local"),
    Column("slot", Integer, nullable=False, server_default="0"),
    Column("kind", String(16), nullable=False, server_default="probe"),
    Column("report", Text),
    Column("imported_from", String(500)),
    CheckConstraint("held_nano_usd >= 0 AND spent_nano_usd >= 0", name="runs_money"),
)
"""One row a run. A live run holds money; a finished one holds none.

``lane`` and ``slot`` are its seat while it is live: one of the local model, a few of APIs.
``report`` is a JSON document of results beyond the summary: sweeps, comparisons, fits.
"""

_LIVE = text("state IN ('queued', 'loading', 'running')")
Index(
    "runs_one_live_per_slot",
    runs.c.host,
    runs.c.lane,
    runs.c.slot,
    unique=True,
    sqlite_where=_LIVE,
    postgresql_where=_LIVE,
)
Index("runs_newest", runs.c.created_at)
Index("runs_by_option", runs.c.option_id, runs.c.state, runs.c.finished_at)

samples = Table(
    "samples",
    METADATA,
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("phase", String(16), nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("intended_ns", BigInteger, nullable=False),
    Column("sent_ns", BigInteger),
    Column("dns_done_ns", BigInteger),
    Column("connected_ns", BigInteger),
    Column("tls_done_ns", BigInteger),
    Column("request_written_ns", BigInteger),
    Column("first_byte_ns", BigInteger),
    Column("completed_ns", BigInteger),
    Column("new_connection", Boolean, nullable=False),
    Column("texts", Integer, nullable=False),
    Column("tokens_billed", BigInteger),
    Column("dims", Integer),
    Column("http_status", Integer),
    Column("server_ms", Float),
    Column("retry_after_s", Float),
    Column("requests_left", BigInteger),
    Column("tokens_left", BigInteger),
    Column("detail", Text, nullable=False),
    Column("target", Integer, nullable=False, server_default="0"),
    Column("step", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="1"),
    Column("input_tokens", BigInteger),
    Column("server_queue_ms", Float),
    Column("server_inference_ms", Float),
    Column("server_tokenization_ms", Float),
    Column("requests_limit", BigInteger),
    Column("server_load_ms", Float),
    Column("server_said", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)
"""One row a request, the fields of :class:`core.probe.records.sample.Sample`."""

ledger = Table(
    "ledger",
    METADATA,
    Column("day", Date, primary_key=True),
    Column("held_nano_usd", BigInteger, nullable=False),
    Column("spent_nano_usd", BigInteger, nullable=False),
    CheckConstraint("held_nano_usd >= 0 AND spent_nano_usd >= 0", name="ledger_money"),
)
"""One row a UTC day: what live runs may still spend, and what was spent."""

ledger_total = Table(
    "ledger_total",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("held_nano_usd", BigInteger, nullable=False),
    Column("spent_nano_usd", BigInteger, nullable=False),
    CheckConstraint("held_nano_usd >= 0 AND spent_nano_usd >= 0", name="total_money"),
)
"""One row with id 1: the same over all days, for the cap of the whole installation."""

adoptions = Table(
    "adoptions",
    METADATA,
    Column("option_id", String(300), primary_key=True),
    Column("run_id", ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("target", Integer, nullable=False),
    Column("adopted_at", UtcDateTime, nullable=False),
)
"""One row an option whose measurement a person has chosen."""
Index("adoptions_by_run", adoptions.c.run_id)
