"""The wire format of POST /v1/embeddings as OpenAI documents it, spoken by many services.

https://platform.openai.com/docs/api-reference/embeddings/create
"""

import math
import re
import ssl
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal

import orjson
from pydantic import SecretStr

from core.errors import RunError
from core.probe.egress import judge_url
from core.probe.embedders.base import Answer, Fault, Reported
from core.probe.embedders.openai_answer import inflated, read_answer
from core.probe.plan import ApiTarget
from core.probe.response import Limits, Response
from core.probe.sample import Outcome
from core.probe.timings import Timings
from core.probe.transport import TimedTransport

BODY_BYTES: Final = 1024 * 1024
BODY_BYTES_PER_TEXT: Final = 256 * 1024
"""Ample for 10,000 dimensions as JSON numbers."""

MOST_COUNTED: Final = 2**53
"""A count above this is nonsense, and no database column holds it."""

_FAULT_OF_STATUS: Final = {
    401: (Outcome.UNAUTHORISED, "the key was refused"),
    403: (Outcome.UNAUTHORISED, "the key may not do this"),
    404: (Outcome.HTTP_ERROR, "no such path or model"),
    413: (Outcome.HTTP_ERROR, "the request was too large"),
    429: (Outcome.RATE_LIMITED, "rate limit or quota reached"),
}


class OpenAICompatible:
    """Embeds over HTTP. The key is written into each request and kept nowhere else."""

    def __init__(
        self,
        target: ApiTarget,
        key: SecretStr | None,
        *,
        encoding: Literal["base64", "float"] = "base64",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Raises EgressError for a forbidden address and RunError for an impossible key."""
        address = judge_url(str(target.endpoint.base_url), allow_loopback=target.allow_loopback)
        self._key = key or SecretStr("")
        if not re.fullmatch(r"[\x21-\x7e]*", self._key.get_secret_value()):
            raise RunError(
                "The key contains a space, a line break or a character outside ASCII: "
                "copy it again, without what is around it."
            )
        self._transport = TimedTransport(address, tls)
        self._path = f"{address.path}/embeddings"
        self._host = address.host_header
        self._fields: dict[str, Any] = {"model": target.wire_model, "encoding_format": encoding}
        if target.dimensions is not None:
            self._fields["dimensions"] = target.dimensions

    async def open(self) -> None:
        """Load certificates; nothing is sent."""
        self._transport.open()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def embed(self, texts: Sequence[str], *, timeout_s: float, timings: Timings) -> Answer:
        """One POST. Raises Fault where it brings no answer, EgressError for a forbidden IP."""
        body = orjson.dumps({**self._fields, "input": list(texts)})
        limits = Limits(body_bytes=BODY_BYTES + BODY_BYTES_PER_TEXT * len(texts))
        response = await self._transport.request(
            self._head(len(body)) + body, limits=limits, timeout_s=timeout_s, timings=timings
        )
        reported = _reported(response)
        try:
            _judge_status(response)
            return read_answer(inflated(response, limits.body_bytes), reported)
        except Fault as fault:
            raise Fault(
                fault.outcome,
                fault.detail,
                reported=reported,
                tokens_billed=fault.tokens_billed,
            ) from None

    def _head(self, body_bytes: int) -> bytes:
        key = self._key.get_secret_value()
        authorization = f"Authorization: Bearer {key}\r\n" if key else ""
        return (
            f"POST {self._path} HTTP/1.1\r\n"
            f"Host: {self._host}\r\n"
            f"{authorization}"
            "User-Agent: breakeven-probe\r\n"
            "Accept: application/json\r\n"
            "Accept-Encoding: gzip\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {body_bytes}\r\n\r\n"
        ).encode("ascii")


def _judge_status(response: Response) -> None:
    """Only 200 is an answer. Raises Fault."""
    status = response.status
    if status == 200:
        return
    if 300 <= status < 400:
        raise Fault(Outcome.REDIRECT, f"status {status}: redirects are not followed")
    usual = (
        (Outcome.SERVER_ERROR, "the server failed")
        if status >= 500
        else (Outcome.HTTP_ERROR, "the request was refused")
    )
    outcome, words = _FAULT_OF_STATUS.get(status, usual)
    raise Fault(outcome, f"status {status}: {words}")


def _reported(response: Response) -> Reported:
    headers = response.headers
    return Reported(
        http_status=response.status,
        server_ms=_number(headers, "openai-processing-ms", "x-total-time"),
        retry_after_s=_retry_after_s(headers),
        requests_left=_count(headers, "x-ratelimit-remaining-requests"),
        tokens_left=_count(headers, "x-ratelimit-remaining-tokens"),
    )


def _number(headers: Mapping[str, str], *names: str) -> float | None:
    """The first of these headers that is a finite number of 0 or more."""
    for name in names:
        try:
            value = float(headers[name])
        except (KeyError, ValueError):
            continue
        if math.isfinite(value) and value >= 0:
            return value
    return None


def _count(headers: Mapping[str, str], name: str) -> int | None:
    value = _number(headers, name)
    return int(value) if value is not None and value <= MOST_COUNTED else None


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Retry-After in seconds, given as seconds or as a date (RFC 9110, 10.2.3)."""
    seconds = _number(headers, "retry-after")
    if seconds is not None or "retry-after" not in headers:
        return seconds
    try:
        until = parsedate_to_datetime(headers["retry-after"])
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
