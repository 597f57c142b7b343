"""What the risk page reads: chances, bands, and what it is worth to know."""

from dataclasses import dataclass
from typing import Final

from core.cost.curve.piecewise import Floats
from core.cost.many_scenarios.value_of_information import Estimated
from core.decide.result.belief import Belief

__all__ = ["Axis", "Band", "Belief", "Certainty", "CrossingBand", "Decisive", "Estimated"]
__all__ += ["InputWorth", "OptionRisk", "PairWorth", "Risk", "is_worth"]

LEAST_WORTH_USD: Final = 1.0
"""USD a month: knowledge worth less is worth nothing to say."""


def is_worth(worth: Estimated) -> bool:
    """Whether knowing an input is worth more than cents, beyond the error of the estimate."""
    return worth.is_something and worth.value >= LEAST_WORTH_USD


@dataclass(frozen=True, slots=True)
class Band:
    """Where 9 of 10 samples lie, and the median. Numbers, or rows along the volume axis."""

    low: Floats
    median: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class OptionRisk:
    """One option that can serve the volume."""

    option_id: str
    label: str
    chance: Estimated
    """That it is the cheapest."""
    usd_low: float
    usd_median: float
    usd_high: float
    """Of its monthly cost: 5 %, 50 % and 95 %."""
    usd_mean: float
    """Of its monthly cost: by this it is ranked, here and everywhere."""


@dataclass(frozen=True, slots=True)
class InputWorth:
    """One input that has a range."""

    belief: Belief
    low_value: float
    high_value: float
    """The values that 5 % fall below and above."""
    low_margin_usd: float
    high_margin_usd: float
    """By how much the answer at the stated values is cheaper than the best other there, all else
    as stated; negative where another one is cheaper."""
    worth: Estimated
    """EVPPI: what knowing it first saves on average, USD/month."""
    total_index: Estimated
    """Share of the margin's variance that it has a part in, alone or with others (total Sobol)."""

    @property
    def flips(self) -> bool:
        """Whether another option is cheaper at one end of the range."""
        return min(self.low_margin_usd, self.high_margin_usd) < 0


@dataclass(frozen=True, slots=True)
class PairWorth:
    """What knowing two inputs together saves on average, USD/month."""

    one: Belief
    other: Belief
    worth: Estimated


@dataclass(frozen=True, slots=True)
class CrossingBand:
    """Where the cheapest self-hosted option first undercuts the cheapest API."""

    low_tokens: float | None
    median_tokens: float | None
    high_tokens: float | None
    """5 %, 50 % and 95 % of the samples, never ones counted as infinite; None: beyond the axis."""
    share_never: float
    """Of the samples in which it does so nowhere on the axis."""


@dataclass(frozen=True, slots=True)
class Axis:
    """The same along the volume axis, from fewer samples."""

    tokens_per_month: Floats
    option_ids: tuple[str, ...]
    labels: tuple[str, ...]
    chances: Floats
    """One row an option, one column a volume; an option that cannot serve a volume has 0."""
    means: Floats
    """Mean cost, USD/month, of the same form, whoever can serve."""
    bands: tuple[Band, ...]
    """Of each option's cost along the axis."""
    crossing: CrossingBand | None
    """None without an option of either kind."""
    samples: int


@dataclass(frozen=True, slots=True)
class Decisive:
    """The one input that is most worth knowing before deciding."""

    belief: Belief
    worth: Estimated
    """EVPPI, USD/month."""


@dataclass(frozen=True, slots=True)
class Certainty:
    """How sure the answer at one volume is."""

    options: tuple[OptionRisk, ...]
    """Those that can serve the volume, in the scenario's order."""
    regret: Estimated
    """EVPI: by how much the best in hindsight is cheaper on average, USD/month."""
    decisive: Decisive | None
    """None: no single input is worth finding out, or it was not asked."""

    @property
    def chances(self) -> dict[str, float]:
        """How often each option that can serve is the cheapest, by its id."""
        return {option.option_id: option.chance.value for option in self.options}

    def of(self, option_id: str) -> OptionRisk | None:
        """One option's figures; None where it cannot serve."""
        return next((one for one in self.options if one.option_id == option_id), None)


@dataclass(frozen=True, slots=True)
class Risk:
    """What could change the answer at one volume."""

    tokens_per_month: float
    stated: OptionRisk | None
    """Cheapest where every input is as stated; None where no option can serve the volume."""
    chosen: OptionRisk | None
    """Cheapest on average: the headline's winner."""
    options: tuple[OptionRisk, ...]
    """Those that can serve the volume, most often cheapest first."""
    stated_margin_usd: float
    """By how much the answer at the stated values is cheaper than the best other, USD/month."""
    evpi: Estimated
    inputs: tuple[InputWorth, ...]
    """Those with a range, the most valuable first, then by their share of the variance."""
    pairs: tuple[PairWorth, ...]
    """The most valuable first; empty while some single input is worth something."""
    samples: int


@dataclass(frozen=True, slots=True)
class LongRun:
    """A run of very many samples, as far as it has come."""

    done: int
    planned: int
    chances: tuple[tuple[str, Estimated], ...]
    """Option id and chance that it is the cheapest."""
    evpi: Estimated
    worths: tuple[tuple[Belief, Estimated], ...]
    """Each input and what knowing it first saves, USD/month."""
