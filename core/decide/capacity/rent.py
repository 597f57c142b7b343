"""What a month of one machine costs: by its hours, by the month, with its set-up fee, or bought."""

from dataclasses import replace

from core.catalog.schema import MachineOffer
from core.cost.by_replica.hosted_bill import capital_line, rent_line
from core.cost.curve.breakdown import CostLine
from core.decide.capacity.purchase_mix import mixed_usd_per_hour
from core.decide.mine.already_there import spent_line
from core.decide.mine.hourly import usd_per_hour
from core.decide.result.option import PriceUsed
from core.scenario import Hosting
from core.units import Calendar


def machine_line(
    price: PriceUsed, offer: MachineOffer, hosting: Hosting, calendar: Calendar
) -> CostLine:
    """A month of one machine, its electricity left out where that is paid apart."""
    if not offer.is_owned:
        return _rented_line(price, offer, hosting, calendar)
    if not price.usd:
        if price.said:
            return spent_line()
        return CostLine("Capital", 0.0, "there already, paid for", ("price",))
    months = life_months(offer, hosting)
    return capital_line(
        price.usd, hosting.residual_fraction, hosting.discount_rate_per_year, months
    )


def life_months(offer: MachineOffer, hosting: Hosting) -> int:
    """Months over which a machine that is bought is paid back."""
    return offer.life_months or hosting.lifetime_months


def _rented_line(
    price: PriceUsed, offer: MachineOffer, hosting: Hosting, calendar: Calendar
) -> CostLine:
    """A month of one machine; a set-up fee is spread over the life that a card is given."""
    hourly = usd_per_hour(price.usd or 0.0, price.unit, calendar)
    usd = mixed_usd_per_hour(offer, hourly, hosting, calendar)
    rent = rent_line(usd, calendar)
    if offer.by_the_month:
        rent = replace(rent, explanation=f"${rent.usd_per_month:,.2f} for each month")
    fee, months = float(offer.price.usd_set_up or 0), hosting.lifetime_months
    if fee == 0:
        return rent
    spread = capital_line(fee, 0.0, hosting.discount_rate_per_year, months)
    return replace(
        rent,
        usd_per_month=rent.usd_per_month + spread.usd_per_month,
        explanation=f"{rent.explanation}, ${fee:,.2f} for setting up over {months} months",
        inputs=(*rent.inputs, "set-up fee spread over", "discount rate"),
    )
