"""A server is asked under the probe's judgement: few bytes, little time, no redirect, no detour."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import EgressError, RunError
from core.probe.addresses.reach import INTERNET
from core.probe.recognise.judged_asking import MOST_BYTES, ONE_S, Asking
from core.probe.recognise.mended_address import mended
from core.probe.recognise.recognise_server import ALL_S, recognise
from core.probe.wire.route import Proxy, Route
from tests.servers.ground_truth import GroundTruthServer
from tests.servers.network.tls import server_context, trusting_context
from tests.servers.standins.hostile import WAYS, Hostile
from tests.servers.standins.standin import StandIn

SLOW = {"drip", "silent"}
SLACK_S = 1.5
HERE = Route(reach=INTERNET.with_this_computer(meant=True))


@pytest.mark.parametrize("way", sorted(WAYS.keys() - SLOW))
def test_a_hostile_server_is_not_recognised_and_costs_little(way: str) -> None:
    """It gets a sentence and no more time than is given to it; a redirect leads nowhere."""
    began = time.monotonic()
    with Hostile(WAYS[way]) as server, pytest.raises(RunError):
        asyncio.run(recognise(mended(server.origin), route=HERE))
    lasted_s = time.monotonic() - began
    assert lasted_s < ONE_S + SLACK_S


def test_servers_that_never_end_cost_a_few_seconds() -> None:
    """One that says nothing, and one that always says a little more, both at once."""

    async def both(*origins: str) -> list[object]:
        asked = (recognise(mended(origin), route=HERE) for origin in origins)
        return list(await asyncio.gather(*asked, return_exceptions=True))

    began = time.monotonic()
    with Hostile(WAYS["drip"]) as one, Hostile(WAYS["silent"]) as other:
        ends = asyncio.run(both(one.origin, other.origin))
    assert all(isinstance(end, RunError) for end in ends)
    assert time.monotonic() - began < ALL_S + SLACK_S


def ask(url: str, path: str, **options: object) -> str:
    """What comes back to one question, in words."""

    async def question() -> str:
        async with Asking(url, **({"route": HERE} | options)) as asking:  # type: ignore[arg-type]
            return (await asking.ask(path)).words

    return asyncio.run(question())


def test_a_redirect_to_where_secrets_lie_is_not_followed() -> None:
    """The clouds' own address for a machine's keys is never asked."""
    with Hostile(WAYS["redirect"]) as server:
        assert ask(server.origin, "/info") == "status 307, and redirects are not followed"


def test_an_answer_that_is_a_little_too_long_is_no_answer() -> None:
    """And one that just fits is."""
    with StandIn({"/a": "x" * MOST_BYTES, "/b": "x" * (MOST_BYTES + 1)}) as server:
        assert ask(server.origin, "/a") == "something else"
        assert ask(server.origin, "/b") == "more than 64 kB"


@pytest.mark.parametrize(
    "url",
    [
        "http://10.0.0.1:8080",
        "https://192.168.1.7",
        "http://example.com",
        "https://169.254.169.254",
    ],
)
def test_a_forbidden_address_is_not_asked(url: str) -> None:
    """As the probe would not: nothing is sent, and the reason is the probe's."""
    with pytest.raises(EgressError):
        Asking(url, route=HERE)


def test_an_unknown_name_and_a_name_of_an_inner_address_are_told_apart() -> None:
    """The first has no address; what the second means is judged, not what it is called."""

    async def enter(url: str) -> None:
        async with Asking(url):
            raise AssertionError("it was let through")

    with pytest.raises(RunError, match="has no address here"):
        asyncio.run(enter("https://nobody.invalid"))
    with pytest.raises(EgressError):
        asyncio.run(enter("https://localhost"))


def test_nothing_of_the_environment_leads_it_astray(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither a proxy's variable nor a file of passwords is read."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with StandIn({"/info": {"a": 1}}) as server:
        assert ask(server.origin, "/info") == "something else"
        assert "authorization" not in server.asked[0].headers
        assert server.asked[0].headers["host"] == server.authority
        assert "cookie" not in server.asked[0].headers


def test_a_named_proxy_is_not_gone_around() -> None:
    """A far server that is reached through a proxy alone is not asked; this computer is."""
    route = replace(HERE, proxy=Proxy("127.0.0.1", 9))
    with pytest.raises(RunError, match="behind a proxy"):
        Asking("https://api.example.com", route=route)
    with StandIn({}) as server:
        assert ask(server.origin, "/info", route=route) == "status 404"


def test_a_header_that_is_none_gets_a_sentence() -> None:
    """It would be more than a header; nothing is sent."""
    for name in ("x: y", "a\r\nb", "", "é"):
        with pytest.raises(RunError, match="no name of a header"):
            Asking("http://127.0.0.1:1", route=HERE, key_header=name)


def test_a_certificate_is_checked_by_the_name_that_was_typed() -> None:
    """The connection goes to the judged address, and is trusted as the name's."""
    with GroundTruthServer(tls=server_context()) as server:
        trusted = replace(HERE, tls=trusting_context())
        assert ask(server.origin, "/info", route=trusted) == "status 404"
        assert ask(server.origin, "/info") in {"no connection", "no HTTP answer"}
        elsewhere = f"https://127.0.0.1:{server.port}"
        assert ask(elsewhere, "/info", route=trusted) in {"no connection", "no HTTP answer"}
