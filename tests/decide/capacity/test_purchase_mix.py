"""Reserved and spot shares of rented replicas."""

import pytest

from core.catalog.schema import Catalog, MachineOffer
from core.decide.capacity.purchase_mix import chance_of_enough, mix_note, mixed_usd_per_hour
from core.scenario import Hosting
from core.units import THIRTY_DAYS


def on_demand(catalog: Catalog) -> MachineOffer:
    """An offer by the hour at $1."""
    found = catalog.find_machine("rent/l-1")
    assert found is not None
    return found[1]


def test_as_listed_an_hour_costs_its_price(frozen_catalog: Catalog) -> None:
    """Without shares there is nothing to mix, and nothing to say."""
    offer, hosting = on_demand(frozen_catalog), Hosting()
    assert mixed_usd_per_hour(offer, 1.0, hosting, THIRTY_DAYS) == 1
    assert mix_note(offer, hosting) == ""
    assert chance_of_enough(offer, 3, 1, hosting, THIRTY_DAYS) is None


def test_shares_are_weighed_at_their_discounts(frozen_catalog: Catalog) -> None:
    """Half reserved at 40 % off, half of the rest spot at 60 % off, without interruptions."""
    hosting = Hosting(reserved_share=0.5, spot_share=0.5, spot_interruptions_per_month=0)
    usd = mixed_usd_per_hour(on_demand(frozen_catalog), 1.0, hosting, THIRTY_DAYS)
    assert usd == pytest.approx(0.5 * 0.6 + 0.25 * 0.4 + 0.25)


def test_the_time_that_spot_loses_is_paid(frozen_catalog: Catalog) -> None:
    """72 interruptions in 720 h of an hour each: a tenth more for an hour of work."""
    hosting = Hosting(
        spot_share=1.0, spot_interruptions_per_month=72, spot_recovery_minutes=60, spot_discount=0.5
    )
    offer = on_demand(frozen_catalog)
    assert mixed_usd_per_hour(offer, 1.0, hosting, THIRTY_DAYS) == pytest.approx(0.5 * 1.1)
    itself_spot = offer.model_copy(update={"purchase": "spot"})
    assert mixed_usd_per_hour(itself_spot, 1.0, hosting, THIRTY_DAYS) == pytest.approx(1.1)


def test_a_reservation_is_not_mixed_with_replicas_that_come_and_go(
    frozen_catalog: Catalog,
) -> None:
    """It is paid at all hours; the note says that it was left out."""
    hosting = Hosting(reserved_share=1.0, autoscale=True)
    offer = on_demand(frozen_catalog)
    assert mixed_usd_per_hour(offer, 1.0, hosting, THIRTY_DAYS) == 1
    assert "no reservation" in mix_note(offer, hosting)


def test_a_spare_raises_the_chance_that_enough_work(frozen_catalog: Catalog) -> None:
    """Two of two, against two of three, at an availability of ten in eleven."""
    hosting = Hosting(spot_share=1.0, spot_interruptions_per_month=72, spot_recovery_minutes=60)
    offer = on_demand(frozen_catalog)
    p = 1 / 1.1
    assert chance_of_enough(offer, 2, 0, hosting, THIRTY_DAYS) == pytest.approx(p**2)
    assert chance_of_enough(offer, 2, 1, hosting, THIRTY_DAYS) == pytest.approx(
        p**3 + 3 * p**2 * (1 - p)
    )


def test_the_mix_is_said_in_shares(frozen_catalog: Catalog) -> None:
    """Any share at all, up to the whole."""
    offer = on_demand(frozen_catalog)
    discounts = {"reserved_discount": 0.4, "spot_discount": 0.6}
    for reserved, spot, said in (
        (0.5, 0.25, "50% reserved at 40% off, 25% of the rest spot at 60% off"),
        (1.0, 0.0, "100% reserved at 40% off"),
        (0.0, 1.0, "100% of the rest spot at 60% off"),
        (0.0, 0.0, ""),
    ):
        hosting = Hosting(reserved_share=reserved, spot_share=spot, **discounts)
        assert mix_note(offer, hosting) == said


def test_of_what_is_reserved_none_is_taken_away(frozen_catalog: Catalog) -> None:
    """Half of four are reserved, half of the rest is spot: one of them, at ten in eleven."""
    hosting = Hosting(
        reserved_share=0.5, spot_share=0.5, spot_interruptions_per_month=72,
        spot_recovery_minutes=60,
    )  # fmt: skip
    offer = on_demand(frozen_catalog)
    assert chance_of_enough(offer, 4, 0, hosting, THIRTY_DAYS) == pytest.approx(1 / 1.1)
    assert chance_of_enough(offer, 3, 1, hosting, THIRTY_DAYS) == pytest.approx(1.0)
