"""How APIs and GPUs by the second are used."""

from typing import Annotated

from pydantic import BaseModel, Field

from core.scenario.knobs import STRICT, YES_NO, Choice, Knob


class Serverless(BaseModel):
    """How APIs are called, and how a GPU that is billed by the second comes and goes."""

    model_config = STRICT

    failure_rate: Annotated[
        float,
        Field(ge=0, le=0.9, description="Share of the attempts that fail."),
        Knob("Failed attempts", "fraction", "fail", 0.01),
    ] = 0.0
    max_attempts: Annotated[
        int,
        Field(ge=1, le=100, description="Attempts for a request, the first included."),
        Knob("Attempts at most", "attempts", "tries", 1),
    ] = 3
    failed_billed: Annotated[
        bool,
        Field(description="Whether a failed attempt is billed like a good one."),
        Choice("Failed attempts are billed", "failbill", YES_NO),
    ] = False
    items_per_call: Annotated[
        int,
        Field(
            ge=1,
            le=2_048,
            description="Texts in a call to an API. A limit on requests a minute counts calls, and "
            "so does a fee; where a provider takes fewer texts in a call, it gets fewer.",
        ),
        Knob("Texts per call", "texts", "items", 1),
    ] = 1
    idle_timeout_s: Annotated[
        float,
        Field(
            ge=0,
            le=3_600,
            description="A GPU billed by the second stops after so long without work, and is "
            "billed until then.",
        ),
        Knob("Idle time-out", "s", "idleout", 10),
    ] = 60.0
    cold_start_s: Annotated[
        float,
        Field(
            ge=0,
            le=600,
            description="From the request that starts a stopped GPU to the start of its service; "
            "billed, and waited for.",
        ),
        Knob("Cold start of a GPU by the second", "s", "cold", 1),
    ] = 20.0
    cores: Annotated[
        float,
        Field(
            ge=0,
            le=256,
            description="Processor cores beside a GPU billed by the second, where they are billed "
            "apart.",
        ),
        Knob("Cores beside a GPU by the second", "cores", "cores", 1),
    ] = 4.0
    memory_gib: Annotated[
        float,
        Field(
            ge=0,
            le=4_096,
            description="Memory beside a GPU billed by the second, where it is billed apart.",
        ),
        Knob("Memory beside a GPU by the second", "GiB", "gib", 1),
    ] = 16.0
    keep_warm: Annotated[
        bool,
        Field(description="Keep one replica up for good: no cold start, all of the month billed."),
        Choice("Keep one replica warm", "warm", YES_NO),
    ] = False
    api_labour_usd_per_month: Annotated[
        float,
        Field(
            ge=0,
            le=1e6,
            description="People's time around an API, all APIs together: keys, limits, failures, "
            "contracts. 0 leaves it out.",
        ),
        Knob("Labour around APIs", "USD/month", "apilab", 100),
    ] = 0.0
    negotiable_usd_per_month: Annotated[
        float,
        Field(
            ge=0,
            le=1e9,
            description="Above so much a month at list price it is said that a discount is "
            "negotiated. No provider publishes such a limit: a judgement.",
        ),
        Knob("A discount is negotiated from", "USD/month", "nego", 1_000),
    ] = 10_000.0
