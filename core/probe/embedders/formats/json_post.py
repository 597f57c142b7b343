"""One POST of JSON over the timed transport, shared by every remote wire format.

Whatever the format, a status, a header and a damaged body mean the same and get the same name.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Literal
from urllib.parse import quote, urlencode

import orjson
from pydantic import SecretStr

from core.catalog.schema import AUTHORIZATION
from core.errors import RunError
from core.probe.embedders.bodies.answer_body import inflated
from core.probe.embedders.bodies.refused import refusal_of, said_in_answer, said_in_refusal
from core.probe.embedders.formats.server_headers import reported_by
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

ONLY_OK: Final = frozenset({200})
"""The only status of an answer, but where a format documents others."""

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
        texts: Sequence[str],
        timeout_s: float,
        timings: Timings,
        explain: Explain | None = None,
    ) -> Answer:
        """One POST to ``path``, already escaped. Raises Fault where it brings no answer.

        Raises EgressError for a forbidden IP. ``texts`` bound the size of the answer, and are cut
        out of what the server says.
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
            known = reported if fault.reported == Reported() else fault.reported
            sentence = said_in_answer(fault.outcome, body, texts, self._key.get_secret_value())
            raise Fault(
                fault.outcome,
                fault.detail,
                reported=replace(known, said=sentence),
                tokens_billed=fault.tokens_billed,
            ) from None

    async def exchange(
        self,
        method: Literal["GET", "POST"],
        path: str,
        body: bytes = b"",
        *,
        texts: Sequence[str],
        timeout_s: float,
        timings: Timings,
        explain: Explain | None = None,
        prefer: str = "",
        right: frozenset[int] = ONLY_OK,
    ) -> tuple[bytes, Reported]:
        """One request, and the body of its answer. Raises Fault and EgressError.

        ``prefer``: value of a Prefer header (RFC 7240). ``right``: statuses of an answer.
        """
        limits = Limits(body_bytes=BODY_BYTES + BODY_BYTES_PER_TEXT * len(texts))
        head = self._head(method, path, len(body), prefer)
        response = await self._transport.request(
            head + body, limits=limits, timeout_s=timeout_s, timings=timings
        )
        reported = reported_by(response)
        if response.status not in right:
            inside = _body_of_refusal(response, limits)
            sentence = said_in_refusal(inside, texts, self._key.get_secret_value())
            asked = f"{method} {path}{self._query}"
            refusal = refusal_of(response.status, replace(reported, said=sentence), inside, asked)
            raise explain(refusal, _json_of_refusal(inside)) if explain else refusal
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


def _body_of_refusal(response: Response, limits: Limits) -> bytes:
    """The body under an error status; empty where it cannot be read."""
    try:
        return inflated(response, limits.body_bytes)
    except Fault:
        return b""


def _json_of_refusal(body: bytes) -> Any:
    """Its JSON; None where there is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
