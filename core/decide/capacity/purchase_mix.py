"""What a rented replica costs an hour where some are reserved and some are spot."""

from core.catalog.schema import MachineOffer
from core.cost.by_replica.spot_and_reserved import Purchase, Tranche, chance_enough
from core.scenario import Hosting
from core.units import MINUTES_PER_HOUR, Calendar


def mixed_usd_per_hour(
    offer: MachineOffer, usd_per_hour: float, hosting: Hosting, calendar: Calendar
) -> float:
    """Mean price of an hour of work: shares of reserved and spot at their discounts.

    The time that spot loses to interruptions is paid. An offer that is itself spot or reserved, or
    paid by the month, is not mixed. A reservation is paid at all hours, so it is left out where
    replicas follow the load.
    """
    if offer.purchase == "spot":
        return _spot(usd_per_hour, hosting, calendar).usd_per_useful_hour
    if not offer.can_be_mixed:
        return usd_per_hour
    reserved = 0.0 if hosting.autoscale else hosting.reserved_share
    spot = (1 - reserved) * hosting.spot_share
    discounted = _spot(usd_per_hour * (1 - hosting.spot_discount), hosting, calendar)
    return (
        reserved * usd_per_hour * (1 - hosting.reserved_discount)
        + spot * discounted.usd_per_useful_hour
        + (1 - reserved - spot) * usd_per_hour
    )


def mix_note(offer: MachineOffer, hosting: Hosting) -> str:
    """The mix in words; "" where all is bought as listed."""
    if not offer.can_be_mixed:
        return ""
    parts = []
    if hosting.reserved_share > 0 and not hosting.autoscale:
        off = f"{hosting.reserved_discount:.0%} off"
        parts.append(f"{hosting.reserved_share:.0%} reserved at {off}")
    if hosting.spot_share > 0:
        parts.append(
            f"{hosting.spot_share:.0%} of the rest spot at {hosting.spot_discount:.0%} off"
        )
    if hosting.reserved_share > 0 and hosting.autoscale:
        parts.append("no reservation: it is paid at all hours")
    return ", ".join(parts)


def chance_of_enough(
    offer: MachineOffer, working: int, spare: int, hosting: Hosting, calendar: Calendar
) -> float | None:
    """Chance that as many replicas work as the load needs; None where none is spot."""
    replicas = working + spare
    if offer.purchase == "spot":
        spot = replicas
    elif offer.can_be_mixed and hosting.spot_share > 0:
        reserved = 0.0 if hosting.autoscale else hosting.reserved_share
        spot = round(replicas * (1 - reserved) * hosting.spot_share)
    else:
        return None
    steady = Tranche(Purchase.ON_DEMAND, replicas - spot, 0.0)
    taken_away = _spot(0.0, hosting, calendar, spot)
    return chance_enough((steady, taken_away), working)


def _spot(usd_per_hour: float, hosting: Hosting, calendar: Calendar, replicas: int = 1) -> Tranche:
    return Tranche(
        Purchase.SPOT,
        replicas,
        usd_per_hour,
        hosting.spot_interruptions_per_month / calendar.hours_per_month,
        hosting.spot_recovery_minutes / MINUTES_PER_HOUR,
    )
