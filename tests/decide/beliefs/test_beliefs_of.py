"""What is believed of each input, where the range is from, and what a measurement narrows."""

from collections.abc import Mapping

import pytest

from core.catalog.schema import Catalog
from core.cost.many_scenarios.laws import LawKind
from core.decide.beliefs.beliefs_of import beliefs
from core.decide.case import Case
from core.decide.result.belief import (
    CEILING,
    ELECTRICITY,
    GROWTH,
    LABOUR,
    PEAK,
    VOLUME,
    Belief,
    Range,
    with_ranges,
)
from core.decide.result.belief import around as law_around
from core.measurement.measured import Measurement
from core.measurement.sweep import EngineFit
from core.scenario import THIS_MACHINE, Hosting, Scenario, Workload, hybrid_id, pair_id
from tests.decide.conftest import Measure
from tests.oracles.options_alone import options


def believed(
    scenario: Scenario,
    catalog: Catalog,
    measurements: Mapping[str, Measurement] | None = None,
) -> dict[str, Belief]:
    """The beliefs of a scenario by name."""
    case = Case(scenario, catalog, measurements or {})
    found = beliefs(case, options(case))
    assert len({belief.name for belief in found}) == len(found)
    return {belief.name: belief for belief in found}


def test_every_input_of_the_note_is_believed_around_the_scenarios_value(
    note_catalog: Catalog,
) -> None:
    """Prices, speeds, labour, peak, ceiling, electricity, volume and growth, each once."""
    scenario = Scenario()
    found = believed(scenario, note_catalog)
    assert {LABOUR, PEAK, CEILING, ELECTRICITY, VOLUME, GROWTH} <= set(found)
    assert found[LABOUR].law.value == scenario.hosting.labour_usd_per_month
    assert found[PEAK].law.low < 3.0 < found[PEAK].law.high
    assert found[VOLUME].law.spread == 0
    assert found["price/openai/text-embedding-3-small"].law.value == pytest.approx(0.02)
    for belief in found.values():
        assert belief.law.low <= belief.law.value <= belief.law.high
        assert belief.basis.endswith(".")


def test_a_card_has_one_speed_whoever_rents_it_out(note_catalog: Catalog) -> None:
    """Two offers of an L4 rest on the same belief."""
    scenario = Scenario(options=("aws/g6.xlarge", "modal/l4"))
    found = believed(scenario, note_catalog)
    assert found["throughput/l4"].options == frozenset(scenario.options)


def test_an_own_price_is_taken_as_known(note_catalog: Catalog) -> None:
    """Whoever types a price means it, whatever other sources say."""
    option = "owned/rtx-4080"
    scenario = Scenario(options=(option,), prices=((option, 900.0),))
    belief = believed(scenario, note_catalog)["price/" + option]
    assert belief.law.spread == 0
    assert belief.basis == "Your own price."


def test_seconds_of_an_api_are_believed_within_a_factor_of_two(note_catalog: Catalog) -> None:
    """What a request takes was measured by nobody here."""
    scenario = Scenario(options=("huggingface/hf-inference",))
    law = believed(scenario, note_catalog)["seconds/huggingface/hf-inference"].law
    assert (law.low, law.high) == pytest.approx((law.value / 2, law.value * 2))


def test_a_probe_of_an_api_by_the_second_narrows_its_seconds(
    note_catalog: Catalog, measure: Measure
) -> None:
    """0.08 to 0.12 s are an upper bound; costs still rest on what the catalogue assumes."""
    option = "huggingface/hf-inference"
    scenario = Scenario(options=(option,))
    guessed = believed(scenario, note_catalog)["seconds/" + option]
    seen = believed(scenario, note_catalog, {option: measure(option)})["seconds/" + option]
    assert (seen.law.low, seen.law.value, seen.law.high) == pytest.approx((0.04, 0.1, 0.12))
    assert seen.before == guessed.law
    assert seen.stated == guessed.stated == guessed.law.value
    assert "upper bound" in seen.basis


@pytest.mark.parametrize(("low_s", "high_s"), [(None, 0.12), (0.08, None), (None, None)])
def test_a_probe_without_an_interval_narrows_no_seconds(
    note_catalog: Catalog, measure: Measure, low_s: float | None, high_s: float | None
) -> None:
    """Too few requests have a median and no bounds of it: what was believed stays."""
    option = "huggingface/hf-inference"
    scenario = Scenario(options=(option,))
    seen = {option: measure(option, 0.1, low_s, high_s)}
    guessed = believed(scenario, note_catalog)["seconds/" + option]
    assert believed(scenario, note_catalog, seen)["seconds/" + option] == guessed


