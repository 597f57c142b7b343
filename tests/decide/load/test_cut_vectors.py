"""Vectors that are cut: only of models that are trained for it, and with a word of the others."""

import pytest

from core.catalog.schema import Catalog
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.load.cut_vectors import kept_dimensions
from core.scenario import Scenario, Vectors


@pytest.mark.parametrize(
    ("model_id", "asked", "dims", "words"),
    [
        ("openai/text-embedding-3-small", 0, 1_536, ""),
        ("openai/text-embedding-3-small", 256, 256, "256 of 1,536 dimensions kept, as it is"),
        ("openai/text-embedding-3-small", 4_096, 1_536, "has 1,536 dimensions: all are kept"),
        ("openai/text-embedding-3-small", 1_536, 1_536, ""),
        ("BAAI/bge-m3", 256, 1_024, "not trained for shorter vectors: all 1,024 are kept"),
        ("voyageai/voyage-4-nano", 128, 2_048, "not cut below 256, the fewest that its publisher"),
        ("intfloat/multilingual-e5-large", 256, 256, "not known, so its quality then is not"),
    ],
)
def test_who_may_be_cut_and_what_is_said(
    catalog: Catalog, model_id: str, asked: int, dims: int, words: str
) -> None:
    """Trained for it: cut. Not: whole. Not known: cut, and its quality is not known."""
    kept = kept_dimensions(catalog.model(model_id), asked)
    assert kept.dims == dims
    assert words in kept.why
    assert (kept.why == "") == (words == "")


def test_storage_follows_the_cut_and_the_api_says_who_cuts(catalog: Catalog) -> None:
    """256 of 1,536 dimensions are a sixth of the storage; OpenAI takes `dimensions`."""
    usd = []
    for dimensions in (0, 256):
        scenario = Scenario(
            options=("openai/text-embedding-3-small",),
            vectors=Vectors(stored_millions=100, dimensions=dimensions),
        )
        case = Case(scenario, catalog)
        (row,) = at_volume(curves(case), case).rows
        usd.append(next(x.usd_per_month for x in row.lines if x.label == "Vector storage"))
    assert usd[1] == pytest.approx(usd[0] / 6)
    assert any("the API cuts by its parameter" in note for note in row.option.notes)


def test_no_model_is_cut_below_what_it_has(catalog: Catalog) -> None:
    """Of every model of the catalogue, whatever is asked, no more is kept than there is."""
    for model in catalog.models:
        if model.least_dims is not None:
            assert model.matryoshka is True
            assert model.dims is not None
            assert model.least_dims <= model.dims
        for asked in (0, 1, 256, 1_024, 16_384):
            kept = kept_dimensions(model, asked).dims
            assert kept is None or model.dims is None or kept <= model.dims
