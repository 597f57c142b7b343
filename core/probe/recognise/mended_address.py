"""An address as a person types or pastes it, mended, and what was changed. Pure; nothing is asked.

What a person means is plain more often than what he typed: the address of one request, an address
without its scheme, the address that a server says it listens on.
"""

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qsl, urlsplit

from core.errors import EgressError
from core.probe.addresses.egress import HTTPS_PORT
from core.probe.addresses.hosts import (
    address_of,
    canonical_host,
    is_inside_name,
    is_this_computer,
)
from core.probe.addresses.judgement import Verdict, judge

USUAL_PATH: Final = "/v1"
AZURE_PATH: Final = "/openai/v1"
TEI: Final = "tei"
OLLAMA: Final = "ollama"
AZURE_HOSTS: Final = (".openai.azure.com", ".services.ai.azure.com", ".cognitiveservices.azure.com")
"""https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle"""

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HERE: Final = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  read, not listened on
_KEPT_QUERY: Final = "api-version"
"""The one part of a query that is told apart: any other may be a key, and is refused where it is
judged."""

_NATIVE: Final = {"/api/embed": OLLAMA, "/api/embeddings": OLLAMA, "/embed": TEI}
"""Paths of a format's own request, below the server's root."""
_PASTED: Final = (
    *("/api/v0/embeddings", "/api/v0/models", "/api/tags", "/api/version", "/api/show"),
    *("/chat/completions", "/completions", "/embeddings", "/info", "/metrics", "/health", "/docs"),
)
"""Ends of the address of one request or page; the longer ones first."""
_LISTED: Final = re.compile(r"(?P<base>.*/v\d+)/models")
_VERSIONED: Final = re.compile(r".*/v\d+")
_VERSION: Final = re.compile(r"/v\d+$")


@dataclass(frozen=True, slots=True)
class Mended:
    """A base address, and what was changed to make it one."""

    url: str
    what_was_mended: tuple[str, ...] = ()
    """Sentences without a full stop, in the order of the address."""
    query: tuple[tuple[str, str], ...] = ()
    """``api-version`` of a pasted Azure address: it is no part of a base address."""
    native: str = ""
    """"tei" or "ollama", where the path of that format's own request was pasted."""


def mended(text: str, *, version: bool = True) -> Mended:
    """The base address that a text means. What cannot be read is given back as it is.

    ``version``: add the usual ``/v1`` where there is no path. Whether the result may be called is
    not judged here.
    """
    mends: list[str] = []
    typed = text.strip().strip("<>\"'`")
    if typed != text:
        mends.append("what stood around it was taken off")
    if typed and not _SCHEME.match(typed):
        scheme = _scheme_for(typed.removeprefix("//"))
        typed = f"{scheme}://{typed.removeprefix('//')}"
        mends.append(f"{scheme}:// was added")
    try:
        parts = urlsplit(typed)
        host, _ = canonical_host(parts.hostname or ""), parts.port
    except (EgressError, ValueError):
        return Mended(text)
    if parts.scheme not in {"http", "https"}:
        return Mended(text)
    netloc = _mended_netloc(parts, host, mends)
    path, native = _mended_path(parts.path, mends)
    if version and not native and not path:
        path = AZURE_PATH if host.endswith(AZURE_HOSTS) else USUAL_PATH
        mends.append(f"{path} was added")
    query, rest = _mended_query(parts, mends)
    return Mended(f"{parts.scheme}://{netloc}{path}{rest}", tuple(mends), query, native)


def root_of(url: str) -> str:
    """A base address without its version: where a server's own paths begin."""
    parts = urlsplit(url)
    path = _VERSION.sub("", parts.path.rstrip("/"))
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}{path}{query}"


def _scheme_for(rest: str) -> str:
    """``http`` for what is inside, ``https`` for what is not, as far as the host alone says."""
    try:
        parts = urlsplit(f"//{rest}")
        host, port = canonical_host(parts.hostname or ""), parts.port
    except (EgressError, ValueError):
        return "https"
    ip = address_of(host)
    if ip is not None:
        inside = judge(ip).verdict is not Verdict.PUBLIC
    else:
        inside = is_this_computer(host) or is_inside_name(host)
    return "http" if inside and port != HTTPS_PORT else "https"


def _mended_netloc(parts: SplitResult, host: str, mends: list[str]) -> str:
    """Host and port as they were, but for the address that means "all of mine"."""
    here = _HERE.get(host)
    if here is None or "@" in parts.netloc:
        return parts.netloc
    mends.append(f"{host} is where a server listens: {here.strip('[]')}, this computer, is asked")
    return here if parts.port is None else f"{here}:{parts.port}"


def _mended_path(path: str, mends: list[str]) -> tuple[str, str]:
    """The base path, and the format whose own path was pasted."""
    base = path.rstrip("/")
    if base != path:
        mends.append("the slash at the end was taken off")
    for end, wire in _NATIVE.items():
        before = base.removesuffix(end)
        if before != base and not _VERSIONED.fullmatch(before):
            mends.append(f"{end} was taken off: a request adds it")
            return before, wire
    for end in _PASTED:
        if base.endswith(end):
            mends.append(f"{end} was taken off: it is the address of one request")
            return base.removesuffix(end), ""
    listed = _LISTED.fullmatch(base)
    if listed is not None:
        mends.append("/models was taken off: it is the address of one request")
        return listed["base"], ""
    return base, ""


def _mended_query(parts: SplitResult, mends: list[str]) -> tuple[tuple[tuple[str, str], ...], str]:
    """What is told apart of the query, and the rest of the address as it was."""
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    rest = f"?{parts.query}" if parts.query else ""
    rest += f"#{parts.fragment}" if parts.fragment else ""
    if [name for name, _ in pairs] != [_KEPT_QUERY] or parts.fragment:
        return (), rest
    mends.append(f"?{_KEPT_QUERY} was taken off: it goes with each request")
    return tuple(pairs), ""
