"""One spelling for each host, and which of them is this computer."""

import pytest

from core.errors import EgressError
from core.probe.addresses.hosts import canonical_host, is_inside_name, is_this_computer

HERE = (
    "localhost",
    "localhost.",
    "LOCALHOST",
    "LocalHost.",
    "ⓛocalhost",
    "model.localhost",
    "a.b.LOCALHOST.",
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "127.1.",
    "127.0.1",
    "127.9.8.7",
    "2130706433",
    "0x7f.1",
    "0x7F000001",
    "0177.0.0.1",
    "017700000001",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
    "::1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000::0001]",
    "[::ffff:127.0.0.1]",
    "[::FFFF:7f00:1]",
)
ELSEWHERE = (
    "",
    ".",
    "0",
    "0.0.0.0",  # noqa: S104  no address to call
    "[::]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "10.0.0.1",
    "128.0.0.1",
    "126.255.255.255",
    "localhost.example.com",
    "localhost.com",
    "notlocalhost",
    "xlocalhost.",
    "localhost..",
    ".localhost",
    "127.0.0.1.nip.io",
    "api.openai.com",
    "256.0.0.1",
    "1.2.3.4.5",
    "local host",
)


@pytest.mark.parametrize("typed", HERE)
def test_this_computer_is_known_in_every_spelling(typed: str) -> None:
    """By name, by number, by old ways to write a number."""
    assert is_this_computer(typed)


@pytest.mark.parametrize("typed", ELSEWHERE)
def test_nothing_else_is_this_computer(typed: str) -> None:
    """Neither what is near it nor what only looks so; garbage is an answer, too."""
    assert not is_this_computer(typed)


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("API.OpenAI.com", "api.openai.com"),
        ("api.openai.com.", "api.openai.com"),
        ("Bücher.example.", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("a_name-with.dashes.example", "a_name-with.dashes.example"),
        ("10.1", "10.0.0.1"),
        ("0300.0250.0.1", "192.168.0.1"),
        ("[2606:4700:0:0:0:0:0:1111]", "2606:4700::1111"),
        ("2606:4700::1111", "2606:4700::1111"),
        ("[::ffff:1.1.1.1]", "1.1.1.1"),
        ("LOCALHOST.", "localhost"),
        (f"{'x' * 63}.example", f"{'x' * 63}.example"),
    ],
)
def test_a_host_has_one_spelling(typed: str, host: str) -> None:
    """And that is its own spelling."""
    assert canonical_host(typed) == host
    assert canonical_host(host) == host


@pytest.mark.parametrize(
    "typed",
    [
        *("", ".", "..", "a..b", "a.example..", "256.1.1.1", "1.2.3.4.5", "x.0x", "09.1.1.1"),
        *("a b", "a<b", f"{'x' * 64}.example", ".".join(["x" * 60] * 5), "[1::2::3]", "xn--a"),
    ],
)
def test_what_is_no_host_is_refused_in_a_sentence(typed: str) -> None:
    """Never passed on to a resolver, which may read it in a way of its own."""
    with pytest.raises(EgressError, match="is not a host name"):
        canonical_host(typed)


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("intranet", True),
        ("localhost", True),
        ("x.localhost", True),
        ("db.internal", True),
        ("metadata.google.internal", True),
        ("metadata.goog", True),
        ("nas.home.arpa", True),
        ("git.corp", True),
        ("api.openai.com", False),
        ("internal.example.com", False),
        ("corp.com", False),
        ("goog.metadata.com", False),
    ],
)
def test_names_of_an_inner_network_are_known(host: str, inside: bool) -> None:
    """By their end, by having no dot, or as a cloud's own."""
    assert is_inside_name(host) == inside
