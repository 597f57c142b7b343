"""Which Host and Origin headers are the page's own, whatever their writing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.server.addresses import Address, OwnAddresses

OWN = OwnAddresses(("page.example.com", "*.example.org", "192.0.2.7"))


def is_own(host: str) -> bool:
    """Whether a Host header names the page."""
    address = Address.read(host.encode("latin-1"))
    return address is not None and OWN.answer_to(address)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "localhost:8501",
        "LocalHost:1",
        "localhost.:8501",
        "127.0.0.1:65535",
        "[::1]",
        "[::1]:8501",
        "[0:0:0:0:0:0:0:1]:8501",
        "page.example.com",
        "PAGE.example.com.:443",
        "a.example.org:8080",
        "a.b.example.org",
        "192.0.2.7:8501",
    ],
)
def test_an_own_name_is_known_in_every_writing(host: str) -> None:
    """Capital letters, a dot at the end and any port leave a name what it is."""
    assert is_own(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:8501",
        "localhost.evil.example",
        "evil-localhost",
        "localhost:8501.evil.example",
        "localhost@evil.example",
        "evil.example@localhost",
        "user:password@localhost:8501",
        "localhost, evil.example",
        "localhost evil.example",
        " localhost",
        "localhost/",
        "localhost/evil.example",
        "localhost#evil.example",
        "localhost?evil",
        "http://localhost",
        "localhost:0",
        "localhost:65536",
        "localhost:99999999",
        "localhost:+1",
        "localhost:",
        "localhost..",
        "localhost\x00",
        "localhost\n",
        "lo\xf6calhost",
        "::1",
        "[::1",
        "[::1%25lo]:8501",
        "[::ffff:127.0.0.1]",
        "[evil]",
        "[]",
        "0.0.0.0:8501",
        "127.0.0.2",
        "2130706433",
        "example.org",
        "evilexample.org",
        "page.example.com.evil.example",
    ],
)
def test_no_other_name_is(host: str) -> None:
    """What is not exactly a name of the page is somebody else's."""
    assert not is_own(host)


@given(st.binary(max_size=60))
def test_no_header_breaks_the_reader(header: bytes) -> None:
    """Whatever bytes arrive, the answer is an address or none; what is read reads back the same."""
    for address in (Address.read(header), Address.of_origin(header)):
        if address is not None:
            name = f"[{address.name}]" if ":" in address.name else address.name
            again = name if address.port is None else f"{name}:{address.port}"
            assert Address.read(again.encode()) == address


def is_own_origin(origin: str, host: str) -> bool:
    """Whether a script of an origin may ask the page that it called by a host."""
    called = Address.read(host.encode())
    assert called is not None
    asking = Address.of_origin(origin.encode("latin-1"))
    return asking is not None and OWN.include_origin(asking, called)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:8501", "localhost:8501"),
        ("HTTP://LOCALHOST:8501", "localhost:8501"),
        ("http://[::1]:8501", "[::1]:8501"),
        ("https://page.example.com", "page.example.com"),
        ("https://page.example.com", "localhost:8501"),  # a proxy put its own name
        ("https://a.example.org:444", "127.0.0.1:8501"),
    ],
)
def test_the_page_may_ask_itself(origin: str, host: str) -> None:
    """The same name and port is the page; a name of the owner's is, through a proxy too."""
    assert is_own_origin(origin, host)


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "localhost:8501",
        "http://localhost:3000",  # another program of this computer
        "http://127.0.0.1:8501",  # called by another name
        "http://evil.example",
        "http://localhost:8501.evil.example",
        "http://localhost:8501/path",
        "http://user@localhost:8501",
        "file://localhost:8501",
        "chrome-extension://localhost:8501",
        "http://http://localhost:8501",
    ],
)
def test_nobody_else_may(origin: str) -> None:
    """Another site, another port of this computer, a file and a sandbox are not the page."""
    assert not is_own_origin(origin, "localhost:8501")
