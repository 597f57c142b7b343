"""What the page caches its answers by: the measurements themselves, not the names of their runs."""

from core.measurement.estimate import Estimate
from core.measurement.sweep import EngineFit
from dashboard.resources.cached.cached_store import Measured
from tests.dashboard.conftest import measurement

P95 = Estimate(value_s=0.04, low_s=0.03, high_s=0.05)
FIT = EngineFit(
    engine="torch",
    precision="fp32",
    start_s=0.001,
    floor_s=0.0,
    per_token_s=1e-4,
    hidden=384,
    log_spread=0.02,
    worst_log=0.05,
    shapes=12,
    largest_batch=8,
    largest_batch_tokens=256,
    tokens_per_s=4_500,
    tokens_per_text=256,
)


def test_a_sweep_changes_the_version_though_the_run_stays() -> None:
    """A sweep after a probe leaves the probe's id and brings a fit: the curves must be new."""
    probed = measurement("this-machine", P95)
    swept = probed.model_copy(update={"fit": FIT})
    assert probed.run_id == swept.run_id
    assert Measured.of({"a": probed}).version != Measured.of({"a": swept}).version


def test_equal_measurements_have_one_version() -> None:
    """In whatever order they come."""
    one, other = measurement("a", P95), measurement("b", P95)
    assert Measured.of({"a": one, "b": other}).version == (
        Measured.of({"b": other, "a": one}).version
    )
    assert Measured.of({"a": one}).version != Measured.of({"b": one}).version
