"""What a token costs a GPU in arithmetic, and what a card can do at most."""

from dataclasses import dataclass
from typing import Final, Literal

from core.errors import ModelInputError

FLOPS_PER_TFLOP = 1e12
_WEIGHTS_OF_A_LAYER: Final = 12
"""Over the square of the hidden size: four matrices of attention, two of four times its width."""
_WIDTH_OF_A_LAYER: Final = 64
SUSPICIOUS_MFU = 0.60
"""Above this share of the dense peak a published rate deserves doubt."""


@dataclass(frozen=True, slots=True)
class ModelShape:
    """What the work for a token depends on."""

    params_non_embedding: float
    """Weights that multiply; the embedding table is a look-up and counts nothing. Of a mixture of
    experts those that work on a token."""
    layers: int | None
    """None where they are not known."""
    hidden: int | None
    params_stored: float | None = None
    """All weights beside the table, where they are more: those of all experts."""

    @property
    def width(self) -> float:
        """Layers times hidden size; where they are not known those of an encoder of this size.

        A layer has 12 d^2 weights, and BERT-base a layer for 64 of its hidden size.
        """
        if self.layers and self.hidden:
            return float(self.layers * self.hidden)
        like_bert = (_WIDTH_OF_A_LAYER * self.params_non_embedding / _WEIGHTS_OF_A_LAYER) ** (1 / 3)
        return self.params_non_embedding / (_WEIGHTS_OF_A_LAYER * (self.hidden or like_bert))

    @property
    def has_layers(self) -> bool:
        """Whether attention can be counted."""
        return self.layers is not None and self.hidden is not None

    @property
    def weights_read(self) -> float:
        """Weights that a pass over many texts reads: those of all experts."""
        return self.params_stored or self.params_non_embedding


def flops_per_token(shape: ModelShape, tokens_per_text: float) -> float:
    """Floating-point operations for one token of a text: 2N + 4 s d L.

    2N is a multiplication and an addition for each weight; 4 s d L is attention to all s tokens
    of the text, both ways (scores and weighted sum). After Kaplan et al. 2020 (appendix) and
    Hoffmann et al. 2022 (appendix F), without the halving that causal models have. Where the layers
    are not known 2N alone.
    """
    attention = 4 * tokens_per_text * shape.width if shape.has_layers else 0.0
    return 2 * shape.params_non_embedding + attention


def mfu(tokens_per_s: float, flops_of_token: float, dense_tflops: float) -> float:
    """Model FLOP utilisation: achieved FLOP/s over the dense peak of one or several cards."""
    return tokens_per_s * flops_of_token / (dense_tflops * FLOPS_PER_TFLOP)


def checked_mfu(
    tokens_per_s: float, flops_of_token: float, dense_tflops: float
) -> tuple[float, str]:
    """The implied MFU and a warning ("" where there is nothing to warn of).

    Raises ModelInputError above 100 %: no card computes more than its peak.
    """
    implied = mfu(tokens_per_s, flops_of_token, dense_tflops)
    if implied > 1:
        raise ModelInputError(
            f"{tokens_per_s:,.0f} tokens/s is impossible: it needs {implied:.0%} of the card's "
            f"dense peak of {dense_tflops:g} TFLOP/s"
        )
    if implied > SUSPICIOUS_MFU:
        return implied, (
            f"{tokens_per_s:,.0f} tokens/s implies {implied:.0%} of the card's dense peak; "
            f"above {SUSPICIOUS_MFU:.0%} a figure deserves doubt"
        )
    return implied, ""


GOOD_MFU: Final = 0.25
"""From this share of the peak on a server is good; common ones reach 20 to 50 %."""
BOUND_MFU: Final = 0.10
"""Below this share something other than arithmetic decides."""


@dataclass(frozen=True, slots=True)
class UtilisationVerdict:
    """What a share of the peak says of a server."""

    kind: Literal["impossible", "good", "fair", "bound"]
    sentence: str


def utilisation_verdict(share: float, dense_tflops: float, *, on_cpu: bool) -> UtilisationVerdict:
    """Judge an MFU against a peak in TFLOP/s. Raises ModelInputError for a share below 0."""
    if not share >= 0:
        raise ModelInputError(f"an MFU is 0 or more, not {share}")
    of = f"{share:.0%} of {dense_tflops:.3g} TFLOP/s"
    if share > 1:
        return UtilisationVerdict(
            "impossible",
            f"{of}: impossible. Check the clock, the peak and the count of tokens.",
        )
    if share >= GOOD_MFU:
        return UtilisationVerdict("good", f"{of} (MFU): a good server.")
    if share >= BOUND_MFU:
        return UtilisationVerdict(
            "fair", f"{of} (MFU): fair. Larger batches or longer texts may reach more."
        )
    mend = (
        "fewer threads than other programs leave free, or longer texts"
        if on_cpu
        else "larger batches, fp16 or bf16, or a server with its own tokenizer threads"
    )
    return UtilisationVerdict(
        "bound", f"{of} (MFU): bound by launches, the tokenizer or memory; try {mend}."
    )
