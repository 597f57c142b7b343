"""Plans against a server on this computer, and waiting for what a run should become."""

import time
from collections.abc import Callable
from typing import Any

from pydantic import SecretStr

from core.catalog.schema import Endpoint, WireFormat
from core.measurement.latency import Subject
from core.probe.records.probe_plan import ApiTarget, LocalTarget, ProbePlan
from core.runs.service import Runs
from core.runs.watching.run_view import RunView

KEY = SecretStr("sk-breakeven-never-to-be-seen-4d1c")
PATIENCE_S = 60.0


def api_plan(base_url: str, option_id: str = "endpoint/test/m", **changes: Any) -> ProbePlan:
    """A small, fast plan against an OpenAI-compatible server."""
    endpoint = Endpoint.model_validate({"wire": WireFormat.OPENAI_COMPATIBLE, "base_url": base_url})
    fields: dict[str, Any] = {
        "subject": Subject(option_id=option_id, label="a test server", model="m"),
        "target": ApiTarget(endpoint=endpoint, wire_model="m", allow_loopback=True),
        "texts": ("one", "two words", "and three words"),
        "requests": 20,
        "warm_up_requests": 2,
        "rate_per_s": 200.0,
        "timeout_s": 20.0,
    }
    if "schedule" in changes:
        del fields["requests"], fields["rate_per_s"]
    return ProbePlan.model_validate(fields | changes)


def slow_plan(base_url: str, **changes: Any) -> ProbePlan:
    """A plan that is still going when a test looks: 20 requests a second for minutes."""
    return api_plan(base_url, **({"requests": 5_000, "rate_per_s": 20.0} | changes))


def local_plan(**changes: Any) -> ProbePlan:
    """A plan for the packaged model."""
    fields: dict[str, Any] = {
        "subject": Subject(option_id="this-machine", label="This machine", model="MiniLM"),
        "target": LocalTarget(device="cpu", threads=1),
        "texts": ("where is my order", "how do I return it"),
        "requests": 5,
        "warm_up_requests": 1,
        "rate_per_s": 20.0,
    }
    return ProbePlan.model_validate(fields | changes)


def wait_until(runs: Runs, run_id: str, condition: Callable[[RunView], bool]) -> RunView:
    """Look at a run, as the page does, until the condition holds."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        view = runs.view(run_id)
        if condition(view):
            return view
        assert time.monotonic() < deadline, f"waited in vain; the run is {view}"
        time.sleep(0.05)


def finished(runs: Runs, run_id: str) -> RunView:
    """The run once it has ended."""
    return wait_until(runs, run_id, lambda view: not view.live)
