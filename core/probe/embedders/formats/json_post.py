"""One POST of JSON over the timed transport, shared by every remote wire format.

Whatever the format, a status, a header and a damaged body mean the same and get the same name.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal
from urllib.parse import quote, urlencode

import orjson
from pydantic import SecretStr

from core.catalog.schema import AUTHORIZATION
from core.errors import RunError
from core.probe.embedders.bodies.answer_body import inflated
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.probe_plan import ApiTarget
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from core.probe.wire.http_answer import Limits, Response
from core.probe.wire.route import DIRECT, Route
from core.probe.wire.transport import TimedTransport

BODY_BYTES: Final = 1024 * 1024
BODY_BYTES_PER_TEXT: Final = 256 * 1024
"""Ample for 10,000 dimensions as JSON numbers."""

_PLAIN_WORD: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]{0,39}")

MOST_COUNTED: Final = 10**12
"""A count above this is no provider's: the largest limits are some 10^9 tokens."""
LONGEST_MS: Final = 86_400_000.0
"""No request took longer than a day, whatever a header says."""
LONGEST_WAIT_S: Final = 100 * 366 * 86_400.0
"""Who says to come back in more than a hundred years does not say when."""
_DECIMAL: Final = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")
"""Plain digits: float() would take "1_000", "1e9" and the digits of other scripts, too."""

ONLY_OK: Final = frozenset({200})
"""The only status of an answer, but where a format documents others."""

_FAULT_OF_STATUS: Final = {
    402: (Outcome.HTTP_ERROR, "a payment or more credit is due"),
    408: (Outcome.HTTP_ERROR, "the server waited in vain for the request"),
    401: (Outcome.UNAUTHORISED, "the key was refused"),
    403: (Outcome.UNAUTHORISED, "the key may not do this"),
    404: (Outcome.HTTP_ERROR, "no such path or model"),
    413: (Outcome.HTTP_ERROR, "the request was too large"),
    429: (Outcome.RATE_LIMITED, "rate limit or quota reached"),
}

Read = Callable[[bytes, Reported], Answer]
"""Takes the body of an answer with status 200 apart; raises Fault."""

Explain = Callable[[Fault, Any], Fault]
"""Names a refusal more exactly by its JSON (None where it is no JSON), or gives it back."""


