"""A model's vectors, as far as they can be used."""

import numpy as np

from core.measurement.beside.quality_found import VectorForm
from core.quality.side import Side, candidates_of, dims_of, embedded, side_remarks, usable
from tests.quality.models import numbered, side


def test_a_vector_without_a_direction_ends_what_counts() -> None:
    """A zero or a NaN: those before it count, and which it was is said."""
    documents = np.ones((5, 3))
    documents[3] = 0
    queries = np.ones((4, 3))
    queries[0, 1] = np.nan
    kept = usable(side("m", documents, queries, "It stopped."))
    assert (embedded(kept.documents), embedded(kept.queries)) == (3, 0)
    assert kept.failure == (
        "It stopped. The vector of document 4 is zero or not finite: those before it count. "
        "The vector of query 1 is zero or not finite: those before it count."
    )


def test_documents_and_queries_of_different_lengths_cannot_be_compared() -> None:
    """Nothing of such a model is used."""
    kept = usable(side("m", np.ones((2, 3)), np.ones((2, 4))))
    assert kept.documents is None
    assert "different lengths" in kept.failure


def test_what_is_sound_stays_as_it_is() -> None:
    """No failure comes out of nothing."""
    sound = usable(side("m", np.ones((2, 3)), np.ones((2, 3))))
    assert (embedded(sound.documents), sound.failure, dims_of(sound)) == (2, "", 3)
    assert dims_of(usable(side("m", None, None, "It failed."))) == 0


def test_candidates_are_the_vectors_as_they_come_and_each_form_that_fits() -> None:
    """Not one of more dimensions than there are, nor of as many."""
    whole = side("m", np.ones((2, 8)), np.ones((2, 8)))
    forms = [one.form for one in candidates_of(whole, (4, 8, 16), int8=True)]
    assert forms == [
        VectorForm(),
        VectorForm(dims=4),
        VectorForm(int8=True),
        VectorForm(dims=4, int8=True),
    ]
    assert [one.name for one in candidates_of(whole, (4,), int8=False)] == ["m", "m, 4 dimensions"]
    nothing = side("m", None, None, "It failed.")
    assert [one.form for one in candidates_of(nothing, (4,), int8=True)] == [VectorForm()]


def test_what_a_model_cannot_be_cut_to_or_does_not_read_is_said() -> None:
    """Texts of more characters than four a token are counted as too long."""
    corpus = numbered(3).model_copy(update={"documents": ("short", "x" * 41, "x" * 40)})
    vectors = np.ones((3, 8))
    one = Side("m", "api/m", "m", vectors, vectors, "", longest=10)
    cut, read = side_remarks(one, corpus, (4, 16))
    assert cut == "m has 8 dimensions: it was not tried with 16."
    assert read == (
        "m reads 10 tokens of a text: about 1 of 6 texts are longer (at 4 characters a token), "
        "and what stands after that is not found."
    )
    assert not list(side_remarks(side("m", vectors, vectors), corpus, (4,)))
