"""Questions that the page can be asked, drawn at random."""

from hypothesis import strategies as st

from core.scenario import (
    CALENDARS,
    DEFAULT_OPTIONS,
    FIRST_DAY,
    LANGUAGES,
    LAST_DAY,
    MOST_BUDGET_USD,
    Scenario,
    hybrid_id,
    hybrid_parts,
    machine_id,
    pair_id,
)
from dashboard.state.inputs import INPUTS, NAMED, with_named, with_numbers

MODELS = ("BAAI/bge-large-en-v1.5", "intfloat/multilingual-e5-large-instruct")
PAIRS = (
    pair_id("aws/p5.4xlarge", MODELS[1]),
    pair_id("replicate/t4", MODELS[1]),
    pair_id("this-machine", MODELS[0]),
    hybrid_id(pair_id("owned/rtx-4080", MODELS[1]), pair_id("replicate/t4", MODELS[1])),
)
OPTIONS = (*DEFAULT_OPTIONS, "aws/p5.4xlarge", "voyage/voyage-3.5", *PAIRS)
PARTS = {machine_id(part) for name in OPTIONS for part in hybrid_parts(name) or (name,)}
MACHINES = frozenset(machine_id(part) for pair in PAIRS for part in hybrid_parts(pair) or (pair,))


@st.composite
def scenarios(draw: st.DrawFn) -> Scenario:
    """Any question that the page can ask."""
    numbers = {
        key: draw(st.floats(entry.low, entry.high))
        for key, entry in INPUTS.items()
        if draw(st.booleans())
    }
    named = {
        key: draw(st.sampled_from(entry.values))
        for key, entry in NAMED.items()
        if draw(st.booleans())
    }
    scenario = with_named(with_numbers(Scenario(), numbers), named)
    weights = st.integers(1, 999).map(float)
    day = st.lists(weights, min_size=24, max_size=24)
    load = scenario.workload.model_copy(
        update={"hour_weights": tuple(draw(day) if draw(st.booleans()) else ())}
    )
    options = draw(st.lists(st.sampled_from(OPTIONS), unique=True, max_size=8))
    prices = draw(st.dictionaries(st.sampled_from(sorted(PARTS)), st.floats(0, 1e6), max_size=4))
    demands = scenario.demands.model_copy(
        update={
            "budget_usd_per_month": draw(st.none() | st.floats(0, MOST_BUDGET_USD)),
            "languages": tuple(sorted(draw(st.sets(st.sampled_from(list(LANGUAGES)))))),
        }
    )
    return scenario.model_copy(
        update={
            "demands": demands,
            "workload": load,
            "options": tuple(options),
            "prices": tuple(sorted(prices.items())),
            "calendar": draw(st.sampled_from(list(CALENDARS.values()))),
            "as_of": draw(st.none() | st.dates(FIRST_DAY, LAST_DAY)),
            "hosting": scenario.hosting.model_copy(update={"model": draw(st.sampled_from(MODELS))}),
        }
    )
