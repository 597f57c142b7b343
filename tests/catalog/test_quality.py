"""Published scores: with their source, and never one test's beside another's."""

import shutil
from pathlib import Path

import pytest

from core.catalog.load import load_catalog
from core.catalog.schema import Benchmark, Catalog, Confidence
from core.errors import CatalogError

FROZEN = Path(__file__).parent.parent / "frozen_catalog"


def test_models_are_compared_in_a_benchmark_that_has_both(frozen_catalog: Catalog) -> None:
    """In the order asked; a test that lacks one of them is not shown at all."""
    found = frozen_catalog.scores_of("open/small", "open/large")
    assert list(found) == [Benchmark.MTEB_ENGLISH_V2]
    assert [float(row.score) for row in found[Benchmark.MTEB_ENGLISH_V2]] == [60.0, 70.0]
    assert frozen_catalog.scores_of("open/large", "alpha/embed") == {}
    assert list(frozen_catalog.scores_of("alpha/embed")) == [Benchmark.MTEB_ENGLISH_V1]
    assert frozen_catalog.scores_of() == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("score = 70.0", "score = 700", "score"),
        ("English, v2", "English, v9", "benchmark"),
        ("open/large", "open/gone", "open/gone"),
    ],
)
def test_a_score_that_makes_no_sense_is_named(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    """With file and row."""
    folder = tmp_path / "catalogue"
    shutil.copytree(FROZEN, folder)
    file = folder / "quality.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"quality\.toml, scores\[0\]") as raised:
        load_catalog(folder)
    assert said in str(raised.value)


def test_every_shipped_score_says_where_it_is_from() -> None:
    """With a page; what is not from a primary page is of low confidence."""
    for row in load_catalog().scores:
        assert row.source.where
        if row.source.kind.value == "secondary":
            assert row.source.confidence is Confidence.LOW