@pytest.mark.parametrize(("low", "high"), [(900, None), (None, 1_500), (900, 1_500), (None, None)])
def test_street_prices_of_a_card_reach_as_far_as_they_are_known(
    note_catalog: Catalog, low: float | None, high: float | None
) -> None:
    """One end alone is a range from the price to it; none at all is the price."""
    card = note_catalog.card("rtx-4080")
    assert card is not None
    sold = card.model_copy(update={"usd_street_low": low, "usd_street_high": high})
    cards = tuple(sold if c.id == card.id else c for c in note_catalog.cards)
    changed = note_catalog.model_copy(update={"cards": cards})
    law = believed(Scenario(options=("owned/rtx-4080",)), changed)["price/owned/rtx-4080"].law
    assert (law.low, law.value, law.high) == pytest.approx((low or 1_199, 1_199, high or 1_199))


def test_a_sweep_narrows_the_speed_of_this_machine_to_its_residual(
    note_catalog: Catalog, measure: Measure
) -> None:
    """Nine of ten within exp(1.645 x residual); what was believed before is kept for the page."""
    fit = EngineFit(
        engine="torch",
        precision="fp32",
        start_s=0.001,
        floor_s=0.0,
        per_token_s=1e-5,
        hidden=384,
        log_spread=0.05,
        worst_log=0.1,
        shapes=9,
        largest_batch=64,
        largest_batch_tokens=256,
        tokens_per_s=5_000,
        tokens_per_text=256,
    )
    measured = measure(THIS_MACHINE, tokens_per_s=5_000).model_copy(update={"fit": fit})
    scenario = Scenario(options=(THIS_MACHINE,), prices=((THIS_MACHINE, 0.1),))
    belief = believed(scenario, note_catalog, {THIS_MACHINE: measured})[
        "throughput/" + THIS_MACHINE
    ]
    assert belief.law.kind is LawKind.LOG_NORMAL
    assert belief.law.high / belief.law.value == pytest.approx(1.0857, rel=1e-3)
    assert belief.before is not None
    assert belief.before.spread > 3 * belief.law.spread
    assert "residual over 9 batches" in belief.basis


def test_a_probe_narrows_the_speed_to_the_interval_of_its_median(
    note_catalog: Catalog, measure: Measure
) -> None:
    """0.08 to 0.12 s around 0.1 s: the speed lies within about a fifth."""
    measured = measure(THIS_MACHINE, tokens_per_s=5_000)
    scenario = Scenario(options=(THIS_MACHINE,), prices=((THIS_MACHINE, 0.1),))
    belief = believed(scenario, note_catalog, {THIS_MACHINE: measured})[
        "throughput/" + THIS_MACHINE
    ]
    assert belief.before is not None
    assert 1.1 < belief.law.high / belief.law.value < 1.25


def test_an_imported_load_narrows_the_peak(note_catalog: Catalog) -> None:
    """The user's own requests are worth more than a judgement."""
    guessed = believed(Scenario(), note_catalog)[PEAK]
    hours = (3.0,) + (21 / 23,) * 23
    imported = Scenario(workload=Workload(hour_weights=hours))
    looked = believed(imported, note_catalog)[PEAK]
    assert looked.before is not None
    assert looked.before.ends == pytest.approx(guessed.law.ends)
    assert looked.law.spread < guessed.law.spread / 3


def test_a_peak_never_lies_below_the_mean(note_catalog: Catalog) -> None:
    """A range around an even load opens upward only."""
    scenario = Scenario(workload=Workload(peak_to_mean=1.0))
    assert believed(scenario, note_catalog)[PEAK].law.low == 1.0


def test_what_is_zero_is_known(note_catalog: Catalog) -> None:
    """No labour is a decision, not a guess around nothing."""
    scenario = Scenario(hosting=Hosting(labour_usd_per_month=0))
    found = believed(scenario, note_catalog)
    assert found[LABOUR].law.spread == 0
    assert found[GROWTH].law.spread == 0


