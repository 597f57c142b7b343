"""What the note says of its workload, of hosting it, and of the break-even, claim by claim."""

from core.catalog.schema import Catalog
from core.cost.by_replica.capital import capital_recovery
from core.cost.by_replica.hosted_bill import energy_kwh, rent_line
from core.cost.curve.break_even import meetings
from core.cost.curve.piecewise import Piecewise, affine
from core.decide.case import Case
from core.decide.options.options import billed_options
from core.decide.seed_note import seed_note
from core.decide.seed_note.note_rows import ADA, G6, P3, bill, gpu, hourly, note_card
from core.decide.seed_note.seed_note import Claim, Finding, RightNumber, note_scenario
from core.errors import CatalogError
from core.scenario import OWNED_PREFIX
from core.units import AVERAGE_MONTH, SECONDS_PER_DAY, THIRTY_DAYS


def workload(_: Catalog) -> Claim:
    """How many tokens a month the stated requests make."""
    scenario = note_scenario()
    month = scenario.tokens_per_month
    day = month / scenario.calendar.days_per_month
    requests_per_s = scenario.requests_per_month / scenario.calendar.seconds_per_month
    return Claim(
        "100K embedding requests/day, 500 tokens per request, 50M tokens/month",
        Finding.WRONG,
        (
            RightNumber("tokens a month", month, "tokens/month"),
            RightNumber("tokens a day", day, "tokens/day"),
            RightNumber("mean request rate", requests_per_s, "requests/s"),
            RightNumber("mean token rate", day / SECONDS_PER_DAY, "tokens/s"),
        ),
        f"{day / 1e6:g}M tokens is a day; a month is "
        f"{month / seed_note.TOKENS_PER_MONTH:g} times that.",
    )


def p3_rent(catalog: Catalog) -> Claim:
    """The rented GPU's month."""
    short = rent_line(hourly(catalog, P3), THIRTY_DAYS).usd_per_month
    average = rent_line(hourly(catalog, P3), AVERAGE_MONTH).usd_per_month
    today = rent_line(hourly(catalog, G6), AVERAGE_MONTH).usd_per_month
    return Claim(
        "AWS P3.2xlarge = ~$3.06/hour = ~$2,200/month (24/7)",
        Finding.OUTDATED,
        (
            RightNumber("p3.2xlarge, 720 h", short, "USD/month"),
            RightNumber("p3.2xlarge, 730 h", average, "USD/month"),
            RightNumber("g6.xlarge (L4), 730 h", today, "USD/month"),
        ),
        f"The sum is right, but the instance is {gpu(catalog, P3).status}; today's like is "
        f"{gpu(catalog, G6).label} at about ${today:,.0f}.",
    )


def card(catalog: Catalog) -> Claim:
    """The owned card's price and electricity."""
    owned_card = note_card(catalog)
    scenario = note_scenario().model_copy(update={"options": (OWNED_PREFIX + owned_card.id,)})
    usd_per_kwh = scenario.hosting.usd_per_kwh
    full = energy_kwh(AVERAGE_MONTH.hours_per_month, owned_card.tdp_w or 0.0, 1.0) * usd_per_kwh
    (owned,) = billed_options(Case(scenario, catalog))
    if owned.bill is None:
        raise CatalogError(f"no bill for {owned_card.name}: {owned.option.unpriced_reason}")
    lines = owned.bill.lines(scenario.tokens_per_month)
    at_load = sum(line.usd_per_month for line in lines if line.label.startswith("Energy"))
    launch = float(owned_card.usd_new or 0)
    return Claim(
        "RTX 4080: ~$1,200 hardware + electricity (~$50/month)",
        Finding.PARTLY_RIGHT,
        (
            RightNumber("launch price", launch, "USD"),
            RightNumber("electricity at full load, 730 h", full, "USD/month"),
            RightNumber("electricity at the note's own load", at_load, "USD/month"),
        ),
        f"${launch:,.0f} was the launch price of a card that is no longer made and needs a host; "
        f"only at full load all month does it draw ${full:.0f} of electricity, at the note's own "
        f"load about ${at_load:.0f}.",
    )


def self_hosted_unit_cost(catalog: Catalog) -> Claim:
    """The rented GPU's month over the tokens of the month."""
    scenario = note_scenario()
    rent = rent_line(hourly(catalog, P3), THIRTY_DAYS).usd_per_month
    per_ktok = rent / scenario.tokens_per_month * seed_note.TOKENS_PER_KTOK
    as_printed = rent / seed_note.TOKENS_PER_MONTH * seed_note.TOKENS_PER_KTOK
    return Claim(
        "Self-hosted (AWS GPU): $2,200/month, cost per 1K tokens $0.044",
        Finding.WRONG,
        (
            RightNumber("at the volume as meant", per_ktok, "USD/1K tokens"),
            RightNumber("at the volume as printed", as_printed, "USD/1K tokens"),
        ),
        f"It divides a month of rent by a day of tokens: over the month's tokens it is "
        f"${per_ktok:.7f} per 1K.",
    )


def break_even(catalog: Catalog) -> Claim:
    """The volume at which one machine costs what the API costs."""
    api = bill(catalog, ADA).curve()
    rent = rent_line(hourly(catalog, P3), THIRTY_DAYS).usd_per_month
    capital = capital_recovery(seed_note.CARD_USD, 0.0, 0.0, seed_note.CARD_LIFETIME_MONTHS)
    running = seed_note.CARD_ELECTRICITY_USD_PER_MONTH
    p3, electricity, whole = (_pays_from(usd, api) for usd in (rent, running, running + capital))
    claimed = seed_note.BREAK_EVEN_TOKENS_PER_MONTH
    return Claim(
        "Break-even: serverless cheaper if < 500K tokens/month",
        Finding.WRONG,
        (
            RightNumber("p3.2xlarge against $0.10", p3, "tokens/month"),
            RightNumber("the card's electricity alone", electricity, "tokens/month"),
            RightNumber("the card with its capital", whole, "tokens/month"),
        ),
        f'It is ${running:.0f} over ${seed_note.OPENAI_USD_PER_KTOK} with the "per 1K" dropped: '
        f"{electricity / claimed:,.0f} times too low for the card's electricity, "
        f"{p3 / claimed:,.0f} times for the rented GPU.",
    )


def _pays_from(usd_per_month: float, api: Piecewise) -> float:
    """Volume from which a fixed cost is below the API's."""
    first = meetings(affine(usd_per_month, 0.0), api).first_cheaper_tokens
    if first is None:
        raise CatalogError("the price of ada-002 never reaches a fixed cost: check its row")
    return first
