"""A sweep of a server whose truth is known: what is found of it, and what that moves."""

import math
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.catalog.schema import Catalog, PriceUnit
from core.cli.support import opened_runs
from core.decide.case import Case
from core.decide.compare import curves
from core.errors import BudgetError, RunError
from core.grade import Grade
from core.measurement.measured import Measurement
from core.measurement.server_found import ServerFound
from core.probe.records.probe_plan import ProbePlan
from core.runs.service import Runs
from core.runs.spending.worst_case import FREE, Rate
from core.runs.starting.candidates import custom_candidate
from core.runs.starting.server_plan import server_plan
from core.runs.watching.run_view import RunView
from core.scenario import Hosting, Objective, Scenario, Workload, pair_id
from core.settings import Settings
from core.store.runs import RunState
from tests.runs.support import finished, wait_until
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthProcess, GroundTruthServer

WORKERS, TEXTS, TOKENS = 4, 32, 66
"""Tokens of a text of 64 x 4 characters, as this server counts: 256 / 4 and two markers."""
DELAY = Delay(median_s=0.005, per_text_s=0.001, per_token_s=1e-5, replicas=WORKERS)
BATCH_S = 0.005 + 0.001 * TEXTS + 1e-5 * TEXTS * TOKENS
TRUE_TOKENS_PER_S = WORKERS * TEXTS * TOKENS / BATCH_S
MODEL, MACHINE = "open/large", "rent/l-1"
OPTION = pair_id(MACHINE, MODEL)
SMALL: dict[str, Any] = {"sizes": (1, 4, 16, 32), "tokens": (16, 64), "repeats": 2}
LOOPS: dict[str, Any] = {"workers": (1, 4, 8, 16), "rounds": 4}
LOADS: dict[str, Any] = {"shares": (0.5, 0.8), "load_requests": 30}
SHORT = SMALL | LOOPS | LOADS

Serve = Callable[..., GroundTruthServer]

pytestmark = pytest.mark.alone


def sweep_plan(base_url: str, model: str = MODEL, **fields: Any) -> ProbePlan:
    """A short sweep, its loops with texts of 64 tokens."""
    candidate = custom_candidate(base_url, model)
    return server_plan(candidate, "a test", slo_p95_s=0.5, load_tokens=64, **(SHORT | fields))


def found_by(view: RunView) -> ServerFound:
    """What a run found of its server."""
    assert view.summary is not None
    assert view.summary.report is not None
    swept = view.summary.report.server_sweep
    assert swept is not None
    return swept


@dataclass(frozen=True)
class Swept:
    """A sweep that went through, and all that is left of it."""

    view: RunView
    measured: dict[str, Measurement]
    adopted: dict[str, str]
    document: str


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Swept]:
    """Of the server with four workers, said to be a machine of the frozen catalogue."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("swept"), database_url=None)
    with ExitStack() as stack:
        server = stack.enter_context(GroundTruthProcess(Config(delay=DELAY, dims=16)))
        runs = stack.enter_context(opened_runs(settings))
        run_id = runs.start(sweep_plan(server.base_url), rate=FREE, stands_for=OPTION)
        view = finished(runs, run_id)
        assert view.state is RunState.DONE, view.error
        yield Swept(view, runs.measurements(), runs.adoptions(), runs.export([run_id]))


def test_the_time_of_a_request_is_found_apart_from_the_network(swept: Swept) -> None:
    """Start, time of a text and of a token, by the server's own word; the round trip is apart."""
    found = found_by(swept.view)
    assert found.times is not None
    assert found.times_by == "server"
    assert found.times.start_s == pytest.approx(0.005, rel=0.01)
    assert found.times.per_text_s == pytest.approx(0.001, rel=0.01)
    assert found.times.per_unit_s == pytest.approx(1e-5, rel=0.01)
    assert found.times.residual < 0.01
    assert found.round_trip_s is not None
    assert 0 < found.round_trip_s < 0.1
    assert (found.texts, found.most_texts, found.refused_texts) == (TEXTS, TEXTS, None)


def test_the_capacity_is_within_a_tenth_of_the_truth(swept: Swept) -> None:
    """Four batches at a time: 4 x 32 x 66 tokens in the time of one."""
    found = found_by(swept.view)
    assert found.full_tokens_per_s == pytest.approx(TRUE_TOKENS_PER_S, rel=0.1)
    assert found.workers == pytest.approx(WORKERS, rel=0.1)
    fit = swept.measured[OPTION].fit
    assert fit is not None
    assert (fit.workers, fit.most_texts, fit.engine) == (WORKERS, TEXTS, "server")


