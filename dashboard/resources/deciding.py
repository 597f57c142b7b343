"""Recommendation, plan, risk and flips of a scenario, cached: what the pages Plan and Risk show.

Everything is keyed by the question itself, so that going back to it costs nothing.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import streamlit as st

from core.decide.advice.cheaper_elsewhere import Elsewhere, cheaper_elsewhere
from core.decide.advice.constraints import Constraints
from core.decide.advice.cost_latency_front import pareto
from core.decide.advice.recommend import recommend
from core.decide.advice.recommend_result import ParetoPoint, Recommendation, Relaxation
from core.decide.beliefs.beliefs_of import beliefs, beliefs_of_volume
from core.decide.case import Case
from core.decide.flips.flips import Flip, Judge, flips
from core.decide.plan.plan import plan as make_plan
from core.decide.plan.plan_terms import PlanTerms
from core.decide.relaxing.relaxation import relaxations
from core.decide.result.belief import Belief, with_ranges
from core.decide.result.curves import Curves
from core.decide.result.plan_result import Plan
from core.decide.result.risk_result import Axis, Certainty, LongRun, Risk
from core.decide.result.snapshot import OptionAtVolume
from core.decide.risk.analyse_risk import risk as analyse
from core.decide.risk.certainty import certainty as how_certain
from core.decide.risk.long_risk import long_risk
from core.decide.risk.risk_model import RiskModel, risk_model
from core.decide.streams.family import with_family
from core.decide.streams.stream_result import StreamPair, Streams
from core.decide.streams.two_streams import TwoStreams
from core.scenario import Scenario
from core.usage.choice import Wanted, chosen
from core.usage.load_found import LoadFound, load_of_usage, usage_of
from core.usage.reading import Reading
from core.usage.sums import Usage
from dashboard.resources.cached import cached_answer, cached_catalogue
from dashboard.state.own_ranges import Ranges, own_ranges

ENTRIES = 32
LOADS_KEPT = 4
MODELS_KEPT = 4
"""Each keeps what its inputs were drawn to be: some 10 MB of 20,000 samples."""


def recommendation(
    scenario: Scenario, demanded: Constraints, terms: PlanTerms, small_bill_usd: float | None
) -> Recommendation:
    """What to use now, within what is demanded."""
    return recommend(
        cached_answer.curves(scenario),
        cached_answer.snapshot(scenario),
        cached_answer.case(scenario),
        demanded,
        terms,
        small_bill_usd,
    )


def cheaper(
    scenario: Scenario, than: OptionAtVolume | None, demanded: Constraints | None = None
) -> Elsewhere:
    """Cheaper offers, with the vectors of an option and with any, within what is demanded."""
    case = cached_answer.case(scenario)
    version = f"{cached_answer.version()} {own_ranges()}"
    name = than.option.id if than else None
    return _cheaper(scenario, name, demanded, version, than, case)


@st.cache_resource(max_entries=ENTRIES, show_spinner=False)
def _cheaper(
    scenario: Scenario,  # noqa: ARG001 -- part of the cache's key, as are the next three
    name: str | None,  # noqa: ARG001
    demanded: Constraints | None,
    version: str,  # noqa: ARG001
    _than: OptionAtVolume | None,
    _case: Case,
) -> Elsewhere:
    return cheaper_elsewhere(_case, _than, demanded)


def relaxed(scenario: Scenario, winner: OptionAtVolume | None) -> tuple[Relaxation, ...]:
    """Where nobody suits, which demands to relax and by how much."""
    if winner is not None:
        return ()
    return _relaxed(scenario, cached_answer.version(), cached_answer.case(scenario))


@st.cache_resource(max_entries=ENTRIES, show_spinner=False)
def _relaxed(
    scenario: Scenario,  # noqa: ARG001 -- part of the cache's key, as is the next
    version: str,  # noqa: ARG001
    _case: Case,
) -> tuple[Relaxation, ...]:
    return relaxations(Judge(_case))


def streams(scenario: Scenario) -> tuple[Streams | None, StreamPair | None]:
    """Queries and documents: the answer, and a cheaper pair of the catalogue; None: there is none.

    Without documents nothing is looked for.
    """
    if scenario.document_tokens_per_month == 0:
        return None, None
    case, drawn = cached_answer.case(scenario), cached_answer.curves(scenario)
    return _streams(scenario, cached_answer.version(), case, drawn)


@st.cache_resource(max_entries=ENTRIES, show_spinner=False)
def _streams(
    scenario: Scenario,  # noqa: ARG001 -- part of the cache's key
    version: str,  # noqa: ARG001 -- part of the cache's key
    _case: Case,
    _drawn: Curves,
) -> tuple[Streams | None, StreamPair | None]:
    return with_family(TwoStreams(_case, _drawn))


def front(
    scenario: Scenario, found: Recommendation, demanded: Constraints
) -> tuple[ParetoPoint, ...]:
    """The feasible options among cost, latency and quality."""
    return pareto(found.feasible, dict(demanded.quality), risk(scenario))


def plan(scenario: Scenario, terms: PlanTerms) -> Plan:
    """The scenario's horizon, month by month."""
    version = f"{cached_answer.version()} {own_ranges()}"
    return _plan(
        scenario, terms, version, cached_answer.curves(scenario), cached_answer.case(scenario)
    )


