"""What a refusal means, by its status and by what the server says, and where it was asked for."""

import re
from collections.abc import Sequence
from typing import Final

from core.plain_text import made_plain
from core.probe.records.embedder import Fault, Reported
from core.probe.records.sample import Outcome
from core.probe.refusal.cleaned import cleaned
from core.probe.refusal.message import codes_of, message_of, title_of
from core.probe.refusal.size_limits import SizeLimit, size_limit

MOST_PATH: Final = 90
"""Characters of the path that are shown."""

_OF_STATUS: Final = {
    402: (Outcome.NO_CREDIT, "a payment or more credit is due"),
    408: (Outcome.HTTP_ERROR, "the server waited in vain for the request"),
    401: (Outcome.UNAUTHORISED, "the key was refused"),
    403: (Outcome.UNAUTHORISED, "the key may not do this"),
    404: (Outcome.HTTP_ERROR, "no such path or model"),
    429: (Outcome.RATE_LIMITED, "rate limit or quota reached"),
}
_EMPTY: Final = frozenset(
    {
        *("insufficient_quota", "billing_not_active", "billing_hard_limit_reached"),
        *("insufficient_credits", "insufficient_balance", "credit_exhausted"),
    }
)
"""Codes of an account without credit. https://platform.openai.com/docs/guides/error-codes : a 429
of ``insufficient_quota`` is not lifted by waiting."""

_TOO_LARGE: Final = {
    "texts": "more texts than it takes in one request",
    "tokens": "more tokens than it takes",
    "size": "the request was too large",
}
_ENCODING: Final = re.compile(r"base64|encoding[ _-]?format", re.IGNORECASE)
_OWN_PATHS: Final = ("/embeddings", "/embed", "/api/embed")
"""What a format adds to a base address, and what is pasted with it by mistake."""


def refusal_of(status: int, reported: Reported, body: bytes = b"", asked: str = "") -> Fault:
    """What a status that is no answer means. ``asked``: method and path, for whoever mends it."""
    outcome, words = _meaning(status, reported.said, body)
    where = f" ({made_plain(asked, MOST_PATH)})" if asked else ""
    detail = f"status {status}: {words}{where}{_hint(status, asked)}"
    return Fault(outcome, detail, reported=reported)


def said_in_refusal(body: bytes, texts: Sequence[str], key: str) -> str:
    """The server's own sentence, fit to be kept."""
    return cleaned(message_of(body), texts, key)


def said_in_answer(outcome: Outcome, body: bytes, texts: Sequence[str], key: str) -> str:
    """The same of an answer with status 200 that is none: an error in it, or a page's title."""
    if outcome is Outcome.ERROR_IN_BODY:
        return said_in_refusal(body, texts, key)
    return cleaned(title_of(body), texts, key) if outcome is Outcome.BAD_JSON else ""


def refuses_base64(fault: Fault) -> bool:
    """Whether a refusal is for how the vectors are to be written."""
    return fault.reported.http_status in {400, 415, 422, 501} and bool(
        _ENCODING.search(fault.reported.said)
    )


def _meaning(status: int, sentence: str, body: bytes) -> tuple[Outcome, str]:
    if status < 300:
        return Outcome.BAD_HTTP, "no status of an answer"
    if status < 400:
        return Outcome.REDIRECT, "redirects are not followed"
    if status in {400, 403, 429} and codes_of(body) & _EMPTY:
        return Outcome.NO_CREDIT, "the account has no credit left: waiting does not help"
    if (limit := size_limit(status, sentence)) is not None:
        return Outcome.OVER_LIMIT, _limit_words(limit)
    if status >= 500:
        return Outcome.SERVER_ERROR, "the server failed"
    return _OF_STATUS.get(status, (Outcome.HTTP_ERROR, "the request was refused"))


def _limit_words(limit: SizeLimit) -> str:
    most = "" if limit.most is None else f", {limit.most:,} at most"
    return f"{_TOO_LARGE[limit.kind]}{most}"


def _hint(status: int, asked: str) -> str:
    """What is mostly wrong with an address where nothing is."""
    if status not in {404, 405} or not asked:
        return ""
    path = asked.partition(" ")[2].partition("?")[0]
    own = next((own for own in _OWN_PATHS if path.endswith(own)), "")
    before = path.removesuffix(own) if own else ""
    if before.endswith(_OWN_PATHS):
        return f": leave {own} off the address, it is added"
    if own == "/embeddings" and "/v1" not in before and "/openai" not in before:
        return ": most servers want /v1 at the end of the address"
    if own != "/embeddings" and before.endswith("/v1"):
        return f": {own} stands at the server's root, leave /v1 off the address"
    return ""
