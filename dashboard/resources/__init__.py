"""Cached parts of the page: catalogue, store, curves. A composition root: joins what is apart.

What is cached here is shared by all sessions and never changed after it was made. A part that
cannot be had raises one of our errors; nothing of a failure is cached, so mending it is enough.
"""

import gc
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from core.catalog.load import load_catalog
from core.catalog.schema import Catalog, PriceUnit, Throughput
from core.decide.answer.bill_inputs import inputs_of
from core.decide.answer.day_of_replicas import day_of, exact_response
from core.decide.bare_replica.published_throughputs import shape_of
from core.decide.case import Case
from core.decide.compare import at_volume
from core.decide.compare import curves as compute_curves
from core.decide.options.hybrid_option import mixable_apis
from core.decide.result.curves import Curves
from core.decide.result.day_result import DayOfReplicas
from core.decide.result.option import InputUsed, Option
from core.decide.result.snapshot import OptionAtVolume, Snapshot
from core.errors import BreakevenError
from core.measurement.measured import Measurement
from core.measurement.neighbours import NeighboursFound
from core.runs.secrets.known_secrets import hide
from core.runs.service import Runs
from core.runs.watching.run_view import RunView
from core.scenario import OWNED_PREFIX, THIS_MACHINE, Scenario, hybrid_id, hybrid_parts
from core.serving.batch.physics import flops_per_token, mfu
from core.serving.batch.published_rates import DEFAULT_TOKENS_PER_TEXT
from core.settings import Settings, load_settings
from core.store.open import open_store
from dashboard.state.link import Known

__all__ = [
    "RunView",
    "Runs",
    "asked",
    "case",
    "catalog",
    "curves",
    "day",
    "exact_response",
    "forget_measurements",
    "inputs",
    "known",
    "list_price",
    "measured",
    "measurements",
    "option_choices",
    "option_label",
    "option_labels",
    "runs",
    "runs_or_reason",
    "settings",
    "settle",
    "snapshot",
]

NEIGHBOURS_FRESH_S: Final = 30.0
"""They are looked for among many runs; one that ends in this session is seen at once."""
RECENT_RUNS: Final = 200
"""Runs among which a comparison of neighbours is looked for."""
MEASUREMENTS_FRESH_S = 2.0
"""For so long the newest runs are not asked of the store again: a slider step does not pay."""


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Once, when all is imported: spare the collector what start-up made and never gives back.

    Streamlit collects all generations after every run of a script, and would walk 180,000
    objects each time: 70 ms, during which no other session is answered.
    """
    gc.collect()
    gc.freeze()


@st.cache_resource(show_spinner=False)
def catalog() -> Catalog:
    """The catalogue. Raises CatalogError with file, row and mend."""
    return load_catalog()


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """The deployment's settings. Raises SettingsError."""
    return load_settings()


@st.cache_resource(show_spinner=False)
def runs() -> Runs:
    """The runs and their store. Raises SettingsError or StoreError."""
    found = settings()
    return Runs(open_store(found), found)


def runs_or_reason() -> tuple[Runs | None, str]:
    """The runs, or None and a sentence that says why nothing can be measured or remembered."""
    try:
        return runs(), ""
    except BreakevenError as error:
        return None, hide(str(error))


@st.cache_resource(show_spinner=False)
def known() -> Known:
    """What a link or a control may name: options with their list prices, models to host."""
    found = catalog()
    return Known(
        list_prices={name: list_price(name)[0] for name in found.option_ids()},
        models=tuple(model.id for model in found.models if model.kind != "api"),
    )


def list_price(option_id: str) -> tuple[float | None, PriceUnit | None]:
    """List price of an option and the unit it is billed in; a bought card has no unit."""
    found = catalog()
    if (api := found.find_api(option_id)) is not None:
        return float(api[1].price.usd), api[1].price.unit
    if (gpu := found.find_gpu(option_id)) is not None:
        return float(gpu[1].price.usd), gpu[1].price.unit
    if option_id.startswith(OWNED_PREFIX):
        card = found.card(option_id.removeprefix(OWNED_PREFIX))
        return (float(card.usd_new) if card and card.usd_new else None), None
    return None, PriceUnit.PER_HOUR


def option_label(option_id: str) -> str:
    """What the page calls an option, chosen or not."""
    if option_id == THIS_MACHINE:
        return "This machine"
    if (parts := hybrid_parts(option_id)) is not None:
        return " + ".join(map(option_label, parts))
    found = catalog()
    offer = found.find_api(option_id) or found.find_gpu(option_id)
    if offer is not None:
        return offer[1].label
    card = found.card(option_id.removeprefix(OWNED_PREFIX))
    return f"{card.name} (owned)" if card else option_id


