"""What is recommended, why, and what else there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from core.decide.advice.violation import Rule, Violation
from core.decide.demands.demand_words import listed, usd_words
from core.decide.result.snapshot import OptionAtVolume

__all__ = ["Advice", "Cheaper", "OutOfReach", "ParetoPoint", "Recommendation", "Rule", "Violation"]


class Advice(StrEnum):
    """The kinds of answer."""

    NONE = "none"
    """No option is feasible."""
    NEITHER = "neither"
    """The bill is too small to matter: take what is running soonest."""
    STAY = "stay"
    """Moving does not pay within the horizon."""
    BATCH = "batch API for the part that can wait"
    OPEN_WEIGHTS = "hosted open weights"
    API = "API"
    HYBRID = "hybrid with the same weights"
    SELF_HOST = "self-host"


@dataclass(frozen=True, slots=True)
class OutOfReach:
    """An option that is out, with everything that would have to give."""

    row: OptionAtVolume
    violations: tuple[Violation, ...]

    @property
    def only_unknown(self) -> bool:
        """Whether nothing is known against it: only something is not known that matters."""
        unknown = {Rule.QUALITY_UNKNOWN, Rule.NOT_KNOWN}
        return all(violation.rule in unknown for violation in self.violations)


@dataclass(frozen=True, slots=True)
class Loosened:
    """One demand, loosened as little as will do."""

    demand: str
    words: str
    """What to do, without a full stop: "Raise the budget to $18.00 a month"."""
    changes: tuple[tuple[str, str, Any], ...]
    """What that changes in the question: section, field and value."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """Where nobody suits: one demand, or two together, and who suits without."""

    loosened: tuple[Loosened, ...]
    option_id: str
    label: str
    usd_per_month: float
    """The cheapest bill of those that are let in."""

    @property
    def sentence(self) -> str:
        """What to relax, by how much, and whom that lets in at what bill."""
        first, *others = (one.words for one in self.loosened)
        asked = listed([first, *(f"{words[:1].lower()}{words[1:]}" for words in others)])
        return f"{asked}; then {self.label} suits, at {usd_words(self.usd_per_month)} a month."


def said_of_relaxations(ways: Sequence[Relaxation]) -> tuple[str, ...]:
    """What to relax where nobody suits, the first first; nothing where nothing would help."""
    if not ways:
        return ()
    first, *others = ways
    if len(first.loosened) > 1:
        return (f"No single demand is enough. {first.sentence}",)
    return (
        f"The one demand to relax: {first.sentence}",
        *(f"Or: {other.sentence}" for other in others),
    )


@dataclass(frozen=True, slots=True)
class Cheaper:
    """An option of the catalogue that was not chosen, and costs less than one that was."""

    row: OptionAtVolume
    than: OptionAtVolume
    usd_per_month: float
    """On average over the ranges of its inputs, as the saving is."""
    saving_usd_per_month: float
    embeds_again: bool = False
    """Whether it has another model, so that everything must be embedded again."""

    @property
    def is_hybrid(self) -> bool:
        """Whether an API takes the bursts of replicas."""
        return self.row.option.burst is not None

    @property
    def sentence(self) -> str:
        """What it is, what it costs, what it saves, and what it asks for."""
        usd, less = f"${self.usd_per_month:,.2f} a month", f"${self.saving_usd_per_month:,.2f} less"
        if self.is_hybrid:
            return self._hybrid_sentence(usd, less)
        if self.embeds_again:
            return (
                f"With another model (everything must be embedded again): {self.row.option.label} "
                f"costs {usd}, {less}."
            )
        return (
            f"A cheaper one is in the catalogue: {self.row.option.label} costs {usd} with the same "
            f"vectors as {self.than.option.label}, {less}."
        )

    def _hybrid_sentence(self, usd: str, less: str) -> str:
        """How many replicas of what, whose API takes the rest, and how much that is."""
        option = self.row.option
        api = "" if option.burst is None else option.burst.label
        base = option.label.removesuffix(f" + {api}")
        vectors = (
            "With another model (everything must be embedded again)"
            if self.embeds_again
            else f"A hybrid with the same vectors as {self.than.option.label} costs less"
        )
        return (
            f"{vectors}: base on {self.row.replicas} x {base}, bursts to {api} "
            f"({100 * (self.row.api_share or 0.0):.2g} % of the tokens): {usd}, {less}."
        )


@dataclass(frozen=True, slots=True)
class ParetoPoint:
    """One feasible option among cost, latency and quality."""

    row: OptionAtVolume
    usd_low: float
    usd_high: float
    """Where 9 of 10 samples lie; the cost itself where nothing is uncertain."""
    p95_s: float | None
    p95_low_s: float | None
    p95_high_s: float | None
    latency_basis: str
    """"measured", "predicted", "published" or "" where nothing is known."""
    quality: float | None
    quality_is: str
    """What ``quality`` is: "your score", or the recall that was measured on one's own queries."""
    on_front: bool
    """Whether no other is at least as good in everything known and better in something."""


@dataclass(frozen=True, slots=True)
class Recommendation:
    """The answer as data; dashboard.components turns it into sentences."""

    advice: Advice
    option: OptionAtVolume | None
    """What to use; None where nothing is feasible."""
    runner_up: OptionAtVolume | None
    margin_usd_per_month: float | None
    """By how much the runner-up costs more on average."""
    current: OptionAtVolume | None
    """What is in use, where the user said."""
    move_usd: float
    """One-off cost of moving from it to the cheapest; 0 without one."""
    saving_usd_per_month: float
    """What the cheapest saves on the one in use."""
    pays_back_in_months: float | None
    """None: never, or nothing to pay back."""
    same_weights: OptionAtVolume | None
    """Cheapest feasible API with the weights that self-hosting would use: from there a move to
    self-hosting embeds nothing anew."""
    self_hosted: OptionAtVolume | None
    """Cheapest feasible self-hosted option."""
    feasible: tuple[OptionAtVolume, ...]
    """Cheapest on average first."""
    out: tuple[OutOfReach, ...]
    """The nearest first: fewest obstacles, then cheapest."""
    small_bill_usd: float
    """Below this the bill is too small to matter."""
