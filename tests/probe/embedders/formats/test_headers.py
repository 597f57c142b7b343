"""What a server says of itself in its headers is believed only where it can be."""

from collections.abc import Callable
from dataclasses import fields

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.probe.embedders.formats.server_headers import LONGEST_MS, LONGEST_WAIT_S, MOST_COUNTED
from core.probe.embedders.formats.server_headers import reported_by as read
from core.probe.findings.run_report import server_share
from core.probe.records.embedder import Reported
from core.probe.records.sample import Outcome
from core.probe.wire.http_answer import Response
from tests.probe.support import carry_out, plan, sample
from tests.servers.faults import ABSURD
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]
NAMES = (
    *("x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "retry-after"),
    *("x-ratelimit-remaining-tokens", "openai-processing-ms", "x-total-time", "x-queue-time"),
    *("x-inference-time", "x-tokenization-time", "x-compute-tokens"),
)
DATES = st.lists(
    st.sampled_from(
        ["Mon,", "1", "99", "Jan", "Foo", "2026", "9" * 20, "00:00:00", "::", "+0000", "-9999"]
    ),
    max_size=8,
).map(" ".join)


def reported(value: str) -> Reported:
    """With this value in every header that holds a number."""
    return read(Response(200, dict.fromkeys(NAMES, value), b"", reusable=True))


@given(st.text() | st.integers().map(str) | st.floats().map(str) | DATES)
@example("9" * 20 + " Jan 99 00:00:00 ::")
@example("1e308")
@example("\u0661\u0662")
def test_no_header_breaks_the_reading_and_every_number_is_within_reason(value: str) -> None:
    """Whatever stands there: a number in its limits, or none."""
    found = reported(value)
    for count in (found.requests_limit, found.requests_left, found.tokens_left):
        assert count is None or (0 <= count <= MOST_COUNTED and str(count) in value)
    for time_ms in (found.server_ms, found.server_queue_ms, found.server_inference_ms):
        assert time_ms is None or 0 <= time_ms <= LONGEST_MS
    assert found.retry_after_s is None or 0 <= found.retry_after_s <= LONGEST_WAIT_S


@pytest.mark.parametrize("value", [v for v in ABSURD if v != "0.5"])
def test_what_is_no_plain_number_is_not_known(value: str) -> None:
    """Not zero, which would be a limit that is used up."""
    assert reported(value) == Reported(http_status=200)


def test_half_a_request_is_none_and_half_a_second_is_one() -> None:
    """Counts are whole; times are not."""
    found = reported("0.5")
    assert (found.requests_left, found.requests_limit, found.server_ms) == (None, None, 0.5)


def test_nothing_absurd_of_an_answer_is_kept(embedding_server: Start) -> None:
    """A right answer whose headers hold nonsense is right, and its sample has none of it."""
    server = embedding_server(Config(faults={3: "absurd_headers"}))
    run = carry_out(plan(server.base_url))
    odd = next(s for s in run.samples if s.seq == 3)
    assert odd.outcome is Outcome.OK
    kept = {field.name: getattr(odd, field.name) for field in fields(odd)}
    said = {name for name in kept if name.startswith(("requests_", "tokens_left", "server_"))}
    assert {kept[name] for name in said - {"server_said"} | {"retry_after_s"}} == {None}


def test_a_server_that_took_longer_than_its_answer_is_not_quoted() -> None:
    """100 ms from sending to the last byte, of which the server says it took a minute."""
    honest, boaster = sample(0, 0.1, server_ms=60.0), sample(1, 0.1, server_ms=60_000.0)
    share = server_share([honest, boaster])
    assert share is not None
    assert (share.n, share.server_s) == (1, 0.06)
    assert server_share([boaster]) is None
