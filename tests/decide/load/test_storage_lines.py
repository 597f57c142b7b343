"""Vectors that are kept and answers that are sent."""

import pytest

from core.catalog.schema import Catalog
from core.decide.load.storage_lines import egress_lines, storage_lines
from core.decide.load.text_load import text_load
from core.scenario import Vectors, Workload
from core.units import VectorType


def test_longer_vectors_cost_more_to_keep(catalog: Catalog) -> None:
    """100 M vectors with an index of half their size: 1,843 GB at 3,072 dimensions."""
    whole = Vectors(stored_millions=100)
    (line,) = storage_lines(catalog.model("openai/text-embedding-3-large"), whole)
    assert line.usd_per_month == pytest.approx(1_228.8 * 1.5 * 0.33)
    halved = Vectors(stored_millions=100, kept_as=VectorType.FLOAT16)
    (half,) = storage_lines(catalog.model("openai/text-embedding-3-large"), halved)
    assert half.usd_per_month == pytest.approx(line.usd_per_month / 2)


def test_nothing_kept_or_nothing_known_makes_no_line(catalog: Catalog) -> None:
    """Storage is left out by default, and for a model of unknown length."""
    assert storage_lines(catalog.model("openai/text-embedding-3-large"), Vectors()) == ()
    assert storage_lines(None, Vectors(stored_millions=1)) == ()


def test_egress_goes_with_the_tokens(catalog: Catalog) -> None:
    """1,024 floats in base64 are 5,461 bytes for 500 tokens at $0.09 a GB."""
    texts = text_load(Workload(), 512)
    model = catalog.model("BAAI/bge-large-en-v1.5")
    (line,) = egress_lines(model, texts, 0.09, 500)
    assert line.usd_per_token == pytest.approx(1_024 * 16 / 3 / 1e9 * 0.09 / 500)
    assert egress_lines(model, texts, 0.0, 500) == ()


def test_what_answers_queries_is_priced_or_said_to_be_left_out(catalog: Catalog) -> None:
    """By default one sentence in the line; with a number and a price a line of its own."""
    model = catalog.model("openai/text-embedding-3-large")
    (line,) = storage_lines(model, Vectors(stored_millions=1))
    assert line.explanation.endswith("; the store's queries and replicas are left out")
    priced = Vectors(stored_millions=1, store_replicas=3, usd_per_store_replica=95.0)
    stored, replicas = storage_lines(model, priced)
    assert "left out" not in stored.explanation
    assert replicas.usd_per_month == 285
    assert replicas.explanation == "3 at $95.00; what a store bills by the query is left out"
    assert storage_lines(None, priced) == (replicas,)
