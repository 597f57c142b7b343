"""What is stored of a measurement, and what is still read of older ones."""

import pytest
from pydantic import ValidationError

from core.measurement.measured import Measurement
from core.measurement.sweep import EngineFit

STORED_BEFORE_SWEEPS = """{
  "run_id": "a", "started_at": "2026-11-01T10:00:00Z",
  "subject": {"option_id": "this-machine", "label": "This machine", "model": "m"},
  "summary": {"n_planned": 1, "n_ok": 1, "n_failed": 0,
    "response_p50": {"value_s": 0.1}, "response_p95": {"value_s": 0.1},
    "response_p99": {"value_s": 0.1}, "service_p50": {"value_s": 0.1},
    "service_p95": {"value_s": 0.1}}
}"""


def fit(**changes: object) -> EngineFit:
    """A sweep of a small model on a small processor."""
    values: dict[str, object] = {
        "engine": "onnxruntime",
        "precision": "fp32",
        "start_s": 0.002,
        "floor_s": 0.0,
        "per_token_s": 2e-4,
        "hidden": 384,
        "log_spread": 0.05,
        "worst_log": 0.1,
        "shapes": 7,
        "largest_batch": 64,
        "largest_batch_tokens": 256,
        "tokens_per_s": 5_000.0,
        "tokens_per_text": 128.0,
    }
    return EngineFit.model_validate(values | changes)


def test_a_measurement_stored_before_there_were_sweeps_still_loads() -> None:
    """It has no fit, and says so."""
    assert Measurement.model_validate_json(STORED_BEFORE_SWEEPS).fit is None


def test_a_fit_survives_storage() -> None:
    """What is written is what is read, and a later version's extra field does not hide it."""
    found = fit()
    assert EngineFit.model_validate_json(found.model_dump_json()) == found
    later = found.model_dump() | {"noise": 3}
    assert EngineFit.model_validate(later) == found


@pytest.mark.parametrize(
    "changes",
    [
        {"per_token_s": 0.0},
        {"start_s": -1.0},
        {"tokens_per_s": float("inf")},
        {"mfu": float("nan")},
        {"largest_batch": 0},
        {"active_w": 0.0},
    ],
)
def test_a_fit_without_sense_is_refused(changes: dict[str, object]) -> None:
    """Neither a time of nothing nor an endless rate gets into a cost."""
    with pytest.raises(ValidationError):
        fit(**changes)
