"""The running page, attacked: strange names, strange sites, and what its answers allow."""

import asyncio
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import streamlit
from starlette.types import Message, Receive, Scope, Send

from dashboard.server.addresses import OwnAddresses
from dashboard.server.gate import Gate
from tests.dashboard.server.raw import Answer, ask, get, open_websocket

SCRIPT = next(Path(streamlit.__file__).parent.glob("static/static/js/index.*.js")).name
PATHS = (
    "/",
    "/latency",
    "/no/such/page",
    "/favicon.png",
    f"/static/js/{SCRIPT}",
    "/_stcore/health",
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/interact",
    "/_stcore/upload_file/session/file",
    "/_stcore/bidi-components/breakeven.plotly/plotly.min.js",
    "/component/some/index.html",
    "/media/some.csv",
    "/_stcore/stream",
)
SAFETY = {
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


def own_host(url: str) -> str:
    """The page's own name and port."""
    return urlsplit(url).netloc


def is_safe(answer: Answer) -> bool:
    """Whether an answer has all the headers that keep the page to itself."""
    policy = answer.headers.get("content-security-policy", "")
    return (
        "frame-ancestors 'none'" in policy
        and "default-src 'self'" in policy
        and SAFETY.items() <= answer.headers.items()
    )


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("host", ["evil.example", "evil.example:8501", "0.0.0.0:8501"])
def test_a_rebound_name_gets_no_answer_of_any_path(address: str, path: str, host: str) -> None:
    """A site that leads its name to this computer reads one sentence, and nothing of the page."""
    answer = get(address, path, host)
    assert answer.status == 421
    assert answer.headers["content-type"].startswith("text/plain")
    assert "BREAKEVEN_ALLOWED_HOSTS" in answer.body
    assert len(answer.body) < 200
    assert is_safe(answer)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "HEAD", "TRACE"])
def test_no_other_method_gets_past_the_gate(address: str, method: str) -> None:
    """An upload, its removal and a preflight are refused like a page."""
    path = "/_stcore/upload_file/session/file"
    answer = ask(address, f"{method} {path} HTTP/1.1\nHost: evil.example\nConnection: close")
    assert answer.status == 421


def test_one_host_header_counts_and_nothing_else(address: str) -> None:
    """None, two, an unreadable one are refused; what a proxy claims does not matter."""
    own = own_host(address)
    begin = "GET /_stcore/health HTTP/1.1\nConnection: close"
    assert ask(address, begin.replace("1.1", "1.0")).status == 400
    assert ask(address, f"{begin}\nHost: {own}\nHost: evil.example").status == 400
    assert ask(address, f"{begin}\nHost: evil.example\nHost: {own}").status == 400
    assert ask(address, f"{begin}\nHost: {own}@evil.example").status == 400
    assert get(address, "/_stcore/health", "evil.example", f"X-Forwarded-Host: {own}").status == 421
    assert get(address, "/_stcore/health", "evil.example", f"Forwarded: host={own}").status == 421
    assert get(address, "http://evil.example/_stcore/health", "evil.example").status == 421
    assert get(address, f"http://{own}/_stcore/health", "evil.example").status == 421
    assert get(address, "/_stcore/health", own, "X-Forwarded-Host: evil.example").status == 200


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:9", "[::1]:8501", "page.example.com:443"]
)
def test_every_own_name_is_answered(address: str, host: str) -> None:
    """Its own names at any port, and those that its owner added."""
    assert get(address, "/_stcore/health", host).body == "ok"


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_keeps_the_page_to_itself(address: str, path: str) -> None:
    """Pages, scripts, errors and redirects: none can be framed, and none loads from elsewhere."""
    assert is_safe(get(address, path, own_host(address)))


