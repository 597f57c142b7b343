"""A question over the frozen catalogue, and measurements to answer it with."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from core.catalog.load import load_catalog
from core.catalog.schema import ApiOffer, Catalog, MachineOffer, Provider
from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary, Subject
from core.measurement.measured import Measurement
from core.scenario import THIS_MACHINE, Hosting, Scenario

OPTIONS = (
    "alpha/flat",
    "alpha/tiered",
    "beta/characters",
    "beta/requests",
    "beta/seconds",
    "rent/l-1",
    "rent/v-2",
    "owned/gpu-home",
    THIS_MACHINE,
)


@pytest.fixture
def question() -> Scenario:
    """The default question, asked of every offer of the frozen catalogue."""
    return Scenario(hosting=Hosting(model="open/large"), options=OPTIONS)


Measure = Callable[..., Measurement]


@pytest.fixture
def measure() -> Measure:
    """Build a measurement of an option: p95 with its interval, and a rate."""

    def build(
        option_id: str,
        p95_s: float | None = 0.1,
        low_s: float | None = 0.08,
        high_s: float | None = 0.12,
        *,
        tokens_per_s: float | None = None,
        n_failed: int = 0,
    ) -> Measurement:
        p95 = Estimate(value_s=p95_s, low_s=low_s, high_s=high_s)
        return Measurement(
            run_id="run",
            subject=Subject(
                option_id=option_id, label=option_id, model="open/small", hardware="CPU, 2 threads"
            ),
            started_at=datetime(2026, 1, 15, tzinfo=UTC),
            summary=LatencySummary(
                n_planned=100,
                n_ok=100 - n_failed,
                n_failed=n_failed,
                response_p50=p95,
                response_p95=p95,
                response_p99=p95,
                service_p50=p95,
                service_p95=p95,
                tokens_per_s=tokens_per_s,
            ),
        )

    return build


NOTE_PRICES = {
    "openai/text-embedding-3-small": "0.02",
    "openai/text-embedding-3-large": "0.13",
    "openai/text-embedding-ada-002": "0.10",
    "cloudflare/bge-m3": "0.012",
    "together/multilingual-e5-large-instruct": "0.02",
    "huggingface/hf-inference": "0.00012",
    "aws/g6.xlarge": "0.8048",
    "aws/p3.2xlarge": "3.06",
}
"""Prices as they were when the note was checked: a newer row must not move these tests."""


@pytest.fixture(scope="session")
def note_catalog() -> Catalog:
    """The shipped catalogue at the prices, and with the one throughput, of the note's check.

    Plans and what is free with them are left out, as the note and its check did.

    The check takes the rate as one of its own texts of 500 tokens; the source states it for 450.
    """
    catalog = load_catalog()
    rates = [row for row in catalog.throughputs if row.tokens_per_s == 62_200]
    return catalog.model_copy(
        update={
            "providers": tuple(_at_note_prices(provider) for provider in catalog.providers),
            "throughputs": tuple(r.model_copy(update={"tokens_per_text": 500.0}) for r in rates),
        }
    )


def _at_note_prices(provider: Provider) -> Provider:
    def offer_at(offer: ApiOffer | MachineOffer) -> ApiOffer | MachineOffer:
        usd = NOTE_PRICES.get(f"{provider.id}/{offer.id}")
        if usd is None:
            return offer
        price = offer.prices[0].model_copy(update={"usd": Decimal(usd)})
        return offer.model_copy(update={"prices": (price,)})

    return provider.model_copy(
        update={
            "api_offers": tuple(offer_at(offer) for offer in provider.api_offers),
            "machines": tuple(offer_at(offer) for offer in provider.machines),
            "plans": (),
        }
    )
