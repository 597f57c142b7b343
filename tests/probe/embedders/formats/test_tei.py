"""What is particular to Text Embeddings Inference's own POST /embed."""

from collections.abc import Callable

import pytest

from core.probe.records.embedder import Fault
from core.probe.records.sample import Outcome
from tests.probe.embedders.support import FORMATS
from tests.probe.embedders.test_by_name import asked, refused
from tests.servers.formats.tei import MOST_TEXTS, TEI
from tests.servers.ground_truth import GroundTruthServer

Start = Callable[..., GroundTruthServer]
(FORMAT,) = (a_format for a_format in FORMATS if a_format.dialect is TEI)


def test_its_own_times_are_read(embedding_server: Start) -> None:
    """Queue, model, tokenizer, the tokens that it computed, and on what."""
    (answer,) = asked(FORMAT.made(embedding_server().dialect_url(TEI, "times")), [["one"]])
    told = answer.reported
    assert (told.server_queue_ms, told.server_inference_ms) == (1.0, 7.0)
    assert (told.server_tokenization_ms, told.tokens_processed) == (2.0, 5)
    assert told.hardware == "gpu+optimized"


def test_too_many_texts_are_refused_with_the_limit(embedding_server: Start) -> None:
    """In its own words."""
    url = embedding_server().dialect_url(TEI)
    with pytest.raises(Fault) as found:
        asked(FORMAT.made(url), [[f"text {i}" for i in range(MOST_TEXTS + 1)]])
    assert found.value.outcome is Outcome.OVER_LIMIT
    assert found.value.reported.said == "batch size 33 > maximum allowed batch size 32"
    assert "32 at most" in found.value.detail


def test_a_long_text_is_refused_and_cut_only_where_that_is_asked_for(
    embedding_server: Start,
) -> None:
    """A text that was cut in silence would pass for a quick answer."""
    url, long = embedding_server().dialect_url(TEI), "word " * 500
    with pytest.raises(Fault) as found:
        asked(FORMAT.made(url), [[long]])
    assert found.value.outcome is Outcome.OVER_LIMIT
    assert "512 at most" in found.value.detail
    endpoint = {"wire": "tei", "base_url": url, "body": {"truncate": True}}
    (answer,) = asked(FORMAT.made(url, endpoint=endpoint), [[long]])
    assert answer.vectors.shape == (1, 384)


def test_an_overloaded_server_says_so(embedding_server: Start) -> None:
    """Its sentence is kept beside the status."""
    assert refused(FORMAT, embedding_server, "overloaded").reported.said == "Model is overloaded"
