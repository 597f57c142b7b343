"""Reading an answer does not depend on how the network cuts it into pieces."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.probe.records.embedder import Fault
from core.probe.records.sample import Outcome
from core.probe.records.timings import Timings
from core.probe.wire.http_answer import Limits, Response, ResponseReader

LIMITS = Limits(header_bytes=1_000, body_bytes=1_000)
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\nX-A: b\r\n\r\nhello world"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n"
    b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
)
INTERIM = b"HTTP/1.1 103 Early Hints\r\nX-A: early\r\nX-B: early\r\n\r\n"


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """``data`` in pieces, cut at these places."""
    ends = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[a:b] for a, b in pairwise(ends)]


def read(pieces: list[bytes]) -> tuple[Response, Timings]:
    """Feed the pieces, one a nanosecond from 1 on."""
    timings = Timings()
    reader = ResponseReader(LIMITS, timings)
    for at_ns, piece in enumerate(pieces, start=1):
        reader.feed(piece, at_ns)
    assert reader.finished
    return reader.response(), timings


@given(st.sampled_from([PLAIN, CHUNKED, INTERIM + PLAIN]), st.lists(st.integers(0, 400)))
@example(PLAIN, list(range(400)))
@example(INTERIM + CHUNKED, list(range(400)))
def test_pieces_make_the_same_answer_however_they_are_cut(data: bytes, places: list[int]) -> None:
    """Status, headers without those of interim answers, body, and whether it may be reused."""
    response, timings = read(cut(data, places))
    assert (response.status, response.body, response.reusable) == (200, b"hello world", True)
    assert response.headers["x-a"] == "b"
    assert "x-b" not in response.headers
    assert timings.completed_ns == len(cut(data, places))


@pytest.mark.parametrize("data", [PLAIN, CHUNKED])
def test_the_first_byte_is_that_of_the_final_answer(data: bytes) -> None:
    """An interim answer is not the answer; a head that drips does not move the first byte."""
    _, timings = read([data[:1], data[1:5], data[5:]])
    assert (timings.first_byte_ns, timings.completed_ns) == (1, 3)
    _, timings = read([INTERIM, data[:1], data[1:]])
    assert (timings.first_byte_ns, timings.completed_ns) == (2, 3)


def test_bytes_after_the_answer_cost_the_connection_and_not_the_answer() -> None:
    """Whatever they are: noise, or an answer that nobody asked for."""
    for surplus in (b"x", PLAIN, b"\r\n\r\nxx"):
        response, _ = read([PLAIN + surplus])
        assert response.body == b"hello world"
        assert not response.reusable


def test_a_connection_that_is_to_close_is_not_reused() -> None:
    """Connection: close, and HTTP/1.0 without keep-alive."""
    for old, new in ((b"X-A: b", b"Connection: close"), (b"HTTP/1.1", b"HTTP/1.0")):
        response, _ = read([PLAIN.replace(old, new)])
        assert not response.reusable


def drip(data: bytes, *, ends: bool) -> None:
    """Feed a byte at a time and close the connection if it ends there. Raises Fault."""
    reader = ResponseReader(LIMITS, Timings())
    for i in range(len(data)):
        reader.feed(data[i : i + 1], i)
    if ends:
        reader.end_of_stream()


def fault_of(data: bytes, *, ends: bool = False) -> Fault:
    """The fault that this answer is."""
    with pytest.raises(Fault) as found:
        drip(data, ends=ends)
    return found.value


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        (OK + b"Content-Length: 1001\r\n\r\n", Outcome.TOO_LARGE),
        (OK + b"Content-Length: 99999999999999999999999\r\n\r\n", Outcome.BAD_HTTP),
        (OK + b"Content-Length: -1\r\n\r\n", Outcome.BAD_HTTP),
        (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", Outcome.BAD_HTTP),
        (OK + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", Outcome.BAD_HTTP),
        (OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", Outcome.BAD_HTTP),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n3f0\r\n" + b"x" * 1001, Outcome.TOO_LARGE),
        (OK + b"X: " + b"y" * 1_000, Outcome.TOO_LARGE),
        (OK + b"\r\nhello", Outcome.BAD_HTTP),
        (OK.replace(b"\r\n", b"\n"), Outcome.BAD_HTTP),
        (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", Outcome.BAD_HTTP),
        (b"HTTP/2 200\r\n\r\n", Outcome.BAD_HTTP),
        (b"\x16\x03\x01", Outcome.BAD_HTTP),
        (INTERIM * 100, Outcome.TOO_LARGE),
    ],
)
def test_what_is_no_answer_is_named(data: bytes, outcome: Outcome) -> None:
    """A byte at a time, which is how the hostile send it."""
    assert fault_of(data).outcome is outcome


@pytest.mark.parametrize("length", [1, 20, 45, len(PLAIN) - 1])
def test_an_answer_that_is_cut_off_is_a_reset(length: int) -> None:
    """In the status line, the headers or the body."""
    assert fault_of(PLAIN[:length], ends=True).outcome is Outcome.RESET


def test_an_error_page_may_end_with_its_connection() -> None:
    """Its status says enough; only a 200 must state its length."""
    reader = ResponseReader(LIMITS, Timings())
    reader.feed(b"HTTP/1.1 502 Bad Gateway\r\n\r\n<html>", 1)
    reader.end_of_stream()
    assert reader.response() == Response(502, {}, b"<html>", reusable=False)


@given(st.binary(max_size=300))
def test_no_bytes_do_worse_than_a_fault(data: bytes) -> None:
    """Noise is refused or waited on, never an exception of another kind."""
    reader = ResponseReader(LIMITS, Timings())
    try:
        reader.feed(data, 1)
    except Fault as fault:
        assert fault.outcome in {Outcome.BAD_HTTP, Outcome.TOO_LARGE}  # noqa: PT017  either may be
