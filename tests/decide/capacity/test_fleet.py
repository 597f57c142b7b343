"""Replicas, utilisation, duty cycle and latency as outputs of the load."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.answer.rows import not_known_to_serve
from core.decide.capacity.fleet import busy_s_per_token
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.flips.flips import Judge
from core.decide.load.rhythm import rhythm_of
from core.decide.result.snapshot import OptionAtVolume
from core.measurement.measured import Measurement
from core.scenario import (
    THIS_MACHINE,
    Hosting,
    LongTexts,
    Objective,
    Scenario,
    Serverless,
    Workload,
)
from tests.decide.conftest import Measure
from tests.decide.known_limits import limit_known

NOTHING: dict[str, Measurement] = {}


def row(scenario: Scenario, catalog: Catalog, option_id: str) -> OptionAtVolume:
    """One row of the table."""
    one = scenario.model_copy(update={"options": (option_id,)})
    return at_volume(curves(Case(one, catalog, NOTHING)), Case(one, catalog, NOTHING)).rows[0]


def asked(requests_per_day: float, **hosting: float) -> Scenario:
    """Texts of 500 tokens on the frozen catalogue's card: 50,000 tokens/s in full batches."""
    return Scenario(
        workload=Workload(requests_per_day=requests_per_day),
        hosting=Hosting(model="open/large", **hosting),
    )


@settings(max_examples=60, deadline=None)
@given(st.floats(1, 9).map(lambda e: 10.0**e), st.floats(0.02, 5), st.floats(0.1, 1))
def test_the_replicas_keep_the_objective_they_were_bought_for(
    frozen_catalog: Catalog, requests: float, slo_s: float, ceiling: float
) -> None:
    """Predicted p95 in the busy hour lies within the objective, utilisation below the ceiling."""
    scenario = asked(requests, utilisation_ceiling=ceiling).model_copy(
        update={"objective": Objective(slo_p95_s=slo_s)}
    )
    found = row(scenario, frozen_catalog, "rent/l-1")
    assert found.utilisation is not None
    assert found.utilisation <= ceiling * (1 + 1e-9)
    if not found.infeasible_reason:
        assert found.predicted_p95_s is not None
        assert found.predicted_p95_s <= slo_s * 1.001
        assert found.predicted_p50_s is not None
        assert found.predicted_p50_s <= found.predicted_p95_s


def test_the_notes_load_keeps_an_l4_busy_for_two_per_cent(catalog: Catalog) -> None:
    """One L4 carries it and idles: a duty cycle of about 2 %, answers in some 11 ms."""
    scenario = Scenario(hosting=Hosting(spare_replicas=0))
    found = row(scenario, catalog, "aws/g6.xlarge")
    assert found.replicas == 1
    assert found.duty_cycle == pytest.approx(0.0197, abs=0.0005)
    assert found.utilisation == pytest.approx(0.0354, abs=0.001)
    assert found.predicted_p95_s == pytest.approx(0.011, abs=0.001)


def test_a_tight_objective_needs_more_replicas(frozen_catalog: Catalog) -> None:
    """Where the queue limits the load it says so, and the fleet is larger."""
    lax = asked(1e8)
    tight = lax.model_copy(update={"objective": Objective(slo_p95_s=0.03)})
    one, other = (row(s, frozen_catalog, "rent/l-1") for s in (lax, tight))
    assert one.option.capacity is not None
    assert other.option.capacity is not None
    assert (one.option.capacity.binding, other.option.capacity.binding) == ("ceiling", "objective")
    assert (other.replicas or 0) > (one.replicas or 0)
    assert (other.predicted_p95_s or 1) <= 0.03


def test_an_objective_that_no_replica_keeps_blocks_the_option(frozen_catalog: Catalog) -> None:
    """The reason names the time of a lone request; the curve is still drawn."""
    hopeless = asked(1e5).model_copy(update={"objective": Objective(slo_p95_s=0.002)})
    found = row(hopeless, frozen_catalog, "rent/l-1")
    assert not found.feasible
    assert "more replicas do not help" in found.infeasible_reason
    assert found.usd_per_month is not None


def test_a_quota_of_replicas_ends_what_can_be_served(frozen_catalog: Catalog) -> None:
    """Beyond it the option is infeasible, with the volume that the quota carries."""
    within = row(asked(1e6, maximum_replicas=2), frozen_catalog, "rent/l-1")
    beyond = row(asked(1e8, maximum_replicas=2), frozen_catalog, "rent/l-1")
    assert within.feasible
    assert not beyond.feasible
    assert "quota of replicas carries 25,900,000,000 tokens/month" in beyond.infeasible_reason
    assert "requests pile up over the day" in beyond.infeasible_reason
    piled = re.search(r"Else ([0-9,]+) requests pile up", beyond.infeasible_reason)
    assert piled is not None
    assert 1 <= float(piled[1].replace(",", "")) <= 1e8


