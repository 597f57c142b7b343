"""The catalogue as tables: one row a number, with its unit as billed and its source.

Every price ever entered is a row of its own; the newest one of an offer is in force.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

import pandas as pd

from core.catalog.schema import (
    ApiOffer,
    Assumption,
    Card,
    Catalog,
    MachineOffer,
    ModelCard,
    Price,
    PriceUnit,
    Provider,
    PublishedLatency,
    RateKind,
    RateLimit,
    Source,
    Throughput,
)
from core.decide.result.limit_used import limit_used
from core.units import AVERAGE_MONTH, SECONDS_PER_HOUR
from dashboard import formats
from dashboard.components.compare.provenance_box import KINDS

Record = dict[str, object]
ImpliedMfu = Callable[[Throughput], float | None]
"""Share of the card's dense peak that a published rate implies; None where it is not known."""

SUPERSEDED: Final = "superseded"
USED: Final = "used"
NOT_USED: Final = "not used"
CEILING: Final = "ceiling"

RATE_KINDS: Final = {
    RateKind.SERVER: "server",
    RateKind.LIBRARY: "library",
    RateKind.MODEL_CALL: "model call alone",
    RateKind.UNSTATED: "not stated",
}


def api_table(catalog: Catalog, as_of: date) -> pd.DataFrame:
    """Every price of every model sold by the call."""
    return pd.DataFrame(
        _api_record(provider, offer, price, as_of)
        for provider in catalog.providers
        for offer in provider.api_offers
        for price in offer.prices
    )


def _api_record(provider: Provider, offer: ApiOffer, price: Price, as_of: date) -> Record:
    return {
        "Offer": offer.label,
        **_price_columns(price),
        "Status": offer.status if price is offer.price else SUPERSEDED,
        **source_columns(price.source, as_of),
        "Provider": provider.name,
        "Model": offer.model or "any",
        "Max tokens": offer.max_tokens,
        "Seconds per request": offer.seconds_per_request,
        "Entry rate limit": rate_limit_text(provider.limit_of(offer.id)),
        "Option id": f"{provider.id}/{offer.id}",
        "Note": _note(offer.note, price.batch_note, price.source.note),
    }


def rate_limit_text(limit: RateLimit | None) -> str:
    """What an entry tier lets through: "3,000 requests a minute (tier 1)"; unknown is said."""
    used = limit_used(limit)
    return f"{used.words} ({used.tier})" if used.tier else used.words


def machine_table(catalog: Catalog, as_of: date) -> pd.DataFrame:
    """Every price of every rented machine."""
    return pd.DataFrame(
        _machine_record(provider, offer, price, as_of)
        for provider in catalog.providers
        for offer in provider.machines
        for price in offer.prices
    )


def _machine_record(provider: Provider, offer: MachineOffer, price: Price, as_of: date) -> Record:
    return {
        "Offer": offer.label,
        **_price_columns(price),
        "Works with": "GPU" if offer.card else "processor alone",
        "USD per GPU-hour": usd_per_hour_each(price, offer.card_count) if offer.card else None,
        "USD per vCPU-hour": None if offer.card else usd_per_hour_each(price, offer.vcpus or 1),
        "As billed": as_billed(price),
        "Set-up fee (USD)": _number(price.usd_set_up),
        "Status": offer.status if price is offer.price else SUPERSEDED,
        **source_columns(price.source, as_of),
        "Provider": provider.name,
        "Product": offer.product,
        "Card": offer.card or "",
        "GPUs": offer.card_count if offer.card else None,
        "Processor": offer.cpu or "",
        "vCPUs": offer.vcpus,
        "Memory (GiB)": offer.memory_gib,
        "Purchase": offer.purchase.replace("_", " "),
        "Region": offer.region,
        "Option id": f"{provider.id}/{offer.id}",
        "Note": _note(offer.note, price.batch_note, price.source.note),
    }


def usd_per_hour_each(price: Price, parts: int) -> float | None:
    """Price of one card, or of one vCPU, for an hour; None where it is not billed by time.

    A month's price is spread over all hours of the mean month.
    """
    if price.unit is PriceUnit.PER_HOUR:
        return float(price.usd) / parts
    if price.unit is PriceUnit.PER_SECOND:
        return float(price.usd) * SECONDS_PER_HOUR / parts
    if price.unit is PriceUnit.PER_MONTH:
        return float(price.usd) / AVERAGE_MONTH.hours_per_month / parts
    return None


def as_billed(price: Price) -> str:
    """A price that is not in USD, with the rate by which it is: 214 EUR at 1.1637 USD."""
    if price.amount is None or price.usd_per_currency is None:
        return ""
    return f"{price.amount} {price.currency} at {price.usd_per_currency} USD"


def _price_columns(price: Price) -> Record:
    return {
        "Price (USD)": float(price.usd),
        "Unit": formats.PRICE_UNITS[price.unit],
        "Low (USD)": _number(price.low),
        "High (USD)": _number(price.high),
        "Batch (USD)": _number(price.batch_usd),
        "Tiers": tiers_text(price),
    }


def tiers_text(price: Price) -> str:
    """Graduated tiers in billed units a month: $0.02 up to 10 M, then $0.01."""
    parts = [
        f"${tier.usd:f}"
        if tier.up_to_units is None
        else f"${tier.usd:f} up to {formats.compact(tier.up_to_units)}"
        for tier in price.tiers
    ]
    return formats.amounts(", then ".join(parts))


def card_table(catalog: Catalog, as_of: date) -> pd.DataFrame:
    """GPUs as their datasheets give them."""
    return pd.DataFrame(_card_record(card, as_of) for card in catalog.cards)


