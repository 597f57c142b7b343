"""How many tokens a second one card embeds at full batches: published, or predicted from that."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.serving.batch.physics import ModelShape, checked_mfu, flops_per_token

DEFAULT_TOKENS_PER_TEXT = 512.0
"""Length assumed where a source does not state it: full windows of a 512-token model."""


@dataclass(frozen=True, slots=True)
class PublishedRate:
    """A rate that somebody published for one model on one kind of card."""

    model: str
    card: str
    server: str
    tokens_per_s: float
    """Per card."""
    tokens_per_text: float | None
    shape: ModelShape | None
    """None where the model's shape is unknown; it then predicts nothing else."""
    dense_tflops: float


@dataclass(frozen=True, slots=True)
class Nominal:
    """Throughput of one card at full batches."""

    tokens_per_s: float
    low_tokens_per_s: float | None
    high_tokens_per_s: float | None
    basis: str
    """"published" or "predicted"."""
    explanation: str
    warning: str
    """Doubt about the figure, "" without one."""
    reference: PublishedRate
    """The row that the figure is, or was carried over from."""


def nominal_throughput(
    model: str,
    card: str,
    shape: ModelShape | None,
    dense_tflops: float,
    rates: Sequence[PublishedRate],
) -> Nominal | None:
    """The best published rate of the pair, else one carried over; None where neither is possible.

    ``rates`` holds usable rows only. Raises ModelInputError where the figure is above the peak.
    """
    own = [rate for rate in rates if rate.model == model and rate.card == card]
    if own:
        return _published(own)
    known = [rate for rate in rates if rate.shape is not None]
    if shape is None or not known:
        return None
    return _predicted(_nearest(model, card, known), rates, card, shape, dense_tflops)


def _published(own: Sequence[PublishedRate]) -> Nominal:
    best = max(own, key=lambda rate: rate.tokens_per_s)
    low, high = _spread(own)
    explanation = f"Published for {best.server}: {best.tokens_per_s:,.0f} tokens/s"
    if low < high:
        explanation += f"; other servers on the same card down to {low:,.0f}"
    warning = ""
    if best.shape is not None:
        flops = flops_per_token(best.shape, best.tokens_per_text or DEFAULT_TOKENS_PER_TEXT)
        _, warning = checked_mfu(best.tokens_per_s, flops, best.dense_tflops)
    several = low < high
    return Nominal(
        best.tokens_per_s,
        low if several else None,
        high if several else None,
        "published",
        f"{explanation}.",
        warning,
        best,
    )


def _nearest(model: str, card: str, known: Sequence[PublishedRate]) -> PublishedRate:
    """The row to carry over from: same model before same card, then the best-studied pair.

    Of one pair the best row counts, as it does where it is published for the asker's own.
    """
    pairs = [(rate.model, rate.card) for rate in known]

    def closeness(rate: PublishedRate) -> tuple[bool, bool, int, float]:
        studied = pairs.count((rate.model, rate.card))
        return rate.model == model, rate.card == card, studied, rate.tokens_per_s

    return max(known, key=closeness)


def _predicted(
    reference: PublishedRate,
    rates: Sequence[PublishedRate],
    card: str,
    shape: ModelShape,
    dense_tflops: float,
) -> Nominal:
    """Carry a rate over at equal MFU: by the ratios of FLOPs per token and of dense peaks."""
    assert reference.shape is not None  # noqa: S101  chosen among rows that have one
    length = reference.tokens_per_text or DEFAULT_TOKENS_PER_TEXT
    work_ratio = flops_per_token(reference.shape, length) / flops_per_token(shape, length)
    peak_ratio = dense_tflops / reference.dense_tflops
    predicted = reference.tokens_per_s * work_ratio * peak_ratio
    low, high, spread_text = _widest_spread(rates)
    explanation = (
        f"Predicted from {reference.tokens_per_s:,.0f} tokens/s of {reference.model} on "
        f"{reference.card} ({reference.server}): x {work_ratio:.3g} for the work of a token, "
        f"x {peak_ratio:.3g} for the peak of {card}. {spread_text}"
    )
    _, warning = checked_mfu(predicted, flops_per_token(shape, length), dense_tflops)
    return Nominal(
        predicted, predicted * low / high, predicted, "predicted", explanation, warning, reference
    )


def _spread(rates: Sequence[PublishedRate]) -> tuple[float, float]:
    speeds = [rate.tokens_per_s for rate in rates]
    return min(speeds), max(speeds)


def _widest_spread(rates: Sequence[PublishedRate]) -> tuple[float, float, str]:
    """Slowest and fastest published server of the pair whose servers differ most, and a sentence.

    It is what the choice of a server alone does to a rate, hence the range of a prediction.
    """
    pairs: dict[tuple[str, str], list[PublishedRate]] = {}
    for rate in rates:
        pairs.setdefault((rate.model, rate.card), []).append(rate)
    widest = max(pairs.values(), key=lambda rows: _spread(rows)[1] / _spread(rows)[0])
    low, high = _spread(widest)
    text = (
        f"Published servers spread from {low:,.0f} to {high:,.0f} tokens/s for "
        f"{widest[0].model} on one {widest[0].card}: the range has the same ratio."
    )
    return low, high, text
