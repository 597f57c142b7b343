"""What a plan over months rests on besides the scenario: price trends and what moving costs."""

from dataclasses import dataclass

from core.cost.curve.checks import between, not_negative, share, whole
from core.errors import ModelInputError
from core.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Decline:
    """By how much prices fall a year: a rate with its range. Negative: they rise."""

    low: float = 0.0
    value: float = 0.0
    high: float = 0.0

    def __post_init__(self) -> None:
        for rate in (self.low, self.value, self.high):
            between(-1.0, 0.99, "fall of prices a year", rate)
        if not self.low <= self.value <= self.high:
            raise ModelInputError(
                f"the fall of prices must be in order, low {self.low:g}, value {self.value:g}, "
                f"high {self.high:g}"
            )


API_DECLINE = Decline(0.0, 0.0, 0.63)
"""None assumed; up to the 63 % a year by which API prices fell 20 times in three years."""
GPU_DECLINE = Decline(0.0, 0.0, 0.2)
"""None assumed; up to 20 % a year: a judgement."""


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """Trends, one-off costs and obligations."""

    current: str | None = None
    """Option in use today; None: nothing is, and beginning with any costs its set-up."""
    corpus_tokens: float = 0.0
    """Documents already embedded, embedded again at every change of weights."""
    kept_share: float = 1.0
    """Share of the monthly volume that is kept and joins the corpus: documents, not queries."""
    api_decline: Decline = API_DECLINE
    gpu_decline: Decline = GPU_DECLINE
    setup_usd: float = 15_000.0
    """Labour to set up self-hosting: two months of an engineer at half time."""
    move_usd: float = 5_000.0
    """Labour to move self-hosting to other machines, a third of setting up: a judgement."""
    refit_usd: float = 1_000.0
    """Labour to fit thresholds and evaluate anew after a change of weights: a judgement."""
    cutover_months: float = 1.0
    """For which old and new vectors are both kept."""
    storage_usd_per_gb_month: float = 0.33
    index_overhead: float = 0.5
    """What the index takes on top of the vectors, as a share of them."""
    commitment_months: int = 12
    """Term of what is reserved: whoever leaves earlier pays it to its end."""
    card_value_lost_per_year: float = 0.35
    """Share of its price that a card loses a year, for its resale: a judgement."""
    credits_usd: float = 0.0
    """Cloud credits, spent on the option that one begins with."""
    credits_with: str = ""
    """Provider that gave them; "": none."""
    least_saving_usd: float = 500.0
    """A change must save this much beyond its cost: nobody moves for less."""

    def __post_init__(self) -> None:
        not_negative("tokens of the corpus", self.corpus_tokens)
        share("share of the volume that is kept", self.kept_share)
        not_negative("labour of setting up", self.setup_usd)
        not_negative("labour of a move to other machines", self.move_usd)
        not_negative("labour of a change of weights", self.refit_usd)
        between(0.0, 24.0, "months of cut-over", self.cutover_months)
        not_negative("price of storage", self.storage_usd_per_gb_month)
        not_negative("index overhead", self.index_overhead)
        whole("months of commitment", self.commitment_months)
        share("value that a card loses a year", self.card_value_lost_per_year)
        not_negative("credits", self.credits_usd)
        not_negative("least saving of a change", self.least_saving_usd)


DEFAULT_TERMS = PlanTerms()


def terms_of(scenario: Scenario) -> PlanTerms:
    """The terms that the scenario already says: its corpus and what storing vectors costs."""
    vectors = scenario.vectors
    return PlanTerms(
        corpus_tokens=scenario.workload.corpus_tokens,
        storage_usd_per_gb_month=vectors.usd_per_gb_month,
        index_overhead=vectors.index_overhead,
    )
