"""A 200 is an answer only if its vectors are vectors of the texts."""

import numpy as np
import pytest

from core.probe.answers.answer_check import (
    OTHER_MODEL,
    AnswerCheck,
    plausible_tokens,
    same_model,
)
from core.probe.records.embedder import Answer, Fault, Reported
from core.probe.records.sample import Outcome
from tests.servers.embeddings import vector_of

TEXTS = ("one", "two")


def answer(*texts: str, **changes: object) -> Answer:
    """A right answer to these texts, but for the changes."""
    fields = {
        "vectors": np.stack([vector_of(text, 8) for text in texts]),
        "positions": tuple(range(len(texts))),
        "tokens_billed": 6,
        "model": "m",
    }
    return Answer(**(fields | changes))  # type: ignore[arg-type]  # the fields of Answer


def judged(given: Answer, *, expected_dims: int | None = None) -> Outcome:
    """The outcome for a first answer."""
    try:
        AnswerCheck(asked_model="m", expected_dims=expected_dims).judge(TEXTS, given)
    except Fault as fault:
        return fault.outcome
    return Outcome.OK


def test_a_right_answer_passes() -> None:
    """In either precision, and whether or not it names its model and tokens."""
    assert judged(answer(*TEXTS)) is Outcome.OK
    doubled = np.stack([vector_of(t, 8) for t in TEXTS]).astype(np.float64)
    assert judged(answer(*TEXTS, vectors=doubled), expected_dims=8) is Outcome.OK
    assert judged(answer(*TEXTS, model=None, tokens_billed=None)) is Outcome.OK


def with_component(value: float) -> np.ndarray:
    """Vectors with one changed component."""
    vectors = np.stack([vector_of(text, 8) for text in TEXTS])
    vectors[1, 3] = value
    return vectors


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"model": "other"}, Outcome.WRONG_MODEL),
        ({"vectors": np.ones((1, 8)), "positions": (0,)}, Outcome.WRONG_COUNT),
        ({"vectors": np.ones((3, 8)), "positions": (0, 1, 2)}, Outcome.WRONG_COUNT),
        ({"positions": (0, 0)}, Outcome.WRONG_ORDER),
        ({"positions": (1, 2)}, Outcome.WRONG_ORDER),
        ({"positions": (0, -1)}, Outcome.WRONG_ORDER),
        ({"vectors": np.ones((2, 0))}, Outcome.WRONG_DIMENSIONS),
        ({"vectors": with_component(np.nan)}, Outcome.NOT_FINITE),
        ({"vectors": with_component(np.inf)}, Outcome.NOT_FINITE),
        ({"vectors": np.full((2, 8), 1e200)}, Outcome.NOT_FINITE),
        ({"vectors": np.full((2, 8), 1e30, dtype=np.float32)}, Outcome.NOT_FINITE),
        ({"vectors": np.array([[np.inf, 0.0], [1.0, 0.0]])}, Outcome.NOT_FINITE),
        ({"vectors": np.zeros((2, 8))}, Outcome.ZERO_NORM),
        ({"tokens_billed": 0}, Outcome.IMPLAUSIBLE_USAGE),
        ({"tokens_billed": 1_000}, Outcome.IMPLAUSIBLE_USAGE),
    ],
)
def test_each_defect_has_its_name(changes: dict[str, object], outcome: Outcome) -> None:
    """The outcome says what is wrong, and keeps what was billed for it."""
    changed = answer(*TEXTS, reported=Reported(http_status=200), **changes)
    with pytest.raises(Fault) as found:
        AnswerCheck(asked_model="m", expected_dims=None).judge(TEXTS, changed)
    assert found.value.outcome is outcome
    assert found.value.reported is changed.reported
    assert found.value.tokens_billed == changed.tokens_billed


def test_the_first_answer_sets_the_dimensions_unless_they_are_known() -> None:
    """A service that changes its mind in the middle is noticed."""
    assert judged(answer(*TEXTS), expected_dims=9) is Outcome.WRONG_DIMENSIONS
    check = AnswerCheck(asked_model=None, expected_dims=None)
    check.judge(TEXTS, answer(*TEXTS))
    shorter = np.stack([vector_of(text, 7) for text in TEXTS])
    with pytest.raises(Fault, match="7 dimensions instead of 8"):
        check.judge(TEXTS, answer(*TEXTS, vectors=shorter))


def test_the_same_text_must_give_the_same_vector_again() -> None:
    """Rounding is forgiven, another vector is not."""
    check = AnswerCheck(asked_model="m", expected_dims=None)
    check.judge(TEXTS, answer(*TEXTS))
    nudged = np.stack([vector_of(text, 8) for text in TEXTS]) + np.float32(1e-3)
    check.judge(TEXTS, answer(*TEXTS, vectors=nudged))
    with pytest.raises(Fault, match="unstable_vector"):
        check.judge(TEXTS, answer("other", "texts"))


