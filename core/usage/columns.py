"""Which column of an export says what: by the names that its maker documents, or by hand.

Where rows count many requests they are buckets: a row is then a stretch of time and not a request.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

from core.errors import LoadImportError

MAX_SHOWN: Final = 8
_DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that are read; "" where a file has none of the kind."""

    time: str = ""
    """When a request came, or where a bucket begins."""
    ends: str = ""
    """Where a bucket ends."""
    requests: str = ""
    """How many requests a bucket counts; "": a row is one request."""
    tokens: str = ""
    characters: str = ""
    model: str = ""
    call: str = ""
    """What was asked for: embedding, chat."""
    cached: str = ""
    """Whether a cache of one's own answered."""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Export:
    """An export that its maker documents: who makes it, by which names it is known, what they say.

    Names are plain: lower case, with underscores.
    """

    maker: str
    marks: tuple[str, ...]
    """Columns that must all be there."""
    columns: Columns
    bucket_s: float = 0.0
    """Width of a bucket where no column says it; 0: by the distance of the rows."""


EXPORTS: Final = (
    # https://github.com/BerriAI/litellm/blob/main/schema.prisma: LiteLLM_SpendLogs.
    Export(
        "LiteLLM spend logs",
        ("call_type", "starttime", "prompt_tokens"),
        Columns(
            "starttime", tokens="prompt_tokens", model="model", call="call_type",
            cached="cache_hit", status="status",
        ),
    ),
    # https://docs.litellm.ai/docs/proxy/cost_tracking, GET /user/daily/activity, one row a model.
    Export(
        "LiteLLM daily activity",
        ("date", "api_requests", "prompt_tokens"),
        Columns("date", requests="api_requests", tokens="prompt_tokens", model="model"),
        _DAY_S,
    ),
    # The usage page's export: Date, Team, Spend, Requests, ..., Prompt Tokens, Completion Tokens.
    Export(
        "LiteLLM daily export",
        ("date", "spend", "requests", "prompt_tokens"),
        Columns("date", requests="requests", tokens="prompt_tokens", model="model"),
        _DAY_S,
    ),
    # https://platform.openai.com/docs/api-reference/usage: UsageTimeBucket, UsageEmbeddingsResult.
    Export(
        "OpenAI usage",
        ("num_model_requests", "input_tokens", "start_time"),
        Columns(
            "start_time", "end_time", "num_model_requests", "input_tokens", model="model",
            call="object",
        ),
    ),
    # https://langfuse.com/docs/api-and-data-platform/features/blob-storage-export-fields.
    Export(
        "Langfuse observations",
        ("start_time", "provided_model_name", "usage_details.input"),
        Columns(
            "start_time", tokens="usage_details.input", model="provided_model_name", call="type"
        ),
    ),
    # https://langfuse.com/changelog/2024-02-19-metrics-api-endpoint: one row a day and model.
    Export(
        "Langfuse daily metrics",
        ("date", "countobservations", "inputusage"),
        Columns("date", requests="countobservations", tokens="inputusage", model="model"),
        _DAY_S,
    ),
    # nginx and Apache, format "combined": it does not say how long a text is.
    Export(
        "access log",
        ("time_local", "request_path", "http_status"),
        Columns("time_local", call="request_path", status="http_status"),
    ),
    # https://docs.helicone.ai/features/hql: request_response_rmt.
    Export(
        "Helicone requests",
        ("request_created_at", "prompt_tokens"),
        Columns(
            "request_created_at", tokens="prompt_tokens", model="request_model", status="status"
        ),
    ),
)  # fmt: skip
"""The most particular first."""

_KNOWN: Final[Mapping[str, tuple[str, ...]]] = {
    "time": (
        "timestamp", "@timestamp", "time", "ts", "datetime", "date", "created_at", "createdat",
        "created", "start_time", "starttime", "request_created_at", "request_time", "requested_at",
        "received_at", "time_iso8601", "time_local", "hour",
    ),
    "ends": ("end_time", "endtime"),
    "requests": (
        "requests", "request_count", "requests_count", "num_requests", "n_requests",
        "num_model_requests", "api_requests", "total_requests", "invocations", "count", "calls",
    ),
    "tokens": (
        "prompt_tokens", "input_tokens", "tokens_in", "usage.prompt_tokens", "usage.input_tokens",
        "total_tokens", "usage.total_tokens", "tokens", "token_count", "n_tokens", "num_tokens",
        "inputtokencount",
    ),
    "characters": (
        "characters", "chars", "n_chars", "char_count", "input_characters", "text_length",
        "input_length", "length", "len",
    ),
    "model": ("model", "model_name", "model_id", "modelid", "request_model", "deployment"),
    "call": ("call_type", "operation", "endpoint", "path", "request_type", "request_uri"),
    "cached": ("cache_hit", "cached", "from_cache"),
    "status": ("status", "status_code", "http_status"),
}  # fmt: skip


def columns_of(names: Sequence[str], by_hand: Columns) -> tuple[Columns, Export | None]:
    """The columns by their own names, and whose export it is; what a person named comes first.

    Raises LoadImportError that names the columns there are.
    """
    by_plain = {plain(name): name for name in reversed(names)}
    _refuse_absent(by_hand, names)
    export = next((one for one in EXPORTS if set(one.marks) <= set(by_plain)), None)
    known = _by_name(by_plain) if export is None else _own_names(export.columns, by_plain)
    chosen = {field.name: value for field in fields(Columns) if (value := _of(by_hand, field.name))}
    columns = replace(known, **chosen)
    if by_hand.characters and not by_hand.tokens:
        columns = replace(columns, tokens="")
    if not columns.time:
        raise LoadImportError(
            f"No column with the time of a request was found among {shown(names)}. Rename one of "
            "them, or name it: timestamp, time, created_at are understood."
        )
    is_log = bool(columns.call and columns.status)  # a line of it is a request, of any length
    if not (columns.tokens or columns.characters or columns.requests or is_log):
        raise LoadImportError(
            f"No column with tokens or characters was found among {shown(names)}. Rename one of "
            "them, or name it: tokens, input_tokens, characters, requests are understood."
        )
    return columns, export


def plain(name: str) -> str:
    """A name as it is compared: "Prompt Tokens" is prompt_tokens."""
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def shown(names: Sequence[str]) -> str:
    """Names for a sentence: short, few, and without control characters."""
    clean = ["".join(c for c in name[:30] if c.isprintable()) or "(no name)" for name in names]
    more = f" and {len(clean) - MAX_SHOWN} more" if len(clean) > MAX_SHOWN else ""
    return ", ".join(clean[:MAX_SHOWN]) + more if clean else "no columns"


def _by_name(by_plain: Mapping[str, str]) -> Columns:
    names = {
        kind: next((by_plain[name] for name in known if name in by_plain), "")
        for kind, known in _KNOWN.items()
    }
    return Columns(**names)


def _own_names(columns: Columns, by_plain: Mapping[str, str]) -> Columns:
    return Columns(
        **{field.name: by_plain.get(_of(columns, field.name), "") for field in fields(Columns)}
    )


def _of(columns: Columns, name: str) -> str:
    value: str = getattr(columns, name)
    return value


def _refuse_absent(by_hand: Columns, names: Sequence[str]) -> None:
    for field in fields(Columns):
        wanted = _of(by_hand, field.name)
        if wanted and wanted not in names:
            raise LoadImportError(
                f"There is no column {wanted[:30]!r} for {field.name}. There are {shown(names)}."
            )
