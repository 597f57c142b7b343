"""What every bill answers, whatever it bills: the one door between the decision and a cost."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from core.cost.curve.breakdown import CostLine
from core.cost.curve.piecewise import Floats, Piecewise
from core.cost.under_factors.many_factors import Column, Factors


@dataclass(frozen=True, slots=True)
class Running:
    """The machines behind a bill at one volume."""

    working: int
    """Replicas that carry load in the busy hour, spare ones apart."""
    spare: int
    mean: float
    """Paid for on average over the month, spare included."""
    api_share: float | None = None
    """Share of the tokens that goes to an API; None where there is none."""
    delayed_share: float | None = None
    """Share of the requests that meet a cold start; None where nothing ever stops."""
    at_work: float | None = None
    """Replicas' worth of work among those paid for; None: what they carry within the objective."""
    waiting_runs_per_day: float | None = None
    """Runs a day that work that can wait is gathered into, 0: it rides along with the rest; None
    where none is gathered."""


class MonthlyBill(ABC):
    """A month's bill over the volume offered, in USD and tokens/month.

    The defaults are those of what is paid by use alone: no machine, no end, nothing cold. A new
    kind of bill says what differs, and every question to it is answered.
    """

    __slots__ = ()

    @abstractmethod
    def curve(self) -> Piecewise:
        """Cost over volume, exact."""

    @abstractmethod
    def lines(self, tokens_per_month: float) -> tuple[CostLine, ...]:
        """The bill at a volume, line by line; the lines sum to the curve's value."""

    @abstractmethod
    def under(self, factors: Factors, volume: Column) -> Column:
        """The cost with the bill's parameters multiplied, one value a scenario.

        With every factor 1 it is the curve.
        """

    def running(self, tokens_per_month: float) -> Running | None:
        """The machines at a volume; None where there are none to run."""
        del tokens_per_month
        return None

    def paid_replicas(self, tokens_per_month: Floats) -> Floats | None:
        """Replicas paid for in the busy hour, spare included; None where they are not counted."""
        del tokens_per_month
        return None

    def working_replicas(self, tokens_per_month: Floats) -> Floats:
        """Those that carry load in the busy hour, spare ones apart; 0 where there are none."""
        return np.zeros_like(tokens_per_month)

    def by_hour(self, needed: Floats, working: Floats | float) -> Floats:
        """Replicas that work in hours that need so many, where so many work in the busiest."""
        return np.full(needed.shape, working)

    def tokens_delaying_at_most(self, share: float) -> float:
        """Volume from which at most this share of the requests meets a cold start."""
        del share
        return 0.0

    def added_usd(self, volume: Floats, tokens: Floats, *, batched: bool) -> Floats:
        """What an API asks for tokens beyond a month's volume, USD, all of them by batch or none.

        Where replicas carry the volume that is what the month costs more.
        """
        del batched
        cost = self.curve()
        return np.asarray(cost.at(volume + tokens) - cost.at(volume))

    def provider_curve(self) -> Piecewise:
        """What its provider bills over the volume: without storage that is paid elsewhere."""
        return self.curve()

    @property
    def is_by_use(self) -> bool:
        """Whether nothing but what is used is paid, through an interface of the provider."""
        return False

    @property
    def ceiling_tokens(self) -> float:
        """Volume that its machines carry at most; inf: without end."""
        return float("inf")

    @property
    def starts_cold(self) -> bool:
        """Whether it stops when idle, and a request may have to wait for its start."""
        return False

    @property
    def idle_is_paid(self) -> bool:
        """Whether its machines are paid for while they have nothing to do."""
        return True

    @property
    def spills(self) -> bool:
        """Whether an API takes what its machines do not carry."""
        return False

    @property
    def api_bill(self) -> "MonthlyBill | None":
        """The bill of the API that takes everything where no machine works; None without one."""
        return None

    @property
    def gathers(self) -> bool:
        """Whether work that can wait is gathered on whole replicas, instead of in the valleys."""
        return False

    @property
    def batch_saving(self) -> float:
        """Share of the usage that batch prices take off."""
        return 0.0

    @property
    def beside_usd_per_token(self) -> float:
        """What goes with a token besides its computing: egress."""
        return 0.0

    @property
    def replica_usd_per_month(self) -> float:
        """Rent or capital of one replica a month."""
        return 0.0

    @property
    def host_usd_per_month(self) -> float:
        """What is billed beside a replica a month, whatever the price of its GPU."""
        return 0.0