@st.cache_resource(max_entries=ENTRIES, show_spinner=False)
def _plan(
    scenario: Scenario,  # noqa: ARG001 -- part of the cache's key
    terms: PlanTerms,
    version: str,  # noqa: ARG001 -- part of the cache's key
    _drawn: Curves,
    _case: Case,
) -> Plan:
    return make_plan(_drawn, _case, terms)


def believed(scenario: Scenario) -> tuple[tuple[Belief, ...], tuple[str, ...]]:
    """Every input with its range, and a sentence for each range of the user's that makes none."""
    return _believed(cached_answer.case(scenario), cached_answer.curves(scenario), own_ranges())


def risk(scenario: Scenario, *, at_horizon: bool = False) -> Risk:
    """What could change the answer at the volume of today, or at that of the horizon."""
    found: Risk = _analysed("risk", scenario, own_ranges(), at_horizon, cached_answer.version())
    return found


def certainty(scenario: Scenario, *, decisive: bool = False) -> Certainty:
    """Chances, bands and regret at the scenario's volume, as ``risk`` has them.

    ``decisive``: also which input is most worth finding out.
    """
    part = "decisive" if decisive else "certainty"
    sure: Certainty = _analysed(part, scenario, own_ranges(), False, cached_answer.version())  # noqa: FBT003 -- as it is hashed
    return sure


_ANALYSES: Final[Mapping[str, Callable[[RiskModel], Any]]] = {
    "risk": analyse,
    "certainty": how_certain,
    "decisive": partial(how_certain, decisive=True),
}


@st.cache_resource(max_entries=ENTRIES, show_spinner=False)
def _analysed(
    part: str,
    scenario: Scenario,
    ranges: Ranges,
    at_horizon: bool,  # noqa: FBT001 -- part of the cache's key, as are the others
    version: str,  # noqa: ARG001
) -> Any:
    return _ANALYSES[part](_model(scenario, ranges, at_horizon=at_horizon))


def axis(scenario: Scenario) -> Axis:
    """Chances and bands along the volume axis; the scenario's own volume plays no part."""
    return cached_answer.curves(scenario).by_mean.axis


def long_run(scenario: Scenario, *, at_horizon: bool) -> Iterator[LongRun]:
    """A million samples, batch by batch."""
    return long_risk(_model(scenario, own_ranges(), at_horizon=at_horizon))


def _believed(
    case: Case, drawn: Curves, ranges: Ranges
) -> tuple[tuple[Belief, ...], tuple[str, ...]]:
    options = [curve.option for curve in drawn.curves]
    return with_ranges(beliefs(case, options), dict(ranges))


def _model(scenario: Scenario, ranges: Ranges, *, at_horizon: bool = False) -> RiskModel:
    """The risk model at the scenario's volume; a volume step takes over all but that."""
    case, drawn = cached_answer.asked(scenario)
    model = _volume_free(case.scenario, ranges, cached_answer.version(), case, drawn)
    of_volume, _ = with_ranges(
        beliefs_of_volume(scenario.tokens_per_month, scenario.workload.growth_per_month),
        dict(ranges),
    )
    months = scenario.objective.horizon_months - 1 if at_horizon else 0
    return model.asking(scenario.tokens_per_month, of_volume, months)


@st.cache_resource(max_entries=MODELS_KEPT, show_spinner=False)
def _volume_free(
    question: Scenario,
    ranges: Ranges,
    version: str,  # noqa: ARG001 -- part of the cache's key
    _case: Case,
    _drawn: Curves,
) -> RiskModel:
    inputs, _ = _believed(_case, _drawn, ranges)
    return risk_model(_drawn, _case.catalog, inputs, question.tokens_per_month)


def find_flips(scenario: Scenario) -> Iterator[tuple[str, tuple[Flip, ...]]]:
    """Each input with the values at which another option becomes the cheapest."""
    return flips(Judge(cached_answer.case(scenario)), labels_of(scenario))


def labels_of(scenario: Scenario) -> dict[str, str]:
    """What the page calls each of the scenario's options, and what their prices are of."""
    names = (*scenario.options, *scenario.priced_ids)
    return {name: cached_catalogue.option_label(name) for name in names}


def keys_at_hand() -> frozenset[str]:
    """Names of the providers' keys that are set here; their values are not looked at."""
    names = {
        provider.endpoint.key_env
        for provider in cached_catalogue.catalog().providers
        if provider.endpoint and provider.endpoint.key_env
    }
    return frozenset(name for name in names if os.environ.get(name))


@st.cache_data(max_entries=LOADS_KEPT, show_spinner="Reading the requests")
def use_of(content: bytes, reading: Reading) -> Usage:
    """The sums of a file of use. Raises LoadImportError."""
    return usage_of(content, reading)


def load_of(usage: Usage, characters_per_token: float, wanted: Wanted) -> LoadFound:
    """The load that they show. Raises LoadImportError."""
    known = [model.id for model in cached_catalogue.catalog().models]
    return load_of_usage(usage, chosen(usage, wanted, known), characters_per_token)
