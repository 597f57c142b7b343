"""What a sweep saw of the objective at its rates, set against what its fit says of it."""

from dataclasses import dataclass
from typing import Final

from core.decide.capacity.meets_objective import percent
from core.decide.load.text_load import TextLoad
from core.measurement.seen_load import SeenLoad
from core.measurement.sweep import EngineFit

ALIKE: Final = 1.25
"""Texts within this factor of those of the sweep are as long: four characters a token is no
nearer."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """The load over full batches at which the objective is kept, and who says so."""

    load: float | None
    """None: at none."""
    said: str


def allowed_load(
    fitted: float | None, full_tokens_per_s: float, fit: EngineFit, texts: TextLoad, slo_s: float
) -> Allowed:
    """Bound the fit's load by what was measured: below each rate that missed, above each that kept.

    A rate that missed counts for texts that are as long or longer, one that kept for texts that are
    as long or shorter, and all alike. ``fitted``: None where the fit says at no load.
    """
    seen = [(_load(one, full_tokens_per_s), one) for one in fit.loads]
    if fit.tokens_per_text > ALIKE * texts.tokens:
        missed = []
    else:
        missed = [(load, one) for load, one in seen if one.keeps(slo_s) is False]
    least = min(missed, key=lambda pair: pair[0], default=None)
    may_keep = len(texts.lengths) == 1 and texts.tokens <= ALIKE * fit.tokens_per_text
    keeping = [
        (load, one)
        for load, one in seen
        if may_keep and one.keeps(slo_s) and (least is None or load < least[0])
    ]
    most = max(keeping, key=lambda pair: pair[0], default=None)
    return _decided(fitted, least, most, slo_s)


Seen = tuple[float, SeenLoad]


def _load(seen: SeenLoad, full_tokens_per_s: float) -> float:
    """Its rate over full batches, as tokens and as a share of what came out: the lower of them."""
    return min(seen.share, seen.tokens_per_s / full_tokens_per_s)


def _decided(fitted: float | None, least: Seen | None, most: Seen | None, slo_s: float) -> Allowed:
    alone = "at no load" if fitted is None else f"up to {percent(fitted)}"
    by_fit = f"The fit alone would keep {slo_s:g} s {alone} of full batches"
    if least is not None and fitted is not None and fitted >= least[0]:
        missed = f"{by_fit}, and {_words(least)} missed it"
        if most is None:
            return Allowed(least[0], f"{missed}: no more counts, and less was not seen to keep it.")
        return Allowed(most[0], f"{missed}: what counts is {_words(most)}, which kept it.")
    if most is not None and (fitted is None or fitted < most[0]):
        return Allowed(most[0], f"{by_fit}; {_words(most)} kept it, and counts.")
    if least is None and most is None:
        return Allowed(fitted, f"{by_fit}; no measured rate says anything of it.")
    agree = " and ".join(
        f"{_words(pair)} {did}"
        for pair, did in ((most, "kept it"), (least, "missed it"))
        if pair is not None
    )
    return Allowed(fitted, f"{by_fit}; that agrees with what was measured: {agree}.")


def _words(seen: Seen) -> str:
    load, one = seen
    p95 = "failures" if one.p95_s is None else f"p95 {one.p95_s:.3g} s"
    return f"a measured rate of {percent(load)} ({p95})"
