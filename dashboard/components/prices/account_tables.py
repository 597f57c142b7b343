"""Tables of what an account may do, where it is served, and which sources contradict each other."""

from collections.abc import Iterator
from datetime import date

import pandas as pd

from core.catalog.schema import Allowance, Catalog, Credit, Provider, RateLimit
from core.decide.result.limit_used import limit_used
from dashboard import formats
from dashboard.components.prices.catalogue_tables import Record, source_columns


def limit_table(catalog: Catalog, as_of: date) -> pd.DataFrame:
    """Every rate limit, a row a tier; what is not known is said."""
    return pd.DataFrame(
        _limit_record(provider, limit, as_of)
        for provider in catalog.providers
        for limit in provider.rate_limits
    )


def _limit_record(provider: Provider, limit: RateLimit, as_of: date) -> Record:
    return {
        "Provider": provider.name,
        "Tier": limit.tier,
        "Lets through": limit_used(limit).words,
        "Needs": limit.needs,
        "Taken for a new account": limit.entry or len(provider.tiers) == 1,
        "Offers": ", ".join(limit.offers) or "all",
        "Batch queue (tokens)": limit.batch_queue_tokens,
        "Batch window (h)": limit.batch_window_hours,
        "Counted for": limit.scope,
        **source_columns(limit.source, as_of),
        "Note": limit.source.note,
    }


def region_table(catalog: Catalog, as_of: date) -> pd.DataFrame:
    """Where each provider computes, as far as it promises."""
    return pd.DataFrame(
        {
            "Provider": provider.name,
            "Area": row.area.value if row.area else "unknown",
            "Processing": row.processing,
            "How": row.how,
            "Surcharge": row.surcharge,
            "Zero retention": row.zero_retention,
            "Offers": ", ".join(row.offers) or "all",
            **source_columns(row.source, as_of),
            "Note": row.source.note,
        }
        for provider in catalog.providers
        for row in provider.regions
    )


def account_table(catalog: Catalog, as_of: date) -> pd.DataFrame:
    """Fees, free use of every month, and what is given or bought once."""
    return pd.DataFrame(
        record for provider in catalog.providers for record in _account(provider, as_of)
    )


def _account(provider: Provider, as_of: date) -> Iterator[Record]:
    for plan in provider.plans:
        free = plan.free
        yield {
            "Provider": provider.name,
            "What": plan.name,
            "USD per month": None if plan.usd_per_month is None else float(plan.usd_per_month),
            **_amount(free),
            "When": "" if free is None else f"free each {free.per}",
            "Offers": ", ".join(plan.offers) or "all",
            **source_columns(plan.source, as_of),
            "Note": plan.source.note,
        }
    for credit in provider.credits:
        yield {
            "Provider": provider.name,
            "What": credit.kind.replace("_", " "),
            "USD per month": None,
            **_amount(credit),
            "When": f"once: {credit.terms}" if credit.terms else "once",
            "Offers": ", ".join(credit.offers) or "all",
            **source_columns(credit.source, as_of),
            "Note": credit.source.note,
        }


def _amount(given: Allowance | Credit | None) -> Record:
    """How much is given, in which unit; money in the reader's currency."""
    if given is None:
        return {"Amount": None, "Unit": ""}
    amount, unit = formats.money().in_unit(float(given.amount), given.unit)
    return {"Amount": amount, "Unit": unit}


def conflict_table(catalog: Catalog, as_of: date) -> pd.DataFrame:
    """What stood here, what a source says against it, and what was made of the two."""
    return pd.DataFrame(
        {
            "About": row.about,
            "What": row.field,
            "Stood": row.stood,
            "A source says": row.found,
            "Made of it": row.made_of_it,
            **source_columns(row.source, as_of),
            "Note": row.source.note,
        }
        for row in catalog.conflicts
    )
