"""What one replica carries: busy-hour load within the objective, and the month's volume."""

from core.errors import ModelInputError
from core.units import Calendar


def usable_tokens_per_s(nominal_tokens_per_s: float, utilisation_ceiling: float) -> float:
    """Busy-hour load that one replica carries: full-batch throughput times the ceiling."""
    if not 0 < utilisation_ceiling <= 1:
        raise ModelInputError(
            f"the utilisation ceiling must lie above 0 and at most at 1, not {utilisation_ceiling}"
        )
    return nominal_tokens_per_s * utilisation_ceiling


def tokens_per_month(
    usable_rate_tokens_per_s: float, peak_to_mean: float, calendar: Calendar
) -> float:
    """Mean volume a month whose busy hour is carried: usable / peak-to-mean x the month."""
    return usable_rate_tokens_per_s / peak_to_mean * calendar.seconds_per_month


def duty_cycle(
    volume_tokens_per_month: float,
    replicas: float,
    usable_rate_tokens_per_s: float,
    calendar: Calendar,
) -> float:
    """Tokens processed over the capacity paid for: replicas on average, spare ones included."""
    paid_for = replicas * usable_rate_tokens_per_s * calendar.seconds_per_month
    return volume_tokens_per_month / paid_for
