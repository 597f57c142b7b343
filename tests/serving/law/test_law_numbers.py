"""The law's numbers are those of a fit to the rows that ship, and as far off as is said."""

import importlib.util
import statistics
from dataclasses import asdict

import pytest

from core.catalog.load import load_catalog
from core.scenario import Hosting
from core.serving.batch.physics import flops_per_token, mfu
from core.serving.law.batch_law import ServerKind, law_batch_time
from core.serving.law.law_numbers import GROUPS, LAW, SERVER_START_S
from core.serving.law.measured_batches import FULL_BATCH_TOKENS, MeasuredBatch, measured_batches
from tests.benchmarks.model.bench_law import by_pair, equal_mfu, error, pair
from tests.oracles.law_fit import fitted, left_out, predicted_s

ROWS = measured_batches()
INT8 = (ServerKind.CPU_INT8, ServerKind.CPU_AMX)


@pytest.fixture(scope="module")
def without_pair() -> dict[MeasuredBatch, float]:
    """Error of each row under the law that did not see its card with its model."""
    return left_out(ROWS, pair)


def test_a_fit_gives_the_numbers_that_ship() -> None:
    """Each to three figures."""
    found = asdict(fitted(ROWS))
    for name, value in asdict(LAW).items():
        if name != "kinds":
            assert found[name] == pytest.approx(value, rel=0.005)
    for kind in ServerKind:
        assert found["kinds"][kind] == pytest.approx(asdict(LAW)["kinds"][kind], rel=0.01)


def test_the_formula_is_the_one_that_was_fitted() -> None:
    """The product's batch time and the fit's own, of every row."""
    theirs = predicted_s(LAW, ROWS)
    for row, seconds in zip(ROWS, theirs.tolist(), strict=True):
        time = law_batch_time(row.shape, row.machine, row.kind, LAW)
        assert time.seconds(row.texts, row.tokens_per_text) == pytest.approx(seconds, rel=1e-9)


def test_it_is_nearer_than_equal_mfu_in_every_group(
    without_pair: dict[MeasuredBatch, float],
) -> None:
    """Pairs that it did not see: half of them within 25 %, where equal MFU was twice off."""
    before = equal_mfu(ROWS, pair)
    assert statistics.median(by_pair(without_pair)) < 0.25
    for kinds in GROUPS.values():
        rows = [row for row in without_pair if row.kind in kinds]
        law, carried = ([logs[row] for row in rows] for logs in (without_pair, before))
        assert error(law) < error(carried) / 2


def test_a_scenario_starts_a_batch_as_the_law_does() -> None:
    """One judgement, written where each needs it."""
    assert Hosting().batch_start_s == SERVER_START_S


def test_a_full_batch_is_as_large_as_the_scenario_s() -> None:
    """16,384 tokens stand in the law, the scenario and the catalogue: one usual limit."""
    assumed = load_catalog().assumption("max-batch-tokens").value
    assert assumed == FULL_BATCH_TOKENS == Hosting().max_batch_tokens


def test_every_row_is_possible_and_says_who_says_so() -> None:
    """No batch passes the dense peak, and each has a source and a date.

    The peak of a processor is that of fp32; int8 does up to four times as many (VNNI).
    """
    for row in ROWS:
        assert row.source.startswith(("https://", "this project, python -m ")), row.source
        assert row.dated
        work = flops_per_token(row.shape, row.tokens_per_text)
        share = mfu(row.tokens_per_s, work, row.machine.dense_tflops)
        assert 0 < share < (4 if row.kind in INT8 else 1), (row.model, row.hardware)
    assert len({pair(row) for row in ROWS}) >= 41


def test_what_the_project_measured_itself_names_its_command() -> None:
    """A reader with such a machine measures it again."""
    own = {row.source for row in ROWS if "project" in row.source}
    assert own == {"this project, python -m tests.benchmarks gpu"}
    assert importlib.util.find_spec("tests.benchmarks.engine.bench_gpu")