def test_errors_and_redirects_do_as_well(address: str) -> None:
    """An unsafe path, a wrong method, a refused upload, a redirect, an unchanged file, a range."""
    own = own_host(address)
    script = f"/static/js/{SCRIPT}"
    tag = get(address, script, own).headers["etag"]
    answers = [
        get(address, "//evil.example/", own),
        get(address, "/latency/", own),
        get(address, script, own, f"If-None-Match: {tag}"),
        get(address, script, own, "Range: bytes=9999999999-"),
        ask(address, f"PUT /_stcore/upload_file/a/b HTTP/1.1\nHost: {own}\nContent-Length: 0"),
        ask(address, f"DELETE /_stcore/health HTTP/1.1\nHost: {own}"),
    ]
    assert {answer.status for answer in answers} >= {304, 400, 403, 405, 416}
    assert all(map(is_safe, answers))


def test_the_policy_lets_nothing_in_from_elsewhere(address: str) -> None:
    """No source is another host, a whole scheme of the net, or a script made at run time."""
    policy = get(address, "/", own_host(address)).headers["content-security-policy"]
    sources = {source for rule in policy.split("; ") for source in rule.split()[1:]}
    plain = {source for source in sources if not source.startswith("'sha256-")}
    assert plain == {"'self'", "'none'", "'unsafe-inline'", "data:", "blob:"}
    [script] = re.findall(r"script-src ([^;]*)", policy)
    assert "unsafe" not in script
    assert "data:" not in script


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:3000"])
def test_another_sites_script_may_not_ask(address: str, origin: str) -> None:
    """A form, a fetch or an upload from another page is refused before the page sees it."""
    own = own_host(address)
    assert get(address, "/", own, f"Origin: {origin}").status == 403
    put = f"PUT /_stcore/upload_file/a/b HTTP/1.1\nHost: {own}\nOrigin: {origin}"
    assert ask(address, put).status == 403
    assert "access-control-allow-origin" not in ask(address, put).headers


def test_a_websocket_opens_for_the_page_alone(address: str) -> None:
    """Its own origin opens; a rebound name, another site, another port and none do not."""
    own = own_host(address)
    port = urlsplit(address).port
    assert open_websocket(address, own, f"Origin: http://{own}").status == 101
    assert open_websocket(address, own.upper(), f"Origin: http://{own}").status == 101
    rebound = open_websocket(address, f"evil.example:{port}", f"Origin: http://evil.example:{port}")
    assert rebound.status == 421
    assert is_safe(rebound)
    for origin in (
        "http://evil.example",
        "null",
        "http://127.0.0.1:3000",
        f"http://localhost:{port}",
    ):
        refused = open_websocket(address, own, f"Origin: {origin}")
        assert refused.status == 403
        assert is_safe(refused)
    assert open_websocket(address, own).status == 403
    assert open_websocket(address, own, *[f"Origin: http://{own}"] * 2).status == 400


def test_a_websocket_opens_through_the_owners_proxy(address: str) -> None:
    """Whether the proxy leaves Host as it was or puts the page's own name there."""
    for host in ("page.example.com", own_host(address)):
        assert open_websocket(address, host, "Origin: https://page.example.com").status == 101
    elsewhere = open_websocket(address, "page.example.com", f"Origin: {address}")
    assert elsewhere.status == 403


def test_a_websocket_that_leads_nowhere_is_refused_with_the_headers(address: str) -> None:
    """The server's own refusal would have none."""
    own = own_host(address)
    lines = (
        f"GET /no/such HTTP/1.1\nHost: {own}\nOrigin: http://{own}\nConnection: Upgrade\n"
        "Upgrade: websocket\nSec-WebSocket-Version: 13\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    )
    answer = ask(address, lines)
    assert answer.status == 403
    assert is_safe(answer)


async def _faulty(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise RuntimeError("sk-secret")


def test_a_fault_behind_the_gate_is_answered_with_the_headers() -> None:
    """The fault goes on to who logs it; its text does not go to the browser."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": [(b"host", b"localhost")]}
    with pytest.raises(RuntimeError, match="sk-secret"):
        asyncio.run(Gate(_faulty, OwnAddresses())(scope, receive, send))
    start, body = sent
    assert start["status"] == 500
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    assert is_safe(Answer(500, headers, ""))
    assert b"sk-secret" not in body["body"]
