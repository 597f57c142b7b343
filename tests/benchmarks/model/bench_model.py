"""The model: all options over 400 volumes with all break-evens, and the table at one volume."""

import pickle
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
from tests.benchmarks.figure import Figure
from tests.benchmarks.model.numpy_pass import COLUMNS, ROUNDS, beside_numpy
from tests.benchmarks.report import load, say, table

REPEATS = 20
"""Calls in a round; the round's figure is their mean."""

TIMES_NUMPY = {"curves": 1_200.0, "at_volume": 220.0}
"""A pass over 4,800 numbers is little but calls of numpy, as much of the model is."""

OPTIONS = DEFAULT_OPTIONS
"""Twelve: APIs (one made tiered below), GPUs of two kinds, a card, a hybrid and this machine."""


def question() -> tuple[Scenario, Catalog, dict[str, Measurement]]:
    """Twelve options, all priced: this machine is slow, so it needs ten thousand replicas."""
    scenario = Scenario(options=OPTIONS, prices=((THIS_MACHINE, 0.25),))
    return scenario, _with_tiers(load_catalog()), {THIS_MACHINE: _slow_machine()}


def main() -> list[Figure]:
    """Print the time of curves, of the table and of the cache's copy; return the budgeted ones."""
    scenario, catalog, measurements = question()
    found = curves(Case(scenario, catalog, measurements))
    packed = pickle.dumps(found)
    volumes = len(found.tokens_per_month)
    timed: dict[str, tuple[Callable[[], object], int]] = {
        "curves": (lambda: curves(Case(scenario, catalog, measurements)), volumes),
        "at_volume": (lambda: at_volume(found, Case(scenario, catalog, measurements)), 1),
        "pickle": (lambda: pickle.dumps(found), volumes),
        "unpickle": (lambda: pickle.loads(packed), volumes),  # noqa: S301  our own bytes
    }
    crossings = sum(len(pair.crossings) for pair in found.break_evens)
    say(
        f"{len(found.curves)} options, {sum(c.cost is not None for c in found.curves)} priced, "
        f"{volumes} volumes, {len(found.break_evens)} break-evens with "
        f"{crossings} crossings, {len(found.winners)} stretches, {len(packed) / 1024:.0f} KiB"
    )
    beside = {
        name: beside_numpy(call, len(OPTIONS), numbers, REPEATS)
        for name, (call, numbers) in timed.items()
    }
    rows = [one.row(name) for name, one in beside.items()]
    table(f"Time of a call, {ROUNDS} rounds of {REPEATS} by turns; {load()}", COLUMNS, rows)
    return [
        Figure(f"{name}, against a numpy pass", beside[name].ratio, budget)
        for name, budget in TIMES_NUMPY.items()
    ]


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
