"""Both readings of how many answer behind an address: parts of one machine, or several."""

import pytest

from core.catalog.schema import Catalog
from core.measurement.machines_behind import HELP, shared_words
from core.measurement.server_fit import server_fit
from core.runs.trust.stands_for import unit_words
from core.scenario import THIS_MACHINE
from tests.probe.findings.of_server.test_server_findings import PLAN, SWEEP, Truth, found_of


@pytest.mark.parametrize(("machines", "share"), [(1, 1.0), (2, 0.5)])
def test_two_workers_are_one_machine_with_two_cards_or_two_machines(
    machines: int, share: float
) -> None:
    """The same samples: of one machine it is all that came out, of two it is half."""
    samples = Truth(0.01, 0.001, 1e-5, 2).samples()
    schedule = SWEEP.model_copy(update={"machines": machines})
    fit = server_fit(found_of(samples, PLAN.model_copy(update={"schedule": schedule})))
    assert fit is not None
    both = 2 * 16 * 64 / Truth(0.01, 0.001, 1e-5).seconds(16, 64)
    assert fit.tokens_per_s == pytest.approx(share * both, rel=0.03)
    assert fit.workers == round(2 * share)


def test_the_words_say_what_one_machine_is(frozen_catalog: Catalog) -> None:
    """With its cards, so that nobody counts them as machines."""
    assert unit_words(frozen_catalog, "rent/v-2").endswith("with its 2 cards")
    assert "cards" not in unit_words(frozen_catalog, "rent/l-1")
    assert unit_words(frozen_catalog, "owned/gpu-home").startswith("a computer with one ")
    assert unit_words(frozen_catalog, THIS_MACHINE) == "this computer"
    assert "counts for one" in shared_words(1, "this computer")
    assert "is divided by 2" in shared_words(2, "this computer")
    assert "cards of one machine are one machine" in HELP