def test_each_load_stands_beside_its_prediction(swept: Swept) -> None:
    """At both rates a p95 was predicted on the very arrivals, and one measured."""
    loads = found_by(swept.view).loads
    assert [load.share for load in loads] == [0.5, 0.8]
    for load in loads:
        assert load.n_ok == load.n == 30
        assert load.predicted_p95_s is not None
        assert load.response_p95.value_s is not None
        assert load.predicted_p95_s > 0.9 * BATCH_S
        # No busy machine answers before the server does.
        assert load.response_p95.value_s > 0.9 * BATCH_S


def question() -> Scenario:
    """The machine against an API, where labour makes more than one replica worth it."""
    return Scenario(
        workload=Workload(tokens_per_request=TOKENS, peak_to_mean=1.0),
        objective=Objective(slo_p95_s=2.0),
        hosting=Hosting(
            model=MODEL,
            utilisation_ceiling=0.5,
            max_batch_tokens=TEXTS * TOKENS,
            spare_replicas=0,
            labour_usd_per_month=25_000,
        ),
        options=("alpha/flat", MACHINE, OPTION),
    )


def break_even(case: Case, option_id: str) -> float | None:
    """First volume from which the machine is cheaper than the API, tokens a month."""
    pair = ("alpha/flat", option_id)
    (one,) = [b for b in curves(case).break_evens if (b.incumbent_id, b.challenger_id) == pair]
    return one.first_tokens_per_month


def by_hand(
    asked: Scenario,
    usd_per_hour: float,
    usd_per_mtok: float,
    tokens_per_s: float = TRUE_TOKENS_PER_S,
) -> float:
    """The least volume at which so many replicas carry it and cost less than the API."""
    hours = asked.calendar.hours_per_month
    busy_s = asked.hosting.utilisation_ceiling * 3_600 * hours / asked.workload.peak_to_mean
    carried = tokens_per_s * busy_s
    for replicas in range(1, 100):
        fixed = asked.hosting.labour_usd_per_month + replicas * usd_per_hour * hours
        volume = fixed / usd_per_mtok * 1e6
        if volume <= replicas * carried:
            return volume
    return math.inf


def test_the_break_even_moves_to_where_the_truth_puts_it(
    swept: Swept, frozen_catalog: Catalog
) -> None:
    """By hand from the truth: labour and n machines at $1 an hour against $0.10 for 1M tokens."""
    asked = question()
    before = break_even(Case(asked, frozen_catalog), OPTION)
    case = Case(asked, frozen_catalog, swept.measured)
    now = break_even(case, OPTION)
    assert now == pytest.approx(by_hand(asked, 1.00, 0.10), rel=1e-6)
    assert before is not None
    assert now is not None
    assert before > 1.05 * now
    # Named without its model it is the same machine, as long as that model is hosted.
    assert break_even(case, MACHINE) == now
    hosting = asked.hosting.model_copy(update={"model": "open/small"})
    other = asked.model_copy(update={"hosting": hosting})
    plain = Case(other, frozen_catalog)
    assert break_even(case.asking(other), MACHINE) == break_even(plain, MACHINE)


def test_the_option_shows_where_and_when_it_was_measured(
    swept: Swept, frozen_catalog: Catalog
) -> None:
    """Grade, address, place, day and residual stand in the capacity's own words."""
    option = next(
        curve.option
        for curve in curves(Case(question(), frozen_catalog, swept.measured)).curves
        if curve.option.id == OPTION
    )
    assert option.capacity is not None
    assert option.capacity.basis is Grade.MEASURED
    assert option.capacity.cards == WORKERS
    day = f"{swept.measured[OPTION].started_at:%Y-%m-%d}"
    for words in ("at 127.0.0.1:", "from a test", day, "residual", "4 at a time"):
        assert words in option.capacity.explanation


