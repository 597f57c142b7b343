"""The client's own overhead: measured, plausible, and never a reason for a run to fail."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from core.probe.records.probe_plan import LocalTarget
from core.probe.sending.calibration import CALLS, calibrate
from tests.probe.support import target

REMOTE = target("https://api.example.com/v1")


def test_the_way_to_an_api_is_measured_against_a_server_that_answers_at_once() -> None:
    """Above nothing, far below a tenth of a second, and the percentiles in their order."""
    found = asyncio.run(calibrate(REMOTE))
    assert found is not None
    assert found.n == CALLS
    assert 1e-5 < found.p50_s <= found.p95_s <= found.p99_s
    assert found.p50_s < 0.1


def test_the_way_to_the_local_model_is_a_hop_between_threads() -> None:
    """No server is needed for it."""
    found = asyncio.run(calibrate(LocalTarget()))
    assert found is not None
    assert 1e-6 < found.p50_s < 0.1


def test_where_no_process_can_be_started_there_is_no_overhead_to_show(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither a missing interpreter nor one that prints nonsense raises."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))
    assert asyncio.run(calibrate(REMOTE)) is None
    if os.name == "posix":
        monkeypatch.setattr(sys, "executable", "/bin/true")
        assert asyncio.run(calibrate(REMOTE)) is None