def test_replicas_that_follow_the_load_are_busier(frozen_catalog: Catalog) -> None:
    """Fewer replica hours for the same work: a lower bill and a higher duty cycle."""
    fixed = asked(1e8)
    hosting = fixed.hosting.model_copy(update={"autoscale": True})
    following = fixed.model_copy(update={"hosting": hosting})
    one, other = (row(s, frozen_catalog, "rent/l-1") for s in (fixed, following))
    assert (other.mean_replicas or 0) < (one.mean_replicas or 0)
    assert (other.usd_per_month or 0) < (one.usd_per_month or 0)
    assert (other.duty_cycle or 0) > (one.duty_cycle or 0)
    assert other.replicas == one.replicas


def by_the_second(catalog: Catalog) -> Catalog:
    """The frozen catalogue with its first GPU billed while it runs."""
    provider, offer = catalog.find_machine("rent/l-1") or (None, None)
    assert provider is not None
    assert offer is not None
    serverless = offer.model_copy(update={"purchase": "serverless"})
    changed = provider.model_copy(update={"machines": (serverless,)})
    others = tuple(p for p in catalog.providers if p.id != provider.id)
    return catalog.model_copy(update={"providers": (*others, changed)})


def test_all_chunks_of_a_text_are_served_by_the_second(frozen_catalog: Catalog) -> None:
    """A text of sixty windows takes many times as long as one of a window, and is billed so."""
    catalog = by_the_second(frozen_catalog)

    def usd(tokens: float) -> float:
        scenario = Scenario(
            workload=Workload(
                requests_per_day=1_000, tokens_per_request=tokens, long_texts=LongTexts.CHUNK
            ),
            hosting=Hosting(model="open/large", labour_usd_per_month=0),
            serverless=Serverless(idle_timeout_s=0, cold_start_s=0),
        )
        found = row(scenario, catalog, "rent/l-1")
        assert found.option.capacity is not None
        assert found.option.capacity.replica is not None
        least = tokens * found.option.capacity.processed_share * 30_000
        assert found.usd_per_month is not None
        # No card does it in less than its full batches take, at $1 an hour.
        full = least / found.option.capacity.nominal_tokens_per_s / 3_600
        assert found.usd_per_month >= full * (1 - 1e-3)
        return found.usd_per_month

    assert usd(30_000) > 20 * usd(500)


def test_a_gpu_that_stops_when_idle_starts_cold(frozen_catalog: Catalog) -> None:
    """A few requests an hour meet a cold start each: cheap, and beyond the objective."""
    catalog = by_the_second(frozen_catalog)
    rare = row(asked(48, labour_usd_per_month=0), catalog, "rent/l-1")
    assert rare.cold_start_share is not None
    assert rare.cold_start_share > 0.9
    assert not rare.feasible
    assert "meet a cold start of 20 s" in rare.infeasible_reason
    assert (rare.usd_per_month or 0) < 0.1 * 720
    warm = asked(48, labour_usd_per_month=0).model_copy(
        update={"serverless": Serverless(keep_warm=True)}
    )
    kept = row(warm, catalog, "rent/l-1")
    assert kept.feasible
    assert kept.cold_start_share == 0
    assert kept.usd_per_month == pytest.approx(720, rel=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.05, 1.0])
@pytest.mark.parametrize("peak", [20, 22.08, 23.43, 23.9, 23.999, 24, 50])
def test_nights_of_next_to_nothing_can_be_asked_of_a_gpu_by_the_second(
    frozen_catalog: Catalog, peak: float, share: float
) -> None:
    """At a peak just under 24 some hours have 1e-300 of the mean: no more than none."""
    scenario = asked(600, labour_usd_per_month=0)
    load = scenario.workload.model_copy(update={"peak_to_mean": peak, "deferrable_share": share})
    scenario = scenario.model_copy(update={"workload": load})
    rare = row(scenario, by_the_second(frozen_catalog), "rent/l-1")
    assert rare.usd_per_month is not None
    assert 0 < rare.usd_per_month < 720
    assert rare.cold_start_share is not None


def test_cut_texts_fill_less_of_a_replica(frozen_catalog: Catalog) -> None:
    """What the model does not read costs no time: more offered tokens fit."""
    alike = asked(1e8)
    load = alike.workload.model_copy(update={"length_cv": 1.0})
    spread = alike.model_copy(update={"workload": load})
    one, other = (row(s, frozen_catalog, "rent/l-1").option for s in (alike, spread))
    assert one.capacity is not None
    assert other.capacity is not None
    assert other.capacity.processed_share < 0.7
    assert other.capacity.tokens_per_month > one.capacity.tokens_per_month
    assert any(note.startswith("cuts 3") for note in other.notes)