def test_a_range_of_the_users_replaces_that_of_the_sources(note_catalog: Catalog) -> None:
    """It is used as given and says so."""
    every = tuple(believed(Scenario(), note_catalog).values())
    wanted = {LABOUR: Range(LawKind.TRIANGULAR, 2_000, 3_000)}
    changed, complaints = with_ranges(every, wanted)
    labour = next(belief for belief in changed if belief.name == LABOUR)
    assert (labour.law.kind, labour.law.low, labour.law.high) == (LawKind.TRIANGULAR, 2_000, 3_000)
    assert labour.basis == "Your range."
    assert complaints == ()


@pytest.mark.parametrize(
    ("low", "high", "message"),
    [(2_000, 1_000, "upside down"), (3_000, 4_000, "outside its range"), (0, 3_000, "above 0")],
)
def test_a_range_that_makes_no_sense_is_refused_in_a_sentence(
    note_catalog: Catalog, low: float, high: float, message: str
) -> None:
    """Nothing is lost: the range from the sources stays in force."""
    every = tuple(believed(Scenario(), note_catalog).values())
    changed, complaints = with_ranges(every, {LABOUR: Range(LawKind.LOG_UNIFORM, low, high)})
    assert changed == every
    assert len(complaints) == 1
    assert message in complaints[0]


def test_a_range_without_width_is_known() -> None:
    """Low, value and high alike."""
    assert law_around(LawKind.LOG_UNIFORM, 5, 5, 5).kind is LawKind.FIXED


def test_a_probe_without_an_interval_leaves_the_speed_within_a_factor_of_two(
    note_catalog: Catalog, measure: Measure
) -> None:
    """Either way of what it saw."""
    measured = measure(THIS_MACHINE, 0.1, None, None, tokens_per_s=5_000)
    scenario = Scenario(options=(THIS_MACHINE,), prices=((THIS_MACHINE, 0.1),))
    law = believed(scenario, note_catalog, {THIS_MACHINE: measured})[
        "throughput/" + THIS_MACHINE
    ].law
    assert law.kind is LawKind.LOG_UNIFORM
    assert (law.low, law.high) == pytest.approx((law.value / 2, law.value * 2))


def test_an_imported_peak_is_known_to_a_tenth(note_catalog: Catalog) -> None:
    """A tenth more either way by one's own requests, half as much again by judgement."""
    hours = (3.0,) + (21 / 23,) * 23
    looked = believed(Scenario(workload=Workload(hour_weights=hours)), note_catalog)[PEAK].law
    assert (looked.low, looked.value, looked.high) == pytest.approx((3 / 1.1, 3.0, 3 * 1.1))
    guessed = believed(Scenario(), note_catalog)[PEAK].law
    assert (guessed.low, guessed.value, guessed.high) == pytest.approx((2.0, 3.0, 4.5))


def test_a_price_is_that_of_every_option_on_the_machine(note_catalog: Catalog) -> None:
    """Whatever model each names; of a part of a hybrid alone it is the part's own."""
    pair = pair_id("aws/g6.xlarge", "BAAI/bge-m3")
    found = believed(Scenario(options=("aws/g6.xlarge", pair)), note_catalog)
    assert found["price/aws/g6.xlarge"].options == frozenset({"aws/g6.xlarge", pair})
    api = "cloudflare/bge-large-en-v1.5"
    mixed = believed(Scenario(options=(hybrid_id("aws/g6.xlarge", api),)), note_catalog)
    assert mixed["price/" + api].options == frozenset({api})
    assert mixed["price/aws/g6.xlarge"].options == frozenset({"aws/g6.xlarge"})


@pytest.mark.parametrize(
    ("low", "high", "ratio"),
    [(0.2, 0.8, 4.0), (None, 0.9, 1.5), (0.2, None, 3.0), (None, None, 1.0)],
)
def test_an_assumption_is_as_wide_as_its_row_around_what_is_stated(
    note_catalog: Catalog, low: float | None, high: float | None, ratio: float
) -> None:
    """From the row's low to its high, its value where it has none; the stated one in the middle."""
    rows = tuple(
        row.model_copy(update={"value": 0.6, "low": low, "high": high})
        if row.id == "utilisation-ceiling"
        else row
        for row in note_catalog.assumptions
    )
    catalog = note_catalog.model_copy(update={"assumptions": rows})
    scenario = Scenario(hosting=Hosting(utilisation_ceiling=0.3))
    law = believed(scenario, catalog)[CEILING].law
    assert law.value == 0.3
    assert (law.low, law.high) == pytest.approx((0.3 / ratio**0.5, 0.3 * ratio**0.5))
