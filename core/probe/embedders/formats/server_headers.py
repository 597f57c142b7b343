"""What the headers of an answer say of the server: its times, its limits, its wait.

Nothing is taken as it is: a header may hold anything.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

from core.probe.records.embedder import Reported
from core.probe.wire.http_answer import Response

_PLAIN_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]{0,39}")

MOST_COUNTED: Final = 10**12
"""A count above this is no provider's: the largest limits are some 10^9 tokens."""
LONGEST_MS: Final = 86_400_000.0
"""No request took longer than a day, whatever a header says."""
LONGEST_WAIT_S: Final = 100 * 366 * 86_400.0
"""Who says to come back in more than a hundred years does not say when."""
_DECIMAL: Final = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")
"""Plain digits: float() would take "1_000", "1e9" and the digits of other scripts, too."""

TOO_MANY_REQUESTS: Final = 429
_KINDS: Final = ("requests", "tokens")
_DURATION: Final = re.compile(
    r"(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6}(?:\.\d{1,9})?)s)?"
    r"(?:(\d{1,9}(?:\.\d{1,9})?)ms)?"
)
_UNITS_S: Final = (86_400.0, 3_600.0, 60.0, 1.0, 1e-3)


def reported_by(response: Response) -> Reported:
    """What the headers say; times in ms.

    ``openai-processing-ms``, ``retry-after-ms`` and ``x-ratelimit-*``:
    https://platform.openai.com/docs/api-reference/debugging-requests . The ``x-...-time`` and
    ``x-compute-...`` headers: Text Embeddings Inference, router/src/lib.rs.
    """
    headers = response.headers
    return Reported(
        http_status=response.status,
        server_ms=_number(headers, "openai-processing-ms", "x-total-time"),
        retry_after_s=_wait_s(headers, response.status),
        requests_left=_count(headers, "x-ratelimit-remaining-requests"),
        requests_limit=_count(headers, "x-ratelimit-limit-requests"),
        tokens_left=_count(headers, "x-ratelimit-remaining-tokens"),
        server_queue_ms=_number(headers, "x-queue-time"),
        server_inference_ms=_number(headers, "x-inference-time"),
        server_tokenization_ms=_number(headers, "x-tokenization-time"),
        tokens_processed=_count(headers, "x-compute-tokens"),
        hardware=_word(headers, "x-compute-type"),
    )


def _number(headers: Mapping[str, str], *names: str, most: float = LONGEST_MS) -> float | None:
    """The first of these headers that is a plain number of 0 to ``most``."""
    stated = (headers.get(name, "") for name in names)
    values = (float(value) for value in stated if _DECIMAL.fullmatch(value))
    return next((value for value in values if value <= most), None)


def _word(headers: Mapping[str, str], name: str) -> str | None:
    """A header that is one plain word, such as ``gpu+optimized``; anything else is dropped."""
    value = headers.get(name, "")
    return value if _PLAIN_WORD.fullmatch(value) else None


def _count(headers: Mapping[str, str], name: str) -> int | None:
    """A whole number; half a request is none."""
    value = _number(headers, name, most=MOST_COUNTED)
    return int(value) if value is not None and value.is_integer() else None


def _wait_s(headers: Mapping[str, str], status: int) -> float | None:
    """The wait that is asked for: Retry-After, the same in ms, else when a limit starts anew.

    The last is stated on right answers, too, so it counts only where a limit was reached. Of
    requests and tokens it is that of which nothing is left, else the shorter.
    """
    ms = _number(headers, "retry-after-ms", most=LONGEST_WAIT_S * 1e3)
    stated = _retry_after_s(headers) if ms is None else ms / 1e3
    if stated is not None or status != TOO_MANY_REQUESTS:
        return stated
    waits = {kind: _duration_s(headers.get(f"x-ratelimit-reset-{kind}", "")) for kind in _KINDS}
    used_up = [k for k in _KINDS if _count(headers, f"x-ratelimit-remaining-{k}") == 0]
    known = [wait for k in used_up or _KINDS if (wait := waits[k]) is not None]
    return min(known, default=None)


def _duration_s(text: str) -> float | None:
    """A duration as OpenAI writes it, "1m30.5s" or "120ms", or plain seconds as Azure does."""
    if _DECIMAL.fullmatch(text):
        seconds = float(text)
    elif text and (parts := _DURATION.fullmatch(text)):
        seconds = sum(
            float(part) * unit for part, unit in zip(parts.groups("0"), _UNITS_S, strict=True)
        )
    else:
        return None
    return seconds if seconds <= LONGEST_WAIT_S else None


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Retry-After in seconds, given as seconds or as a date (RFC 9110, 10.2.3)."""
    seconds = _number(headers, "retry-after", most=LONGEST_WAIT_S)
    if seconds is not None or "retry-after" not in headers:
        return seconds
    try:
        until = parsedate_to_datetime(headers["retry-after"])
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    wait_s = max(0.0, (until - datetime.now(UTC)).total_seconds())
    return wait_s if wait_s <= LONGEST_WAIT_S else None