def test_a_fleet_that_stands_ready_for_bursts_works_in_smaller_batches(
    frozen_catalog: Catalog,
) -> None:
    """Between the bursts a token keeps the card busy for longer, as it does at a higher peak."""
    calm, sudden = (
        row(
            Scenario(
                workload=Workload(peak_to_mean=1, burst_factor=burst),
                hosting=Hosting(model="open/large", batch_start_s=0.005),
            ),
            frozen_catalog,
            "rent/l-1",
        ).option.capacity
        for burst in (1.0, 5.0)
    )
    assert calm is not None
    assert sudden is not None
    assert busy_s_per_token(sudden, rhythm_of(Workload(peak_to_mean=1, burst_factor=5))) > 1.1 * (
        busy_s_per_token(calm, rhythm_of(Workload(peak_to_mean=1)))
    )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.floats(0, 6).map(lambda e: 10.0**e), st.floats(0.02, 40))
def test_curve_and_table_agree_on_cold_starts(
    frozen_catalog: Catalog, measure: Measure, requests: float, slo_s: float
) -> None:
    """What the table calls infeasible leads nowhere on the axis, and the verdict's winner leads.

    The pages Risk and Plan, and what would change the answer, ask who can serve by the same rule.
    """
    catalog = limit_known(by_the_second(frozen_catalog))
    quick = {"alpha/tiered": measure("alpha/tiered", 0.01, 0.009, 0.011)}
    scenario = asked(requests, labour_usd_per_month=0).model_copy(
        update={
            "objective": Objective(slo_p95_s=slo_s),
            "options": ("alpha/tiered", "rent/l-1"),
            "prices": (("alpha/tiered", 10.0),),
        }
    )
    case = Case(scenario, catalog, quick)
    found = curves(case)
    shot = at_volume(found, case)
    winner = shot.verdict.winner
    assert winner is not None
    assert Judge(case).winner(scenario) == winner.option.id
    serves = {row.option.id: row.feasible and not row.unknown for row in shot.rows}
    for curve in found.curves:
        reason = not_known_to_serve(curve, scenario.tokens_per_month)
        assert (not reason) is serves[curve.option.id]
    volume = scenario.tokens_per_month
    lead = next(
        lead
        for lead in found.winners
        if lead.from_tokens_per_month < volume <= lead.to_tokens_per_month
    )
    assert lead.option_id == winner.option.id


def test_a_quota_below_what_must_stand_serves_nothing(frozen_catalog: Catalog) -> None:
    """Three at least and a spare one of three that can be had."""
    for quota, feasible in ((3, False), (4, True)):
        few = asked(1_000, maximum_replicas=quota, minimum_replicas=3, spare_replicas=1)
        found = row(few, frozen_catalog, "rent/l-1")
        assert found.feasible is feasible
        said = "smaller than the minimum and the spare ones together"
        assert (said in found.infeasible_reason) is not feasible


def test_what_was_measured_decides_and_what_is_predicted_is_said(
    frozen_catalog: Catalog, measure: Measure
) -> None:
    """A p95 of 0.1 s within 0.2 s; without it the objective is not known to be met."""
    scenario = asked(1e5).model_copy(
        update={
            "objective": Objective(slo_p95_s=0.2),
            "options": (THIS_MACHINE,),
            "prices": ((THIS_MACHINE, 0.25),),
        }
    )
    seen = {THIS_MACHINE: measure(THIS_MACHINE, tokens_per_s=50_000.0)}
    case = Case(scenario, frozen_catalog, seen)
    (measured,) = at_volume(curves(case), case).rows
    assert measured.meets_slo is True
    assert "predicted" not in measured.slo_reason
    unmeasured = row(scenario, frozen_catalog, "rent/l-1")
    assert unmeasured.meets_slo is None
    assert unmeasured.slo_reason.startswith("Not measured; predicted p95 ")


def test_the_cards_of_a_machine_share_its_load(frozen_catalog: Catalog) -> None:
    """Two cards in one at twice the volume answer as one card at the volume."""
    offers = [
        machine.model_copy(update={"card_count": 2}) if machine.id == "l-1" else machine
        for machine in next(p for p in frozen_catalog.providers if p.id == "rent").machines
    ]
    twins = frozen_catalog.model_copy(
        update={
            "providers": tuple(
                p.model_copy(update={"machines": tuple(offers)}) if p.id == "rent" else p
                for p in frozen_catalog.providers
            )
        }
    )
    for requests_per_day in (1e5, 2e6, 1e8):
        one = row(asked(requests_per_day), frozen_catalog, "rent/l-1")
        two = row(asked(2 * requests_per_day), twins, "rent/l-1")
        assert two.replicas == one.replicas
        assert two.utilisation == pytest.approx(one.utilisation)
        assert two.predicted_p95_s == pytest.approx(one.predicted_p95_s)
