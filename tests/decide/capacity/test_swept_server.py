"""What a sweep of a server gives the machine that it is said to be, by the times that it found."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.catalog.schema import Catalog
from core.decide.beliefs.belief_throughput import throughputs
from core.decide.case import Case
from core.decide.compare import curves
from core.decide.result.belief import THROUGHPUT
from core.decide.result.option import Option
from core.grade import Grade
from core.measurement.latency import Subject
from core.measurement.measured import Measurement
from core.scenario import Hosting, Objective, Scenario, Workload
from tests.dashboard.sweeps import summary
from tests.measurement.test_measured import fit

MODEL, MACHINE = "open/large", "rent/l-1"
OPTION = f"{MACHINE}@{MODEL}"


def swept(**changes: object) -> Measurement:
    """A server that is said to be the machine with its model."""
    server: dict[str, object] = {
        "engine": "server",
        "start_s": 0.005,
        "per_text_s": 0.001,
        "per_token_s": 1e-5,
        "hidden": 10**18,
        "largest_batch": 32,
        "largest_batch_tokens": 512,
        "most_texts": 32,
        "workers": 4,
    }
    return Measurement(
        run_id="run",
        subject=Subject(option_id=OPTION, label="large at gpu:8080", model=MODEL, place="Zurich"),
        started_at=datetime(2026, 11, 30, tzinfo=UTC),
        summary=summary(0.05, 0.1),
        fit=fit(**(server | changes)),
    )


def asked(
    tokens: float = 100, options: tuple[str, ...] = (OPTION,), slo_p95_s: float = 30.0
) -> Scenario:
    """The machine, with texts all alike."""
    return Scenario(
        workload=Workload(tokens_per_request=tokens),
        objective=Objective(slo_p95_s=slo_p95_s),
        hosting=Hosting(model=MODEL, utilisation_ceiling=0.9, max_batch_tokens=16_384),
        options=options,
    )


def option_of(case: Case, option_id: str = OPTION) -> Option:
    """An option as it is compared."""
    return next(c.option for c in curves(case).curves if c.option.id == option_id)


@given(
    st.floats(0, 0.05),
    st.floats(0, 0.01),
    st.floats(1e-6, 1e-4),
    st.integers(1, 8),
    st.integers(1, 64),
    st.floats(0.5, 2),
)
def test_full_batches_of_every_worker_are_the_capacity(
    frozen_catalog: Catalog,
    start_s: float,
    per_text_s: float,
    per_token_s: float,
    workers: int,
    most: int,
    factor: float,
) -> None:
    """W B s / T(B), with T(B) = (start + B (text + s token)) as slow as under load."""
    run = swept(
        start_s=start_s,
        per_text_s=per_text_s,
        per_token_s=per_token_s,
        workers=workers,
        most_texts=most,
        largest_batch=most,
        mean_over_fit=factor,
    )
    capacity = option_of(Case(asked(), frozen_catalog, {OPTION: run})).capacity
    assert capacity is not None
    assert capacity.replica is not None
    texts = capacity.replica.texts_per_batch
    assert texts == min(most, 163)
    batch_s = factor * (start_s + texts * (per_text_s + 100 * per_token_s))
    expected = workers * texts * 100 / batch_s
    assert capacity.nominal_tokens_per_s == pytest.approx(expected, rel=0.02)
    assert capacity.basis is Grade.MEASURED


def test_no_other_machine_or_model_is_measured_by_it(frozen_catalog: Catalog) -> None:
    """The card in one's drawer is not the one in the data centre, though it be of the same kind."""
    others = ("owned/gpu-home", f"{MACHINE}@open/small", "rent/v-2")
    question = asked(options=(OPTION, MACHINE, *others))
    with_run = Case(question, frozen_catalog, {OPTION: swept()})
    without = Case(question, frozen_catalog)
    for name in others:
        with_it, before = option_of(with_run, name).capacity, option_of(without, name).capacity
        assert with_it is not None
        assert before is not None
        assert with_it.nominal_tokens_per_s == before.nominal_tokens_per_s
        assert with_it.basis is before.basis is not Grade.MEASURED
    plain, pair = option_of(with_run, MACHINE), option_of(with_run, OPTION)
    assert plain.capacity is not None
    assert pair.capacity is not None
    assert plain.capacity.nominal_tokens_per_s == pair.capacity.nominal_tokens_per_s


def test_the_objective_decides_by_the_fit_and_not_by_one_load(frozen_catalog: Catalog) -> None:
    """The sweep's own p95 is of its large batches: a stricter objective has smaller ones."""
    run = swept()
    slow = run.summary.response_p95.model_copy(update={"value_s": 9, "low_s": 8, "high_s": 10})
    run = run.model_copy(update={"summary": run.summary.model_copy(update={"response_p95": slow})})
    option = option_of(Case(asked(slo_p95_s=1.0), frozen_catalog, {OPTION: run}))
    assert option.blocked_reason == ""
    never = option_of(Case(asked(slo_p95_s=0.006), frozen_catalog, {OPTION: run}))
    assert "A request that finds the replica idle takes" in never.blocked_reason


def test_its_words_say_where_when_and_how_well(frozen_catalog: Catalog) -> None:
    """And a copy from a file says that it is one."""
    option = option_of(Case(asked(), frozen_catalog, {OPTION: swept()}))
    assert option.capacity is not None
    assert option.capacity.explanation.startswith("Measured on large at gpu:8080 from Zurich, 2026")
    for words in ("5 ms, 1 ms a text", "residual 5%", "4 at a time", "up to 32 texts"):
        assert words in option.capacity.explanation
    assert any("a sweep of your own server" in note for note in option.notes)
    copied = swept().model_copy(update={"imported_from": "a cluster"})
    option = option_of(Case(asked(), frozen_catalog, {OPTION: copied}))
    assert option.capacity is not None
    assert "imported from a cluster" in option.capacity.explanation


def test_the_belief_in_a_measured_machine_is_its_own(frozen_catalog: Catalog) -> None:
    """As narrow as the fit; the same card elsewhere keeps its published range."""
    question = asked(options=(OPTION, "owned/gpu-home", "rent/v-2"))
    case = Case(question, frozen_catalog, {OPTION: swept(log_spread=0.0)})
    options = [curve.option for curve in curves(case).curves]
    by_name = {b.name: b for b in throughputs(options, frozen_catalog, case.measurements)}
    own = by_name[f"{THROUGHPUT}{MACHINE}"]
    assert own.options == frozenset({OPTION})
    assert own.basis.startswith("Measured: the fit's residual")
    assert len(by_name) == len(options)
