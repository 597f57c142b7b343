"""Is this answer an answer? A 200 with a broken vector must not be a fast success."""

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.plain_text import made_plain
from core.probe.answers.one_vector import NEARLY_ONE, UnlikeTexts
from core.probe.answers.token_count import counter_for
from core.probe.records.embedder import Answer, Fault
from core.probe.records.sample import Outcome
from core.probe.refusal.cleaned import cleaned

MOST_REMEMBERED: Final = 2_000
"""Vectors that are kept to be held against those of the same texts later."""
LEAST_NORM: Final = 1e-6
MOST_NORM: Final = 1e9
"""No model gives vectors of this length; float32 still holds their squares."""
SAME_TEXT_LEAST_COSINE: Final = 0.99
"""Batching and reduced precision move a vector by less than this; another model does not."""
OUT_OF_ORDER: Final = "vectors out of order, put right by their index"
OTHER_MODEL: Final = "the answer names the model "
"""Noted of a right answer, before the name."""
MOST_NAME: Final = 60
COUNT_SLACK: Final = 0.1
"""Share by which billed tokens may differ from a count with the right vocabulary."""
MARKERS_PER_TEXT: Final = 3
SPECIAL_TOKENS_PER_TEXT: Final = 32
"""Allowance for markers and a built-in instruction on top of one token a byte."""


class AnswerCheck:
    """Judges the answers of one run; it remembers what the run has shown so far.

    ``expected_dims`` None: the first answer sets them. ``asked_model`` None: the model's name is
    not checked (the local engine has none to echo). Where the vocabulary of the model is known,
    the billed tokens are held against our own count.

    ``typed``: the address is nobody's whom the catalogue knows, so that another model's name is
    noted and no fault: a deployment may be called anything. ``free``: nothing is billed, so that a
    usage of 0, which servers send that do not count, is no statement.
    """

    def __init__(
        self,
        *,
        asked_model: str | None,
        expected_dims: int | None,
        typed: bool = False,
        free: bool = False,
    ) -> None:
        self._typed = typed
        self._free = free
        self._asked_model = asked_model
        self._dims = expected_dims
        self._seen: OrderedDict[str, tuple[NDArray[np.float32], float]] = OrderedDict()
        """Vector of each text, and the square of its length; of the latest texts alone."""
        self._unlike = UnlikeTexts()
        self._counter = counter_for(asked_model)

    def tokens_of(self, texts: Sequence[str]) -> int | None:
        """Tokens by the model's own vocabulary; None where that is not known here."""
        return self._counter.count(texts) if self._counter is not None else None

    def judge(self, texts: Sequence[str], answer: Answer) -> Answer:
        """Give back the answer to ``texts``, its vectors in their order.

        Raises Fault with its first defect, where it is none.
        """
        try:
            answer = self._named(answer, texts)
            if self._free and answer.tokens_billed == 0:
                answer = replace(answer, tokens_billed=None)
            answer = _in_order(len(texts), answer)
            squares = self._judge_vectors(answer.vectors)
            _judge_usage(texts, answer.tokens_billed)
            _judge_count(self.tokens_of(texts), len(texts), answer.tokens_billed)
            self._judge_stability(texts, answer.vectors, squares)
            if self._nearly_one(texts, answer.vectors, squares):
                answer = _noted(answer, NEARLY_ONE)
        except Fault as fault:
            raise Fault(
                fault.outcome,
                fault.detail,
                reported=answer.reported,
                tokens_billed=answer.tokens_billed,
            ) from None
        return answer

    def _named(self, answer: Answer, texts: Sequence[str]) -> Answer:
        """The answer, noted where it names another model. Raises Fault where it may not."""
        asked, echoed = self._asked_model, answer.model
        if not asked or not echoed or same_model(asked, echoed):
            return answer
        shown = made_plain(cleaned(echoed, texts), MOST_NAME)
        if self._typed:
            return _noted(answer, f"{OTHER_MODEL}{shown}")
        asked = made_plain(asked, MOST_NAME)
        raise Fault(Outcome.WRONG_MODEL, f"asked for {asked}, and the answer names {shown}")

    def _judge_vectors(self, vectors: NDArray[np.float32] | NDArray[np.float64]) -> list[float]:
        """Squares of the vectors' lengths, where they are vectors. Raises Fault."""
        dims = vectors.shape[1]
        expected = self._dims or dims
        if dims != expected or dims == 0:
            raise Fault(Outcome.WRONG_DIMENSIONS, f"{dims} dimensions instead of {expected}")
        with np.errstate(over="ignore", invalid="ignore"):  # named below, not warned of
            squares = [float(np.dot(vector, vector)) for vector in vectors]
        if not all(square <= MOST_NORM**2 for square in squares):  # NaN compares as False
            raise Fault(Outcome.NOT_FINITE, "a vector holds NaN, infinity or an absurd number")
        if min(squares) < LEAST_NORM**2:
            raise Fault(Outcome.ZERO_NORM, "a vector is all zeros")
        self._dims = dims
        return squares

    def _judge_stability(
        self,
        texts: Sequence[str],
        vectors: NDArray[np.float32] | NDArray[np.float64],
        squares: Sequence[float],
    ) -> None:
        for text, vector, square in zip(texts, vectors, squares, strict=True):
            seen = self._seen.get(text)
            if seen is None:
                self._seen[text] = vector.astype(np.float32), square
                if len(self._seen) > MOST_REMEMBERED:
                    self._seen.popitem(last=False)
                continue
            before, square_before = seen
            cosine = float(np.dot(before, vector)) / math.sqrt(square_before * square)
            if cosine < SAME_TEXT_LEAST_COSINE:
                raise Fault(
                    Outcome.UNSTABLE_VECTOR,
                    f"the same text gave another vector before (cosine {cosine:.2f})",
                )

    def _nearly_one(
        self,
        texts: Sequence[str],
        vectors: NDArray[np.float32] | NDArray[np.float64],
        squares: Sequence[float],
    ) -> bool:
        """Whether unlike texts all had nearly one vector so far. Raises Fault where it is one."""
        for text, vector, square in zip(texts, vectors, squares, strict=True):
            self._unlike.see(text, vector, square)
        return self._unlike.judge()


