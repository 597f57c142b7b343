"""What a machine that one pays the electricity of draws, in the bill."""

from dataclasses import dataclass
from typing import Final

from core.cost.by_replica.hosted_bill import active_energy_usd_per_token, idle_energy_line
from core.cost.curve.breakdown import CostLine
from core.decide.capacity.fleet import busy_s_per_token
from core.decide.case import Case
from core.decide.result.option import CapacityUsed, PowerUsed
from core.measurement.measured import Measurement

MEASURED: Final = frozenset({"NVML", "RAPL"})
"""Sources of watts that were read while the engine worked. A datasheet's TDP is none of them."""


@dataclass(frozen=True, slots=True)
class Electricity:
    """Of one replica."""

    idle: CostLine
    """A month of standing there."""
    active_usd_per_token: float
    """What a token of the workload adds to that."""
    busy_us: float
    """Microseconds of computing for a processed token."""


def electricity(
    idle_w: float, active_w: float, capacity: CapacityUsed | None, case: Case
) -> Electricity:
    """Idle watts for the whole month, and those above idle for as long as a kernel runs."""
    hosting = case.scenario.hosting
    price, overhead = hosting.usd_per_kwh, hosting.power_usage_effectiveness
    idle = idle_energy_line(idle_w, price, overhead, case.scenario.calendar)
    if capacity is None:
        return Electricity(idle, 0.0, 0.0)
    busy_s = busy_s_per_token(capacity, case.load.rhythm)
    active = active_energy_usd_per_token(active_w, idle_w, busy_s, price, overhead)
    return Electricity(idle, active * capacity.processed_share, busy_s * 1e6)


def own_power(measured: Measurement | None, *, in_the_price: bool) -> tuple[PowerUsed | None, str]:
    """Measured watts that come on top of this machine's hourly price, and a remark on them."""
    fit = measured.fit if measured is not None else None
    if fit is None:
        return None, ""
    if in_the_price:
        return None, "its electricity is in the hourly price, as you said"
    if fit.energy_source not in MEASURED or fit.idle_w is None or fit.active_w is None:
        return None, "its electricity is not billed: no power was measured; put it into the price"
    power = PowerUsed(fit.idle_w, fit.active_w, fit.energy_source)
    what = "the GPU's" if power.source == "NVML" else "the processor's"
    return power, (
        f"{what} electricity on top of the hourly price: {power.idle_w:.0f} W idle, "
        f"{power.active_w:.0f} W at full batches, read by {power.source}"
    )