class JsonPost:
    """Posts to one host. The key is written into each request and kept nowhere else."""

    def __init__(
        self,
        target: ApiTarget,
        key: SecretStr | None,
        *,
        key_header: str = AUTHORIZATION,
        route: Route = DIRECT,
    ) -> None:
        """Raises EgressError for a forbidden address and RunError for an impossible key.

        ``key_header``: the format's own, where the endpoint names none.
        """
        endpoint = target.endpoint
        self._address = target.address(route.reach)
        self._key = sendable_key(key)
        named = endpoint.key_header
        self._key_header = key_header if named.lower() == AUTHORIZATION.lower() else named
        self._query = f"?{urlencode(endpoint.query, quote_via=quote)}" if endpoint.query else ""
        self._transport = TimedTransport(self._address, route)

    @property
    def base_path(self) -> str:
        """The path of the base address, without a slash at its end."""
        return self._address.path

    def open(self) -> None:
        """Load certificates; nothing is sent."""
        self._transport.open()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def answer(
        self,
        path: str,
        document: Mapping[str, Any],
        read: Read,
        *,
        texts: int,
        timeout_s: float,
        timings: Timings,
        explain: Explain | None = None,
    ) -> Answer:
        """One POST to ``path``, already escaped. Raises Fault where it brings no answer.

        Raises EgressError for a forbidden IP. ``texts`` bounds the size of the answer.
        """
        body, reported = await self.exchange(
            "POST",
            path,
            orjson.dumps(document),
            texts=texts,
            timeout_s=timeout_s,
            timings=timings,
            explain=explain,
        )
        try:
            return read(body, reported)
        except Fault as fault:
            raise Fault(
                fault.outcome,
                fault.detail,
                reported=reported if fault.reported == Reported() else fault.reported,
                tokens_billed=fault.tokens_billed,
            ) from None

    async def exchange(
        self,
        method: Literal["GET", "POST"],
        path: str,
        body: bytes = b"",
        *,
        texts: int,
        timeout_s: float,
        timings: Timings,
        explain: Explain | None = None,
        prefer: str = "",
        right: frozenset[int] = ONLY_OK,
    ) -> tuple[bytes, Reported]:
        """One request, and the body of its answer. Raises Fault and EgressError.

        ``prefer``: value of a Prefer header (RFC 7240). ``right``: statuses of an answer.
        """
        limits = Limits(body_bytes=BODY_BYTES + BODY_BYTES_PER_TEXT * texts)
        head = self._head(method, path, len(body), prefer)
        response = await self._transport.request(
            head + body, limits=limits, timeout_s=timeout_s, timings=timings
        )
        reported = reported_by(response)
        if response.status not in right:
            refusal = refusal_of(response.status, reported)
            raise explain(refusal, _json_of_refusal(response, limits)) if explain else refusal
        try:
            return inflated(response, limits.body_bytes), reported
        except Fault as fault:
            raise Fault(fault.outcome, fault.detail, reported=reported) from None

    def _head(self, method: str, path: str, body_bytes: int, prefer: str) -> bytes:
        wish = f"Prefer: {prefer}\r\n" if prefer else ""
        return (
            f"{method} {path}{self._query} HTTP/1.1\r\n"
            f"Host: {self._address.host_header}\r\n"
            f"{self._key_line()}{wish}"
            "User-Agent: breakeven-probe\r\n"
            "Accept: application/json\r\n"
            "Accept-Encoding: gzip\r\n"
            "Content-Type: application/json\r\n"
            f"Content-Length: {body_bytes}\r\n\r\n"
        ).encode("ascii")

    def _key_line(self) -> str:
        key = self._key.get_secret_value()
        scheme = "Bearer " if self._key_header.lower() == AUTHORIZATION.lower() else ""
        return f"{self._key_header}: {scheme}{key}\r\n" if key else ""


def sendable_key(key: SecretStr | None) -> SecretStr:
    """The key, empty for none. Raises RunError for one that would be more than a header's value."""
    secret = key or SecretStr("")
    if not re.fullmatch(r"[\x21-\x7e]*", secret.get_secret_value()):
        raise RunError(
            "The key contains a space, a line break or a character outside ASCII: "
            "copy it again, without what is around it."
        )
    return secret


def retry_later(fault: Fault, outcome: Outcome, detail: str, wait_s: float | None) -> Fault:
    """The same refusal with another name and, where no header stated one, a wait in s."""
    stated_s = fault.reported.retry_after_s
    wait_s = wait_s if stated_s is None else stated_s
    return Fault(outcome, detail, reported=replace(fault.reported, retry_after_s=wait_s))


def refusal_of(status: int, reported: Reported) -> Fault:
    """What a status that is no answer means."""
    if status < 300:
        outcome, words = Outcome.BAD_HTTP, "no status of an answer"
    elif 300 <= status < 400:
        outcome, words = Outcome.REDIRECT, "redirects are not followed"
    else:
        usual = (
            (Outcome.SERVER_ERROR, "the server failed")
            if status >= 500
            else (Outcome.HTTP_ERROR, "the request was refused")
        )
        outcome, words = _FAULT_OF_STATUS.get(status, usual)
    return Fault(outcome, f"status {status}: {words}", reported=reported)


def _json_of_refusal(response: Response, limits: Limits) -> Any:
    """The JSON under an error status; None where there is none."""
    try:
        return orjson.loads(inflated(response, limits.body_bytes))
    except (Fault, orjson.JSONDecodeError):
        return None


def reported_by(response: Response) -> Reported:
    """What the headers say; times in ms.

    ``openai-processing-ms`` and ``x-ratelimit-*``:
    https://platform.openai.com/docs/api-reference/debugging-requests . The ``x-...-time`` and
    ``x-compute-...`` headers: Text Embeddings Inference, router/src/lib.rs.
    """
    headers = response.headers
    return Reported(
        http_status=response.status,
        server_ms=_number(headers, "openai-processing-ms", "x-total-time"),
        retry_after_s=_retry_after_s(headers),
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