def _noted(answer: Answer, words: str) -> Answer:
    """The answer with one more note."""
    return replace(answer, note="; ".join(filter(None, (answer.note, words))))


def _in_order(n_texts: int, answer: Answer) -> Answer:
    """The answer with each vector in the place that it says it belongs to. Raises Fault.

    The interface states an index for that purpose: another order on the wire is no error.
    """
    if len(answer.vectors) != n_texts:
        raise Fault(Outcome.WRONG_COUNT, f"{len(answer.vectors)} vectors for {n_texts} texts")
    places = tuple(range(n_texts))
    if answer.positions == places:
        return answer
    if tuple(sorted(answer.positions)) != places:
        raise Fault(Outcome.WRONG_ORDER, "the vectors do not say which text each belongs to")
    vectors = answer.vectors[np.argsort(answer.positions)]
    return _noted(replace(answer, vectors=vectors, positions=places), OUT_OF_ORDER)


def same_model(asked: str, echoed: str) -> bool:
    """Whether two names mean one model: owner and case aside, a version may be appended.

    Services answer "text-embedding-ada-002-v2" to "text-embedding-ada-002" and "bge-m3" to
    "BAAI/bge-m3".
    """
    a, b = (name.rsplit("/", 1)[-1].casefold() for name in (asked, echoed))
    shorter, longer = sorted((a, b), key=len)
    return longer == shorter or (longer.startswith(shorter) and longer[len(shorter)] in "-:@.")


def plausible_tokens(texts: Sequence[str], tokens_billed: int | None) -> int | None:
    """``tokens_billed``, or None where that many tokens cannot be."""
    if tokens_billed is None or not len(texts) <= tokens_billed <= _most_tokens(texts):
        return None
    return tokens_billed


def _most_tokens(texts: Sequence[str]) -> int:
    """A token has at least one byte; markers come on top."""
    return sum(len(text.encode()) + SPECIAL_TOKENS_PER_TEXT for text in texts)


def _judge_count(counted: int | None, n_texts: int, billed: int | None) -> None:
    """Hold billed tokens against our own count, with room for markers around each text."""
    if counted is None or billed is None:
        return
    slack = COUNT_SLACK * counted + MARKERS_PER_TEXT * n_texts
    if abs(billed - counted) > slack:
        raise Fault(
            Outcome.IMPLAUSIBLE_USAGE,
            f"{billed:,} tokens billed for texts of {counted:,} by the model's own tokenizer",
        )


def _judge_usage(texts: Sequence[str], tokens_billed: int | None) -> None:
    if tokens_billed is not None and plausible_tokens(texts, tokens_billed) is None:
        raise Fault(
            Outcome.IMPLAUSIBLE_USAGE,
            f"{tokens_billed:,} tokens billed where {len(texts):,} to {_most_tokens(texts):,} are "
            "possible",
        )
