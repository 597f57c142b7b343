"""Whatever the page can ask has an answer in plain, finite numbers."""

import math

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.cost.curve.break_even import LEAST_USD, TIE_RELATIVE
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.curves import BreakEven, Curves
from core.measurement.measured import Measurement
from core.scenario import CALENDARS, THIS_MACHINE, Hosting, Scenario, Workload
from tests.decide.conftest import OPTIONS, Measure


def log_floats(low: float, high: float) -> st.SearchStrategy[float]:
    """Floats spread evenly over the orders of magnitude, both ends included."""
    return st.one_of(
        st.sampled_from([low, high]),
        st.floats(math.log(low), math.log(high)).map(lambda x: min(high, max(low, math.exp(x)))),
    )


workloads = st.builds(
    Workload,
    requests_per_day=log_floats(1, 1e10),
    tokens_per_request=log_floats(1, 32_768),
    peak_to_mean=log_floats(1, 50),
    growth_per_month=st.floats(-0.5, 1.0),
    characters_per_token=st.floats(0.5, 10),
)
hostings = st.builds(
    Hosting,
    model=st.sampled_from(["open/large", "open/small", "alpha/embed", "nobody/knows"]),
    utilisation_ceiling=st.floats(0.05, 1.0),
    spare_replicas=st.integers(0, 10),
    labour_usd_per_month=st.one_of(st.just(0.0), log_floats(1, 1e6)),
    usd_per_kwh=st.floats(0, 5),
    power_usage_effectiveness=st.floats(1, 3),
    idle_w=st.floats(0, 2_000),
    lifetime_months=st.integers(1, 120),
    residual_fraction=st.floats(0, 1),
    discount_rate_per_year=st.floats(0, 1),
)
own_prices = st.dictionaries(
    st.sampled_from(OPTIONS), st.one_of(st.just(0.0), log_floats(1e-9, 1e6)), max_size=4
)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    workload=workloads,
    hosting=hostings,
    calendar=st.sampled_from(list(CALENDARS.values())),
    prices=own_prices,
    rate=st.one_of(st.none(), log_floats(1e-3, 1e7)),
)
def test_every_question_is_answered(
    frozen_catalog: Catalog,
    measure: Measure,
    workload: Workload,
    hosting: Hosting,
    calendar: object,
    prices: dict[str, float],
    rate: float | None,
) -> None:
    """No exception, no warning, no nan: costs are finite, and a winner is there if one is able."""
    scenario = Scenario.model_validate(
        {
            "workload": workload,
            "hosting": hosting,
            "calendar": calendar,
            "prices": tuple(prices.items()),
            "options": OPTIONS,
        }
    )
    runs: dict[str, Measurement] = {}
    if rate is not None:
        runs[THIS_MACHINE] = measure(THIS_MACHINE, tokens_per_s=rate)
    found = curves(Case(scenario, frozen_catalog, runs))
    shot = at_volume(found, Case(scenario, frozen_catalog, runs))
    for row in shot.rows:
        assert row.usd_per_month is None or 0 <= row.usd_per_month < math.inf
        assert row.duty_cycle is None or 0 <= row.duty_cycle <= 1 + 1e-9
    able = [row for row in shot.rows if row.can_serve]
    assert (shot.verdict.winner is None) == (not able)
    unsaid = [
        row for row in shot.rows if row.feasible and row.unknown and row.usd_per_month is not None
    ]
    if not able:
        assert (shot.verdict.not_yet_known is None) == (not unsaid)
    for pair in found.break_evens:
        for crossing in pair.crossings:
            assert 0 <= crossing.tokens_per_month < math.inf
            assert 0 <= crossing.usd_per_month < math.inf
        assert pair.first_tokens_per_month is None or pair.never is None
        _sign_turns(found, pair)
        if pair.never is not None:
            assert 0 <= pair.never.floor_usd_per_mtok < math.inf
    for lead in found.winners:
        assert 0 <= lead.from_tokens_per_month < lead.to_tokens_per_month


def _sign_turns(found: Curves, pair: BreakEven) -> None:
    """At the named volume the challenger really becomes cheaper: not below it, but above."""
    costs = {curve.option.id: curve.cost for curve in found.curves}
    challenger, incumbent = costs[pair.challenger_id], costs[pair.incumbent_id]
    first = pair.first_tokens_per_month
    if challenger is None or incumbent is None or first is None:
        return
    assert first == 0 or first >= 1
    near = 1e-6 * first
    for other in (crossing.tokens_per_month for crossing in pair.crossings):
        if other != first:  # where it turns again within a hair, look nearer than half way to it
            near = min(near, abs(other - first) / 2)
    for tokens, cheaper in ((first - near, False), (first + near, True)):
        own, others = float(challenger.at(tokens)), float(incumbent.at(tokens))
        slack = TIE_RELATIVE * max(own, others) + LEAST_USD
        if first > 0:
            assert (own - others <= slack) if cheaper else (own - others >= -slack)
