"""What a token costs on a GPU by the hour, and how much it must be used to be worth it."""

from core.cost.curve.checks import not_negative, positive
from core.units import SECONDS_PER_HOUR, TOKENS_PER_MTOK


def usd_per_mtok(
    usd_per_hour: float, throughput_tokens_per_s: float, utilisation: float
) -> float | None:
    """Unit cost 1e6 c_h/(3600 mu u), USD; None where nothing is processed (u = 0)."""
    not_negative("price of an hour", usd_per_hour)
    positive("throughput in tokens/s", throughput_tokens_per_s)
    if not_negative("utilisation", utilisation) == 0:
        return None
    tokens_per_hour = SECONDS_PER_HOUR * throughput_tokens_per_s * utilisation
    return TOKENS_PER_MTOK * usd_per_hour / tokens_per_hour


def break_even_utilisation(
    usd_per_hour: float, throughput_tokens_per_s: float, api_usd_per_token: float
) -> float:
    """Share of its throughput from which a GPU is cheaper, u* = c_h/(3600 mu p); above 1: never."""
    not_negative("price of an hour", usd_per_hour)
    positive("throughput in tokens/s", throughput_tokens_per_s)
    price = positive("the API's price of a token", api_usd_per_token)
    return usd_per_hour / (SECONDS_PER_HOUR * throughput_tokens_per_s * price)
