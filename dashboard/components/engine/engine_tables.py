"""The numbers of a sweep as tables, units in the names of their columns."""

import pandas as pd

from core.measurement.sweep import SweepReport
from dashboard import formats
from dashboard.resources.cached.cached_store import RunView


def points_table(report: SweepReport) -> pd.DataFrame:
    """One row a batch shape."""
    return pd.DataFrame(
        {
            "texts": point.texts,
            "tokens_per_text": point.tokens_per_text,
            "repeats": point.repeats,
            "least_ms": formats.milliseconds(point.min_s),
            "p50_ms": formats.milliseconds(point.p50_s),
            "p95_ms": formats.milliseconds(point.p95_s),
            "fitted_ms": formats.milliseconds(point.fitted_s),
            "fitted_over_least": round(point.fitted_s / point.min_s, 3),
            "settled": point.settled,
        }
        for point in report.points
    )


def checks_table(report: SweepReport) -> pd.DataFrame:
    """One row a load: predicted, measured, error, and what is left of it with own times."""
    return pd.DataFrame(
        {
            "share_of_capacity": check.share,
            "texts_per_s": round(check.rate_per_s, 2),
            "texts_per_request": check.texts_per_request,
            "predicted_p50_ms": formats.milliseconds(check.predicted_p50_s, 1),
            "measured_p50_ms": formats.milliseconds(check.measured.response_p50.value_s, 1),
            "predicted_p95_ms": formats.milliseconds(check.predicted_p95_s, 1),
            "measured_p95_ms": formats.milliseconds(check.measured.response_p95.value_s, 1),
            "p95_error": None if check.p95_error is None else round(check.p95_error, 3),
            "batch_times_over_fit": round(check.slowdown, 3),
            "p95_with_own_times_ms": formats.milliseconds(check.own_times_p95_s, 1),
            "mean_batch_predicted": round(check.predicted_mean_batch, 2),
            "mean_batch_measured": round(check.measured_mean_batch, 2),
        }
        for check in report.checks
    )


def environment_table(run: RunView, report: SweepReport) -> pd.DataFrame:
    """What one must know to believe, or to repeat, the numbers."""
    environment = run.environment
    if environment is None:
        return pd.DataFrame(columns=["What", "Found"])
    versions = ", ".join(f"{name} {number}" for name, number in environment.versions)
    peak, bandwidth = report.fit.dense_tflops_measured, report.fit.memory_gb_per_s
    datasheet = report.dense_tflops_datasheet
    rows = [
        ("Engine", f"{environment.engine}, {environment.precision}: {environment.engine_reason}"),
        ("Device", f"{environment.hardware} ({environment.device_reason})"),
        ("Model", f"{environment.model}, weights sha256 {(environment.revision or '')[:12]}"),
        ("Peak measured", f"{peak:.3g} TFLOP/s" if peak else "unknown"),
        ("Peak by datasheet", f"{datasheet:g} TFLOP/s" if datasheet else "not in the catalogue"),
        ("Memory bandwidth", f"{bandwidth:.3g} GB/s, a large copy" if bandwidth else "unknown"),
        ("Clock", f"{environment.cpu_mhz:.0f} MHz" if environment.cpu_mhz else "not told"),
        (
            "Load average",
            f"{_load(environment.load_at_start)} before, {_load(environment.load_at_end)} after",
        ),
        ("GPUs", "; ".join(environment.gpus) or "none seen"),
        ("Software", f"Python {environment.python}, {environment.os}, {versions}"),
    ]
    return pd.DataFrame(rows, columns=["What", "Found"])


def _load(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.1f}"
