"""A small packaged test: questions to a shop, a landlord and a machine's maker, and answers."""

from functools import lru_cache
from importlib.resources import files

from core.quality.corpus import Corpus
from core.quality.pairs_file import read_corpus


@lru_cache(maxsize=1)
def example_corpus() -> Corpus:
    """50 queries over 72 documents, written for this product; many share no word with theirs."""
    folder = files("core.quality") / "data"
    return read_corpus(
        (folder / "example_pairs.csv").read_bytes(), (folder / "example_documents.csv").read_bytes()
    )
