"""What was measured of the objective goes before what the fit says of it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.capacity.seen_loads import ALIKE, allowed_load
from core.decide.case import Case
from core.decide.load.text_load import TextLoad
from core.decide.result.option import CapacityUsed
from core.measurement.seen_load import SeenLoad
from core.measurement.server_fit import server_fit
from core.measurement.server_found import ServerFound
from core.probe.findings.of_server.server_findings import server_found
from core.probe.records.probe_plan import ServerSweep
from tests.decide.capacity.test_swept_server import MACHINE, MODEL, OPTION, asked, option_of, swept
from tests.measurement.test_measured import fit
from tests.probe.support import carry_out, plan
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthServer

TOKENS, SLO_S, FULL = 100.0, 0.5, 8_192.0
TEXTS = TextLoad(1.0, TOKENS, 1.0, 0.0, 1.0, (TOKENS,))


def seen(share: float, p95_s: float | None, **changes: object) -> SeenLoad:
    """A rate of a sweep with this objective: kept where its p95 is within it."""
    fields: dict[str, object] = {
        "share": share,
        "tokens_per_s": share * FULL,
        "p95_s": p95_s,
        "kept": p95_s is not None and p95_s <= SLO_S,
        "slo_s": SLO_S,
        "alone_s": 0.01,
    }
    return SeenLoad.model_validate(fields | changes)


def allowed(
    fitted: float | None, *loads: SeenLoad, texts: TextLoad = TEXTS, slo_s: float = SLO_S
) -> float | None:
    """The load that is left of what the fit says."""
    run = fit(engine="server", tokens_per_text=TOKENS, loads=loads)
    return allowed_load(fitted, FULL, run, texts, slo_s).load


SHARES = st.sets(st.integers(1, 64), min_size=1, max_size=6).map(
    lambda parts: [n / 64 for n in sorted(parts)]
)
FITTED = st.none() | st.floats(0.01, 1)


@given(FITTED, SHARES, st.integers(0, 6))
def test_no_more_than_what_missed_and_no_less_than_what_kept(
    fitted: float | None, shares: list[float], first_missed: int
) -> None:
    """Rates rise; from some on the objective is missed: the answer lies in between, whoever."""
    loads = [seen(s, 0.1 if n < first_missed else 0.9) for n, s in enumerate(shares)]
    load = allowed(fitted, *loads)
    kept, missed = shares[:first_missed], shares[first_missed:]
    if kept:
        assert load is not None
        assert load >= kept[-1]
    if missed and load is not None:
        assert load <= missed[0]
    bounds = (kept[-1] if kept else 0.0, missed[0] if missed else 2.0)
    if fitted is not None and bounds[0] <= fitted < bounds[1]:
        assert load == fitted


def test_who_spoke_is_said() -> None:
    """The fit, a rate that missed, one that kept, or both agreeing."""

    def said(fitted: float | None, *loads: SeenLoad) -> str:
        run = fit(engine="server", tokens_per_text=TOKENS, loads=loads)
        return allowed_load(fitted, FULL, run, TEXTS, SLO_S).said

    assert "no measured rate says anything of it" in said(0.7)
    assert "that agrees with what was measured" in said(0.7, seen(0.5, 0.1), seen(0.9, 0.9))
    assert "a measured rate of 50 % (p95 0.9 s) missed it: no more counts" in said(
        0.7, seen(0.5, 0.9)
    )
    assert "what counts is a measured rate of 30 % (p95 0.1 s), which kept it" in said(
        0.7, seen(0.3, 0.1), seen(0.5, None)
    )
    assert "at no load of full batches; a measured rate of 30 % (p95 0.1 s) kept it" in said(
        None, seen(0.3, 0.1)
    )


def test_other_texts_are_judged_by_what_holds_for_them() -> None:
    """What kept it speaks for shorter texts, what missed it for longer ones; spread is worse."""

    def of(tokens: float, *lengths: float) -> TextLoad:
        return replace(TEXTS, tokens=tokens, lengths=lengths or (tokens,))

    kept, missed = seen(0.9, 0.1), seen(0.3, 0.9)
    assert allowed(0.7, kept, texts=of(ALIKE * TOKENS)) == 0.9
    assert allowed(0.7, kept, texts=of(1.01 * ALIKE * TOKENS)) == 0.7
    assert allowed(0.7, kept, texts=of(10)) == 0.9
    assert allowed(0.7, kept, texts=of(TOKENS, 50.0, 150.0)) == 0.7
    assert allowed(0.7, missed, texts=of(TOKENS / ALIKE)) == 0.3
    assert allowed(0.7, missed, texts=of(0.99 * TOKENS / ALIKE)) == 0.7
    assert allowed(0.7, missed, texts=of(TOKENS, 50.0, 150.0)) == 0.3


def test_another_objective_is_judged_by_what_holds_for_it() -> None:
    """Small requests may keep what large ones missed; nothing is known of keeping up beyond."""
    slow, kept = seen(0.5, 0.4, alone_s=0.2), seen(0.5, 0.4)
    assert slow.keeps(0.3) is None
    assert kept.keeps(0.3) is False
    assert kept.keeps(2.0) is True
    assert seen(0.5, 0.9).keeps(2.0) is None
    assert seen(0.5, 0.1, kept=False).keeps(2.0) is False
    assert seen(0.5, None).keeps(100.0) is False
    assert seen(0.5, 0.4, slo_s=None, alone_s=0.2).keeps(0.3) is None


def test_a_rate_counts_by_its_tokens_where_full_batches_bring_more() -> None:
    """Half of what came out of small requests is less than half of full batches."""
    assert allowed(0.9, seen(0.5, 0.1, tokens_per_s=0.4 * FULL), seen(0.7, 0.9)) == 0.4


def capacity_of(catalog: Catalog, loads: tuple[SeenLoad, ...]) -> CapacityUsed:
    """Of the machine, its ceiling at 90 %."""
    case = Case(asked(slo_p95_s=SLO_S), catalog, {OPTION: swept(loads=loads, tokens_per_text=100)})
    capacity = option_of(case).capacity
    assert capacity is not None
    return capacity


def test_the_capacity_follows_and_says_so(frozen_catalog: Catalog) -> None:
    """Usable tokens/s are the measured share; the ceiling stays above all."""
    by_fit = capacity_of(frozen_catalog, ())
    full = by_fit.nominal_tokens_per_s
    few, more = 0.2 * full, 0.3 * full
    loads = (seen(0.2, 0.1, tokens_per_s=few), seen(0.3, 0.9, tokens_per_s=more))
    missed = capacity_of(frozen_catalog, loads)
    assert missed.nominal_tokens_per_s == full
    assert missed.usable_tokens_per_s == pytest.approx(0.2 * full)
    assert missed.binding == "objective"
    assert "missed it" in missed.explanation
    kept = capacity_of(frozen_catalog, (seen(1.0, 0.1, tokens_per_s=full),))
    assert kept.usable_tokens_per_s == pytest.approx(0.9 * full)
    assert kept.binding == "ceiling"
    assert "no measured rate says anything" in by_fit.explanation


def swept_by_a_client_that_kept_up(base_url: str) -> ServerFound:
    """A small sweep; again where other work held this computer up: its sweep is no fit, rightly."""
    schedule = ServerSweep(
        sizes=(1, 4), tokens=(16, 96), load_tokens=96, repeats=3, workers=(1, 2), rounds=15,
        shares=(0.1,), load_requests=40,
    )  # fmt: skip
    swept_plan = plan(base_url, schedule=schedule, texts_once=True, slo_s=0.05)
    for _ in range(5):
        found = server_found(swept_plan, carry_out(swept_plan).samples)
        assert found is not None
        if not found.held_up:
            return found
    pytest.fail("this computer was held up five times: give the test one that is less busy")


def test_a_server_that_stalls_carries_less_than_its_fit_believes(
    embedding_server: Callable[..., GroundTruthServer], frozen_catalog: Catalog
) -> None:
    """A fifth of every second nothing is answered: lone requests are quick, one in six is not."""
    delay = Delay(median_s=0.015, per_text_s=1e-4, per_token_s=1e-6, replicas=2)
    delay = replace(delay, stall_every_s=1.0, stall_for_s=0.2)
    found = swept_by_a_client_that_kept_up(embedding_server(Config(dims=8, delay=delay)).base_url)
    run = server_fit(found)
    assert run is not None
    assert [load.kept for load in found.loads] == [False]
    measured = swept().model_copy(update={"fit": run})
    question = asked(slo_p95_s=0.05)
    fitted = option_of(
        Case(question, frozen_catalog, {OPTION: measured.model_copy(
            update={"fit": run.model_copy(update={"loads": ()})}
        )})
    ).capacity  # fmt: skip
    bounded = option_of(Case(question, frozen_catalog, {OPTION: measured})).capacity
    assert fitted is not None
    assert bounded is not None
    assert found.tokens is not None
    missed_tokens_per_s = found.loads[0].rate_per_s * found.tokens
    assert bounded.usable_tokens_per_s <= missed_tokens_per_s * (1 + 1e-9)
    assert fitted.usable_tokens_per_s > 2 * bounded.usable_tokens_per_s
    assert "missed it" in bounded.explanation


def test_a_machine_with_two_cards_has_the_capacity_of_both(frozen_catalog: Catalog) -> None:
    """Two workers on one machine are one machine; two machines behind the address are halves."""
    machine = "rent/v-2"
    offer = frozen_catalog.find_machine(machine)
    assert offer is not None
    assert offer[1].card_count == 2
    name = f"{machine}@{MODEL}"
    question = asked(options=(name,))

    def full(workers: int) -> float:
        run = swept(workers=workers)
        capacity = option_of(Case(question, frozen_catalog, {name: run}), name).capacity
        assert capacity is not None
        return capacity.nominal_tokens_per_s

    assert full(2) == pytest.approx(2 * full(1))
    one_card = option_of(Case(asked(), frozen_catalog, {OPTION: swept(workers=2)}), OPTION).capacity
    assert machine != MACHINE
    assert one_card is not None
    assert full(2) == pytest.approx(one_card.nominal_tokens_per_s)