def implied_mfu(row: Throughput) -> float | None:
    """Share of the card's dense peak that a published rate implies; None where it is unknown."""
    found = catalog()
    card = found.card(row.card) if row.card else None
    shape = shape_of(found.model(row.model))
    if card is None or shape is None:
        return None
    flops = flops_per_token(shape, row.tokens_per_text or DEFAULT_TOKENS_PER_TEXT)
    return mfu(row.tokens_per_s / row.gpu_count, flops, card.dense_tflops)


@st.cache_resource(show_spinner=False)
def option_labels() -> Mapping[str, str]:
    """Every option of the catalogue with its label."""
    return {name: option_label(name) for name in catalog().option_ids()}


def option_choices(scenario: Scenario) -> Mapping[str, str]:
    """What may be compared, with its label: the catalogue, and hybrids of the chosen machines."""
    labels = dict(option_labels())
    chosen = {name: option_label(name) for name in scenario.options}
    machines = [
        name
        for name in scenario.options
        if name.startswith(OWNED_PREFIX) or catalog().find_gpu(name) is not None
    ]
    apis = mixable_apis(scenario.hosting.model, catalog())
    hybrids = {
        (found := hybrid_id(base, burst)): option_label(found)
        for base in machines
        for burst in apis
    }
    return labels | chosen | hybrids


def inputs(option: Option, scenario: Scenario) -> Mapping[str, InputUsed]:
    """Every input that the bill of an option names, with its value and its origin."""
    return {entry.name: entry for entry in inputs_of(option, case(scenario))}


def day(row: OptionAtVolume, curves: Curves, scenario: Scenario) -> DayOfReplicas | None:
    """An option's replicas hour by hour; None where none runs."""
    bill = next(c.bill for c in curves.curves if c.option.id == row.option.id)
    return day_of(row, bill, case(scenario))


@dataclass(frozen=True)
class Measured:
    """What is measured of each option, with a key that changes whenever any figure does."""

    by_option: Mapping[str, Measurement]
    version: str

    @classmethod
    def of(cls, by_option: Mapping[str, Measurement]) -> "Measured":
        """The version is of the content: a sweep changes a measurement and leaves its run's id."""
        digest = hashlib.sha256()
        for option_id, entry in sorted(by_option.items()):
            digest.update(f"{option_id}\n{entry.model_dump_json()}\n".encode())
        return cls(by_option, digest.hexdigest())


NOTHING_MEASURED: Final = Measured.of({})


def measurements() -> Mapping[str, Measurement]:
    """The newest finished run of each option; empty where there is no store."""
    return measured().by_option


def measured() -> Measured:
    """The same with its version; nothing where there is no store."""
    try:
        return _measured()
    except BreakevenError:
        return NOTHING_MEASURED


@st.cache_resource(ttl=MEASUREMENTS_FRESH_S, show_spinner=False)
def _measured() -> Measured:
    return Measured.of(runs().measurements())


def neighbours_between(model_a: str, model_b: str) -> NeighboursFound | None:
    """The newest comparison of these two models' neighbours, in either order; None: there is none.

    An empty store, or none at all, has none.
    """
    try:
        found = _neighbours()
    except BreakevenError:
        return None
    return found.get(frozenset((model_a, model_b)))


@st.cache_resource(ttl=NEIGHBOURS_FRESH_S, show_spinner=False)
def _neighbours() -> Mapping[frozenset[str], NeighboursFound]:
    """By the two models, the newest first to be kept."""
    kept: dict[frozenset[str], NeighboursFound] = {}
    for run in runs().recent(RECENT_RUNS):
        # Of a run from a file nobody here knows the texts: it says nothing of one's own.
        own = run.neighbours if run.imported_from is None else None
        for one in own.found if own is not None else ():
            kept.setdefault(frozenset((one.model_a, one.model_b)), one)
    return kept


def forget_measurements() -> None:
    """Ask the store again at the next call: a run has ended or was deleted."""
    _measured.clear()
    _neighbours.clear()


def case(scenario: Scenario) -> Case:
    """The scenario before the catalogue and what was measured; a volume step costs nothing."""
    return asked(scenario)[0].asking(scenario)


def curves(scenario: Scenario) -> Curves:
    """Cost curves of a scenario; its volume plays no part, so a volume step costs nothing."""
    return asked(scenario)[1]


def asked(scenario: Scenario) -> tuple[Case, Curves]:
    """The question without its volume, and its curves."""
    now = measured()
    return _asked(scenario.without_volume(), now.version, now.by_option)


@st.cache_resource(max_entries=64, show_spinner=False)
def _asked(
    question: Scenario,
    version: str,  # noqa: ARG001 -- part of the cache's key; the rest is not hashed
    _by_option: Mapping[str, Measurement],
) -> tuple[Case, Curves]:
    found = Case(question, catalog(), _by_option)
    return found, compute_curves(found)


def snapshot(scenario: Scenario) -> Snapshot:
    """All options at the scenario's volume, and the verdict."""
    found, drawn = asked(scenario)
    return at_volume(drawn, found.asking(scenario))