@pytest.mark.parametrize(
    ("asked", "echoed", "same"),
    [
        ("m", "m", True),
        ("text-embedding-ada-002", "text-embedding-ada-002-v2", True),
        ("BAAI/bge-m3", "bge-m3", True),
        ("@cf/baai/bge-m3", "BAAI/BGE-M3", True),
        ("nomic-embed-text", "nomic-embed-text:latest", True),
        ("text-embedding-3-small", "text-embedding-3-large", False),
        ("e5-large", "e5-larger", False),
        ("bge-m3", "", False),
    ],
)
def test_names_of_one_model(asked: str, echoed: str, same: bool) -> None:
    """Owner, case and an appended version do not make another model."""
    assert same_model(asked, echoed) is same


def test_implausible_counts_are_not_passed_on() -> None:
    """What is billed must lie between a token a text and a token a byte with its markers."""
    assert plausible_tokens(TEXTS, 2) == 2
    assert plausible_tokens(TEXTS, 70) == 70
    assert plausible_tokens(TEXTS, 71) is None
    assert plausible_tokens(TEXTS, -1) is None
    assert plausible_tokens(TEXTS, None) is None


def test_vectors_out_of_order_are_put_right_by_their_index_and_noted() -> None:
    """The index is what the interface has for that: order on the wire is no promise."""
    check = AnswerCheck(asked_model="m", expected_dims=None)
    swapped = np.stack([vector_of(text, 8) for text in reversed(TEXTS)])
    found = check.judge(TEXTS, answer(*TEXTS, vectors=swapped, positions=(1, 0)))
    assert np.array_equal(found.vectors, answer(*TEXTS).vectors)
    assert found.positions == (0, 1)
    assert "out of order" in found.note
    assert check.judge(TEXTS, answer(*TEXTS)).note == ""


@pytest.mark.parametrize(
    ("billed", "right"), [(7, True), (8, True), (None, True), (70, False), (2, False)]
)
def test_billed_tokens_are_held_against_the_models_own_vocabulary(
    billed: int | None, right: bool
) -> None:
    """Ten times too many pass as bytes and not as tokens; a marker or two are no reason."""
    texts = ("hello world", "<|endoftext|>")
    check = AnswerCheck(asked_model="text-embedding-3-small", expected_dims=None)
    assert check.tokens_of(texts) == 2 + 7
    given = answer(*texts, tokens_billed=billed, model=None)
    if right:
        check.judge(texts, given)
        return
    with pytest.raises(Fault, match="of 9 by the model's own tokenizer") as found:
        check.judge(texts, given)
    assert found.value.outcome is Outcome.IMPLAUSIBLE_USAGE


def test_a_vocabulary_that_is_not_known_and_a_text_without_end_are_not_counted() -> None:
    """Unknown is None, never a guess; nobody waits for a novel to be counted."""
    assert AnswerCheck(asked_model="bge-m3", expected_dims=None).tokens_of(TEXTS) is None
    known = AnswerCheck(asked_model="openai/text-embedding-3-large", expected_dims=None)
    assert known.tokens_of(("tiktoken is great!",)) == 6
    assert known.tokens_of(("x" * 20_001,)) is None


def test_another_model_is_a_fault_that_prints_both_names() -> None:
    """At an option of the catalogue: it was not this model that was measured."""
    check = AnswerCheck(asked_model="bge-m3", expected_dims=None)
    with pytest.raises(Fault) as found:
        check.judge(TEXTS, answer(*TEXTS, model="another-embedder"))
    assert found.value.outcome is Outcome.WRONG_MODEL
    assert found.value.detail == "asked for bge-m3, and the answer names another-embedder"


def test_another_model_is_noted_at_a_typed_address() -> None:
    """A deployment may be called anything; the note of a right answer stays beside it."""
    check = AnswerCheck(asked_model="mine", expected_dims=None, typed=True)
    swapped = answer(*TEXTS[::-1], positions=(1, 0), model="text-embedding-3-small")
    note = check.judge(TEXTS, swapped).note
    assert note.startswith(f"{OTHER_MODEL}text-embedding-3-small; vectors out of order")


@pytest.mark.parametrize("echoed", ["x" * 5_000, "sk-abcdefghijklmnop", "\x1b[31mred\u202e"])
def test_a_strange_name_is_printed_plain_and_short(echoed: str) -> None:
    """It is the server's to say, and no key, text or escape is kept of it."""
    check = AnswerCheck(asked_model="mine", expected_dims=None, typed=True)
    note = check.judge(TEXTS, answer(*TEXTS, model=echoed)).note
    assert len(note) < 120
    assert note.isprintable()
    assert "abcdefghijklmnop" not in note


def test_a_usage_of_nothing_is_no_statement_where_nothing_is_billed() -> None:
    """LM Studio sends zeros; where tokens are billed nobody knows what such an answer cost."""
    free = AnswerCheck(asked_model="m", expected_dims=None, free=True)
    assert free.judge(TEXTS, answer(*TEXTS, tokens_billed=0)).tokens_billed is None
    assert judged(answer(*TEXTS, tokens_billed=0)) is Outcome.IMPLAUSIBLE_USAGE
    with pytest.raises(Fault, match="implausible_usage"):
        free.judge(TEXTS, answer(*TEXTS, tokens_billed=-5))
    with pytest.raises(Fault, match="implausible_usage"):
        free.judge(TEXTS, answer(*TEXTS, tokens_billed=10**9))
