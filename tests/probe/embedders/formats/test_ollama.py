"""What is particular to Ollama's own POST /api/embed."""

from collections.abc import Callable

import pytest

from core.probe.findings.summary import summarise
from core.probe.records.embedder import Fault
from core.probe.records.sample import Outcome
from tests.probe.embedders.support import FORMATS
from tests.probe.embedders.test_by_name import asked, refused
from tests.probe.support import carry_out
from tests.servers.delays import Delay
from tests.servers.formats.ollama import LOAD_NS, OLLAMA, TOTAL_NS
from tests.servers.ground_truth import Config, GroundTruthServer

Start = Callable[..., GroundTruthServer]
(FORMAT,) = (a_format for a_format in FORMATS if a_format.dialect is OLLAMA)


def test_its_nanoseconds_are_read(embedding_server: Start) -> None:
    """The whole time, and of it the loading; ms here."""
    (answer,) = asked(FORMAT.made(embedding_server().dialect_url(OLLAMA)), [["one"]])
    assert answer.reported.server_ms == pytest.approx(TOTAL_NS / 1e6)
    assert answer.reported.server_load_ms == pytest.approx(LOAD_NS / 1e6)


def test_absurd_durations_are_not_known(embedding_server: Start) -> None:
    """A negative time, and one that is no number."""
    url = embedding_server().dialect_url(OLLAMA, "times_absurd")
    (answer,) = asked(FORMAT.made(url), [["one"]])
    assert (answer.reported.server_ms, answer.reported.server_load_ms) == (None, None)


def test_a_long_text_is_refused_not_cut(embedding_server: Start) -> None:
    """Where truncate is not sent it is true, and the end of a text is lost without a word."""
    url = embedding_server().dialect_url(OLLAMA)
    with pytest.raises(Fault) as found:
        asked(FORMAT.made(url), [["word " * 2_000]])
    assert found.value.outcome is Outcome.OVER_LIMIT
    assert found.value.reported.said == "the input length exceeds the context length"


def test_a_model_that_is_not_there_is_named(embedding_server: Start) -> None:
    """With what to do, in the server's words."""
    fault = refused(FORMAT, embedding_server, "no_such_model")
    assert fault.reported.said == 'model "m" not found, try pulling it first'
    assert "/api/embed)" in fault.detail


@pytest.mark.parametrize(("loads_at", "words"), [(0, "none of them measured"), (4, "1 measured")])
def test_loading_its_model_is_a_cold_start_of_its_own(
    embedding_server: Start, loads_at: int, words: str
) -> None:
    """Kept beside the times, in no percentile of its own, and said once."""
    config = Config(faults={loads_at: "loaded"}, delay=Delay(median_s=0.005))
    server = embedding_server(config)
    a_plan = FORMAT.plan(server.dialect_url(OLLAMA))
    run = carry_out(a_plan, FORMAT.made(str(server.dialect_url(OLLAMA))))
    loaded = next(s for s in run.samples if s.seq == loads_at)
    assert loaded.server_load_ms == 3_000.0
    told = [text for text in summarise(a_plan, run.samples).warnings if "loaded its model" in text]
    assert len(told) == 1
    assert words in told[0]
    assert "3 s" in told[0]
