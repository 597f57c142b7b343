"""A server's own counters: read strictly, and their difference over a run in first principles."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.probe.recognise.metrics_difference import PREFIXES, difference
from core.probe.recognise.metrics_text import MOST_METRICS_BYTES, Metrics, read_metrics
from tests.servers.standins import serving
from tests.servers.standins.standin import Asked, StandIn

LOOK = Asked("GET", "/metrics", {}, b"")


def looks(page: object, requests: int) -> tuple[Metrics, Metrics]:
    """Before and after so many requests."""
    standin, read = StandIn({}), []
    for count in (0, requests):
        standin.embedded = count
        read.append(read_metrics(page(standin, LOOK), PREFIXES))  # type: ignore[operator]
    before, after = read
    assert before is not None
    assert after is not None
    return before, after


def test_teis_means_are_those_of_the_run_and_of_batches_that_were_some() -> None:
    """Looks into an empty queue are counted by it as batches of nothing, and are none."""
    seen = difference(*looks(serving.tei_metrics, 20), sent=20)
    assert seen is not None
    assert seen.requests == 20
    assert seen.batch_texts == pytest.approx(4)
    assert seen.batch_tokens == pytest.approx(40)
    assert seen.queue_s == pytest.approx(0.02)
    assert seen.inference_s == pytest.approx(0.05)
    assert seen.sentences == (
        "The server's mean batch was 4.0 texts.",
        "It computed 40 tokens at once on average.",
        "A request waited 20.0 ms in its queue on average.",
        "The model took 50.0 ms a request on average.",
    )


def bare(metrics: Metrics) -> Metrics:
    """A look without its buckets."""
    return Metrics({name: of for name, of in metrics.samples.items() if "bucket" not in name})


def test_without_the_bucket_that_tells_them_apart_the_batch_is_not_known() -> None:
    """Half of it, as the mean of all looks would be, is not said."""
    before, after = looks(serving.tei_metrics, 20)
    seen = difference(bare(before), bare(after), sent=20)
    assert seen is not None
    assert seen.batch_texts is None
    assert seen.queue_s == pytest.approx(0.02)


def test_others_who_used_the_server_are_said_to_be_in_the_means() -> None:
    """It counted more than this run sent."""
    seen = difference(*looks(serving.tei_metrics, 30), sent=20)
    assert seen is not None
    assert "It counted 30 requests and this run sent 20" in seen.sentences[-1]


def test_vllms_and_tritons_counters_are_read_in_their_units() -> None:
    """Seconds there, microseconds here; a batch is inferences over executions."""
    seen = difference(*looks(serving.vllm_metrics, 4), sent=4)
    assert seen is not None
    assert (seen.server, seen.batch_texts) == ("vLLM", None)
    assert seen.batch_tokens == pytest.approx(300)
    assert seen.queue_s == pytest.approx(1.5)
    seen = difference(*looks(serving.nim_metrics, 4), sent=4)
    assert seen is not None
    assert seen.server == "Triton"
    assert seen.batch_texts == pytest.approx(6)
    assert seen.queue_s == pytest.approx(250e-6)
    assert seen.gpu_busy == pytest.approx(0.93)


def test_of_a_pipeline_of_models_no_batch_is_said() -> None:
    """Its stages count each request anew."""
    text = 'nv_inference_count{model="a"} 8\nnv_inference_count{model="b"} 8\n'
    text += 'nv_inference_exec_count{model="a"} 1\n'
    after = read_metrics(text, PREFIXES)
    assert after is not None
    assert difference(Metrics(), after, sent=1) is None


def test_a_server_that_was_started_anew_says_nothing() -> None:
    """Counters that fell are of another life."""
    before, after = looks(serving.tei_metrics, 20)
    assert difference(after, before, sent=20) is None
    assert difference(after, after, sent=20) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        "http_requests_total 4",
        "te_queue_size NaN",
        "te_queue_size one",
        'te_batch_next_size_sum{le="1" 4',
        "te_queue_size{" * 5_000,
        "te_" * 100_000,
    ],
)
def test_what_is_no_metric_of_a_known_server_is_none(text: str) -> None:
    """Not a number, not the format, somebody else's."""
    assert read_metrics(text, PREFIXES) is None


def test_the_largest_page_is_read_quickly() -> None:
    """A look waits for nobody: half a megabyte of lines, or one line of it."""
    line = 'te_batch_next_size_bucket{le="%d"} 1\n'
    many = "".join(line % i for i in range(MOST_METRICS_BYTES // 2 // len(line)))
    began = time.process_time()
    assert read_metrics(many, PREFIXES) is not None
    read_metrics("te_x{" + 'a="\\\\",' * (MOST_METRICS_BYTES // 16) + "} 1", PREFIXES)
    assert time.process_time() - began < 5


@given(st.text(max_size=200), st.sampled_from(PREFIXES))
def test_no_text_of_a_stranger_is_a_fault_of_ours(text: str, prefix: str) -> None:
    """It is metrics or it is none."""
    metrics = read_metrics(f"{prefix}{text}\n{prefix}a 1\n", PREFIXES)
    assert metrics is None or metrics.samples
