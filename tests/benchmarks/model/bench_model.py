"""The model: all options over 400 volumes with all break-evens, and the table at one volume."""

import pickle
import time
from collections.abc import Callable
from datetime import UTC, datetime

from core.catalog.load import load_catalog
from core.catalog.schema import Catalog, Tier
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.measurement.estimate import Estimate
from core.measurement.latency import LatencySummary, Subject
from core.measurement.measured import Measurement
from core.scenario import DEFAULT_OPTIONS, THIS_MACHINE, Scenario
from tests.benchmarks.report import Spread, say, table, within

RUNS = 5
REPEATS = 20
"""Calls in a run; the run's figure is their mean."""

CURVES_BUDGET_MS = 20.0
AT_VOLUME_BUDGET_MS = 2.0

OPTIONS = DEFAULT_OPTIONS
"""Twelve: APIs (one made tiered below), GPUs of two kinds, a card, a hybrid and this machine."""


def question() -> tuple[Scenario, Catalog, dict[str, Measurement]]:
    """Twelve options, all priced: this machine is slow, so it needs ten thousand replicas."""
    scenario = Scenario(options=OPTIONS, prices=((THIS_MACHINE, 0.25),))
    return scenario, _with_tiers(load_catalog()), {THIS_MACHINE: _slow_machine()}


def main() -> bool:
    """Print the time of curves, of the table and of the cache's copy; return whether all kept."""
    scenario, catalog, measurements = question()
    found = curves(Case(scenario, catalog, measurements))
    packed = pickle.dumps(found)
    timed = {
        "curves": lambda: curves(Case(scenario, catalog, measurements)),
        "at_volume": lambda: at_volume(found, Case(scenario, catalog, measurements)),
        "pickle": lambda: pickle.dumps(found),
        "unpickle": lambda: pickle.loads(packed),  # noqa: S301  our own bytes
    }
    spreads = {
        name: Spread.of([_mean_ms(call) for _ in range(RUNS)]) for name, call in timed.items()
    }
    crossings = sum(len(pair.crossings) for pair in found.break_evens)
    say(
        f"{len(found.curves)} options, {sum(c.cost is not None for c in found.curves)} priced, "
        f"{len(found.tokens_per_month)} volumes, {len(found.break_evens)} break-evens with "
        f"{crossings} crossings, {len(found.winners)} stretches, {len(packed) / 1024:.0f} KiB"
    )
    table(
        f"Time of a call, {RUNS} runs of {REPEATS}",
        ("what", "ms: median (range)"),
        [(name, spread.text(digits=2)) for name, spread in spreads.items()],
    )
    return all(
        (
            within("curves, ms", spreads["curves"].median, CURVES_BUDGET_MS),
            within("at_volume, ms", spreads["at_volume"].median, AT_VOLUME_BUDGET_MS),
        )
    )


def _mean_ms(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(REPEATS):
        call()
    return (time.perf_counter() - began) / REPEATS * 1e3


def _with_tiers(catalog: Catalog) -> Catalog:
    """The shipped catalogue with three tiers on the first option's price."""
    provider, offer = catalog.find_api(OPTIONS[0]) or (None, None)
    if provider is None or offer is None:
        raise LookupError(f"{OPTIONS[0]} is not in the catalogue")
    usd = offer.price.usd
    tiers = (
        Tier(up_to_units=1_000, usd=usd),
        Tier(up_to_units=1_000_000, usd=usd * 9 / 10),
        Tier(usd=usd * 8 / 10),
    )
    price = offer.price.model_copy(update={"tiers": tiers})
    tiered = offer.model_copy(update={"prices": (price,)})
    offers = tuple(tiered if item.id == offer.id else item for item in provider.api_offers)
    changed = provider.model_copy(update={"api_offers": offers})
    providers = tuple(changed if item.id == provider.id else item for item in catalog.providers)
    return catalog.model_copy(update={"providers": providers})


def _slow_machine() -> Measurement:
    quick = Estimate(value_s=0.1, low_s=0.08, high_s=0.12)
    return Measurement(
        run_id="benchmark",
        subject=Subject(
            option_id=THIS_MACHINE,
            label="This machine",
            model="sentence-transformers/all-MiniLM-L6-v2",
        ),
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        summary=LatencySummary(
            n_planned=80,
            n_ok=80,
            n_failed=0,
            response_p50=quick,
            response_p95=quick,
            response_p99=quick,
            service_p50=quick,
            service_p95=quick,
            tokens_per_s=2_000.0,
        ),
    )


if __name__ == "__main__":
    main()
