"""What a sweep of this machine replaces in the model."""

import pytest

from core.catalog.schema import Catalog
from core.decide.capacity.replaced import Replaced, replaced
from core.decide.case import Case
from core.measurement.measured import Measurement
from core.scenario import THIS_MACHINE, Scenario
from tests.decide.conftest import Measure
from tests.measurement.test_measured import fit


def rows(measured: Measurement, question: Scenario, catalog: Catalog) -> dict[str, Replaced]:
    """By what is replaced."""
    return {row.what: row for row in replaced(measured, Case(question, catalog))}


def test_without_a_sweep_nothing_is_replaced(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """A probe of single texts is itself what stands there."""
    assert replaced(measure(THIS_MACHINE, tokens_per_s=400.0), Case(question, frozen_catalog)) == ()


def test_a_sweep_replaces_the_lower_bound_of_a_probe(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """Both rates stand side by side, and what each carries within the objective."""
    measured = measure(THIS_MACHINE, tokens_per_s=400.0).model_copy(update={"fit": fit()})
    found = rows(measured, question, frozen_catalog)
    rate = found["Throughput in full batches"]
    assert rate.before == "at least 400 tokens/s"
    assert not rate.now.startswith("at least")
    assert float(rate.now.split()[0].replace(",", "")) > 400
    texts_per_s, words = found["Within the objective"].before.split(maxsplit=1)
    assert words == "texts/s of 500 tokens"
    assert 0 < float(texts_per_s) <= 400 / 500
    start = found["Start of a batch"]
    assert (start.before, start.now) == ("1 ms, assumed for every card", "2 ms")


def test_where_nothing_was_probed_it_says_so(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """No figure is invented for the time before."""
    measured = measure(THIS_MACHINE).model_copy(update={"fit": fit()})
    found = rows(measured, question, frozen_catalog)
    assert found["Throughput in full batches"].before == "nothing: it was not measured"
    assert found["Within the objective"].before == "nothing: it was not measured"
    assert found["Electricity"].before == "none billed"
    assert "no power was measured" in found["Electricity"].now


def test_measured_watts_stand_beside_nothing(
    question: Scenario, frozen_catalog: Catalog, measure: Measure
) -> None:
    """Before, this machine's electricity was not in the bill."""
    watts = fit(idle_w=118.0, active_w=285.0, energy_source="NVML")
    measured = measure(THIS_MACHINE).model_copy(update={"fit": watts})
    found = rows(measured, question, frozen_catalog)["Electricity"]
    assert found.now == "118 W idle, 285 W at full batches, NVML"


@pytest.mark.parametrize(("hardware", "known"), [("NVIDIA L4", True), ("AMD EPYC", False)])
def test_the_catalogues_figure_of_the_same_card_stands_beside_it(
    question: Scenario, catalog: Catalog, measure: Measure, *, hardware: str, known: bool
) -> None:
    """A processor is no card of the catalogue: then there is no such row."""
    measured = measure(THIS_MACHINE)
    subject = measured.subject.model_copy(
        update={"hardware": hardware, "model": "BAAI/bge-large-en-v1.5"}
    )
    swept = measured.model_copy(update={"subject": subject, "fit": fit()})
    asked = question.model_copy(update={"hosting": Scenario().hosting})
    found = [r for r in replaced(swept, Case(asked, catalog)) if r.what.startswith("Catalogue, ")]
    assert bool(found) is known
    if known:
        assert "tokens/s, p" in found[0].before