def test_a_sweep_from_a_file_measures_nothing_until_a_person_says_so(
    swept: Swept, runs: Runs
) -> None:
    """It says the same of its server as where it was made, and stands for no option by itself."""
    runs.bring_in(swept.document.encode(), "file")
    view = runs.view(swept.view.run_id)
    assert found_by(view) == found_by(swept.view)
    assert runs.measurements() == {}
    runs.adopt(view.run_id, option_id=OPTION)
    assert runs.adoptions() == {OPTION: view.run_id} == swept.adopted
    measured = runs.measurements()[OPTION]
    assert measured.fit == swept.measured[OPTION].fit
    assert measured.said_of_it.startswith(", imported from")
    runs.release(OPTION)
    assert runs.measurements() == {}


def test_machines_behind_one_address_share_the_capacity(swept: Swept) -> None:
    """Two of them: each has half of the workers and half of the rate."""
    found = found_by(swept.view)
    shared = found.model_copy(update={"machines": 2})
    assert shared.full_tokens_per_s == pytest.approx((found.full_tokens_per_s or 0) / 2)


@pytest.mark.usefixtures("warm_worker")
def test_a_server_that_dies_leaves_what_it_had_answered(
    runs: Runs, embedding_server: Serve
) -> None:
    """The run fails in a sentence; its cells are kept, and no option is measured by them."""
    dead = dict.fromkeys(range(14, 2_000), "reset_at_once")
    server = embedding_server(Config(dims=16, faults=dead))
    run_id = runs.start(sweep_plan(server.base_url), rate=FREE, stands_for=OPTION)
    view = finished(runs, run_id)
    assert view.state is RunState.FAILED
    assert view.error == "The server stopped answering, so nothing more was sent."
    found = found_by(view)
    assert found.answered == 14 - (1 + view.plan.warm_up_requests)
    assert len(server.truths) < 30
    assert runs.adoptions() == {}
    with pytest.raises(RunError, match="chosen the result"):
        runs.adopt(run_id, option_id=OPTION)


@pytest.mark.usefixtures("warm_worker")
def test_a_limit_of_texts_ends_the_axis_and_a_rate_limit_the_sweep(
    runs: Runs, embedding_server: Serve
) -> None:
    """Both are named; nothing is sent after the refusal for being too many."""
    server = embedding_server(Config(dims=16, most_texts=32, faults={12: "429"}))
    plan = sweep_plan(server.base_url, sizes=(1, 8, 32, 64, 128), shares=(0.5,))
    view = finished(runs, runs.start(plan, rate=FREE))
    assert view.state is RunState.DONE, view.error
    found = found_by(view)
    assert (found.most_texts, found.refused_texts) == (32, 64)
    assert "took 32 texts a request and refused 64" in found.sentence
    assert "1 request was refused as too many" in found.limit
    assert "asks to wait 7 s" in found.limit
    # 64 was tried once, at the shortest length, and 128 never.
    assert sum(cell.refused for cell in found.cells) == 1
    assert max(cell.texts for cell in found.cells) == 64
    assert len(server.truths) == 13


@pytest.mark.usefixtures("warm_worker")
def test_a_wrong_model_or_a_cancelled_sweep_measures_nothing(
    runs: Runs, embedding_server: Serve
) -> None:
    """Of the first nothing is sent but the first calls; the second keeps its samples."""
    server = embedding_server(Config(dims=16, delay=Delay(median_s=0.05)))
    wrong = runs.start(sweep_plan(server.base_url, "fault/404"), rate=FREE)
    view = finished(runs, wrong)
    assert view.state is RunState.FAILED
    assert "None of the first calls was answered" in (view.error or "")
    assert "no such path or model" in (view.error or "")
    run_id = runs.start(sweep_plan(server.base_url), rate=FREE, stands_for=OPTION)
    wait_until(runs, run_id, lambda now: now.done > 6)
    runs.cancel(run_id)
    view = finished(runs, run_id)
    assert view.state is RunState.CANCELLED
    assert found_by(view).answered > 0
    assert runs.measurements() == {}


def test_a_sweep_at_a_price_holds_its_worst_case_before_it_starts(tmp_path: Path) -> None:
    """The bound is over the largest requests of every loop, so that no limit found raises it."""
    settings = Settings(data_dir=tmp_path, database_url=None)
    price = Rate(Decimal(1), PriceUnit.PER_MTOK)
    with opened_runs(settings) as runs, pytest.raises(BudgetError, match="above the cap"):
        runs.start(sweep_plan("http://127.0.0.1:9/v1"), rate=price)