def _card_record(card: Card, as_of: date) -> Record:
    return {
        "Card": card.name,
        "New (USD)": _number(card.usd_new),
        "Street low (USD)": _number(card.usd_street_low),
        "Street high (USD)": _number(card.usd_street_high),
        "Dense TFLOP/s": card.dense_tflops,
        "Memory (GB)": card.memory_gb,
        "Bandwidth (GB/s)": card.bandwidth_gb_s,
        "Power (W)": card.tdp_w,
        "bf16": card.bf16,
        "Status": "discontinued" if card.discontinued else "current",
        "Architecture": card.arch,
        "Card id": card.id,
        **source_columns(card.source, as_of),
        "Note": card.source.note,
    }


def model_table(catalog: Catalog, as_of: date) -> pd.DataFrame:
    """Embedding models: size, window, licence, and the languages that a source names."""
    return pd.DataFrame(_model_record(model, as_of) for model in catalog.models)


def _model_record(model: ModelCard, as_of: date) -> Record:
    return {
        "Model": model.id,
        "Parameters (M)": model.params_total_m,
        "Without embeddings (M)": model.params_non_embedding_m,
        "Layers": model.layers,
        "Hidden": model.hidden,
        "Dimensions": model.dims,
        "Max tokens": model.max_tokens,
        "Weights": model.kind.replace("_", " "),
        "Licence": model.licence,
        "Host it for a business": model.commercial_self_host,
        "Languages": ", ".join(model.languages) or None,
        "Languages by": model.languages_source.where if model.languages_source else None,
        **source_columns(model.source, as_of),
        "Note": model.source.note,
    }


def quality_table(catalog: Catalog, as_of: date) -> pd.DataFrame:
    """Published scores, benchmark by benchmark, the best first: never two tests in one order."""
    ordered = sorted(catalog.scores, key=lambda row: (row.benchmark.value, -row.score))
    return pd.DataFrame(
        {
            "Model": row.model,
            "Benchmark": row.benchmark.value,
            "Score": float(row.score),
            **source_columns(row.source, as_of),
            "Note": row.source.note,
        }
        for row in ordered
    )


def throughput_table(catalog: Catalog, as_of: date, implied_mfu: ImpliedMfu) -> pd.DataFrame:
    """Published rates of embedding, the unusable ones too, with what they would imply."""
    return pd.DataFrame(
        _throughput_record(row, as_of, implied_mfu(row)) for row in catalog.throughputs
    )


def _throughput_record(row: Throughput, as_of: date, implied_mfu: float | None) -> Record:
    return {
        "Model": row.model,
        "Hardware": hardware_text(row),
        "Tokens/s": row.tokens_per_s,
        "Texts/s": row.texts_per_s,
        "Timed": RATE_KINDS[row.what],
        "GPUs": row.gpu_count,
        "Implied MFU": implied_mfu,
        "Status": rate_status(row),
        "Verdict": row.verdict,
        "Server": row.server,
        "vCPUs": row.vcpus,
        "Precision": row.precision,
        "Tokens per text": row.tokens_per_text,
        **source_columns(row.source, as_of),
        "Note": row.source.note,
    }


def rate_status(row: Throughput) -> str:
    """Whether the row states a rate of its pair, bounds the card, or is kept as a warning."""
    if row.usable:
        return USED
    return CEILING if row.what is RateKind.MODEL_CALL else NOT_USED


def hardware_text(row: Throughput) -> str:
    """The card by its id or, where there is none, the source's own words."""
    return row.card or row.hardware or row.cpu or ""


def latency_table(catalog: Catalog, as_of: date) -> pd.DataFrame:
    """Latencies that somebody published: never mixed with a measurement."""
    return pd.DataFrame(_latency_record(row, as_of) for row in catalog.latencies)


def _latency_record(row: PublishedLatency, as_of: date) -> Record:
    return {
        "Option id": row.option,
        "p50 low (s)": row.p50_low_s,
        "p50 high (s)": row.p50_high_s,
        "p95 high (s)": row.p95_high_s,
        "Cold start low (s)": row.cold_start_low_s,
        "Cold start high (s)": row.cold_start_high_s,
        **source_columns(row.source, as_of),
        "Note": row.source.note,
    }


def assumption_table(catalog: Catalog, as_of: date) -> pd.DataFrame:
    """Numbers of no single offer: electricity, PUE, labour, ceilings."""
    return pd.DataFrame(_assumption_record(row, as_of) for row in catalog.assumptions)


def _assumption_record(row: Assumption, as_of: date) -> Record:
    return {
        "Assumption": row.label,
        "Value": row.value,
        "Unit": row.unit,
        "Low": row.low,
        "High": row.high,
        "Id": row.id,
        **source_columns(row.source, as_of),
        "Note": row.source.note,
    }


def source_columns(source: Source, as_of: date) -> Record:
    """Provenance, in the same columns in every table. Age counts from the day of reading."""
    return {
        "Source": None if source.url is None else str(source.url),
        "Package": "" if source.package is None else source.where,
        "Kind": KINDS[source.kind.value],
        "Confidence": source.confidence.value,
        "Dated": source.dated or "",
        "Read": source.read,
        "Age (days)": (as_of - source.read).days,
    }


def _note(*remarks: str) -> str:
    """What is there of several remarks, as sentences."""
    return ". ".join(remark.rstrip(".") for remark in remarks if remark)


def _number(usd: Decimal | None) -> float | None:
    return None if usd is None else float(usd)
