"""No self-hosted option is stated at a corner of its own range."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.result.belief import CEILING, ELECTRICITY, LABOUR, PEAK, THROUGHPUT
from core.decide.risk.analyse_risk import risk
from core.decide.risk.risk_model import risk_model
from core.decide.risk.volume_risk import volume_risk
from core.scenario import OWNED_PREFIX, Hosting, Scenario, Workload

SAMPLES = 400

scenarios = st.builds(
    Scenario,
    workload=st.builds(
        Workload,
        requests_per_day=st.floats(2, 8).map(lambda e: 10.0**e),
        tokens_per_request=st.sampled_from([20.0, 200.0, 500.0]),
        peak_to_mean=st.sampled_from([1.0, 3.0, 10.0]),
    ),
    hosting=st.builds(
        Hosting,
        model=st.sampled_from(
            [
                "BAAI/bge-large-en-v1.5",
                "sentence-transformers/all-MiniLM-L6-v2",
                "google/embeddinggemma-2",
            ]
        ),
        labour_usd_per_month=st.sampled_from([0.0, 300.0, 1_500.0, 2_700.0, 20_000.0]),
        utilisation_ceiling=st.sampled_from([0.2, 0.6, 1.0]),
        spare_replicas=st.integers(0, 2),
        autoscale=st.booleans(),
        usd_per_kwh=st.sampled_from([0.05, 0.1883, 0.4]),
    ),
)


def self_hosted(catalog: Catalog) -> list[str]:
    """Everything that is rented by time or bought."""
    every = catalog.option_ids()
    return [o for o in every if catalog.find_machine(o) or o.startswith(OWNED_PREFIX)]


@settings(max_examples=12, deadline=None)
@given(scenarios, st.data())
def test_the_band_of_every_self_hosted_option_encloses_what_is_stated(
    catalog: Catalog, scenario: Scenario, data: st.DataObject
) -> None:
    """At the volume that is asked about and along the whole axis."""
    every = self_hosted(catalog)
    first = data.draw(st.integers(0, len(every) - 1))
    options = tuple((every + every)[first : first + 8])
    case = Case(scenario.model_copy(update={"options": options}), catalog)
    drawn = curves(case)
    believed = beliefs(case, [curve.option for curve in drawn.curves])
    model = risk_model(drawn, catalog, believed, case.scenario.tokens_per_month)
    stated = {row.option.id: row.usd_per_month for row in at_volume(drawn, case).rows}
    for found in risk(model, SAMPLES).options:
        usd = stated[found.option_id]
        assert usd is not None
        assert found.usd_low <= usd * (1 + 1e-9)
        assert found.usd_high >= usd * (1 - 1e-9)
    axis = volume_risk(model, SAMPLES, points=7)
    for curve, band in zip(model.curves, axis.bands, strict=True):
        assert curve.cost is not None
        along = curve.cost.at(axis.tokens_per_month)
        assert np.all(band.low <= along * (1 + 1e-9))
        assert np.all(band.high >= along * (1 - 1e-9))


@pytest.mark.parametrize("name", [LABOUR, PEAK, CEILING, ELECTRICITY, THROUGHPUT + "l4"])
def test_a_stated_input_is_the_middle_of_its_range(catalog: Catalog, name: str) -> None:
    """Median server, median labour: half of the draws lie on either side, near enough."""
    case = Case(Scenario(options=("aws/g6.xlarge", "owned/rtx-4090")), catalog)
    found = beliefs(case, [curve.option for curve in curves(case).curves])
    law = next(belief.law for belief in found if belief.name == name)
    below = np.mean(law.at(np.linspace(0.0005, 0.9995, 1_000)) < law.value)
    assert 0.4 <= below <= 0.6
