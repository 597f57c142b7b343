"""Plans, runs and samples, made short for the tests of the probe."""

import asyncio
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr

from core.catalog.schema import Endpoint, WireFormat
from core.errors import RunError
from core.measurement.latency import Subject
from core.probe.addresses.reach import INTERNET
from core.probe.answers.answer_check import AnswerCheck
from core.probe.embedders.formats.openai_compatible import OpenAICompatible
from core.probe.recognise.mended_address import mended
from core.probe.recognise.recognise_server import recognise
from core.probe.recognise.recognised import Recognised
from core.probe.records.budget import Budget, Unlimited
from core.probe.records.embedder import Answer, Embedder
from core.probe.records.ending import Ending
from core.probe.records.probe_plan import ApiTarget, LocalTarget, ProbePlan
from core.probe.records.sample import Outcome, Phase, Sample
from core.probe.records.timings import Timings
from core.probe.sending.run_probe import run_probe
from core.probe.wire.route import Route
from core.units import NS_PER_SECOND

KEY = "sk-never-to-be-seen-7f3a9c"
TEXTS = ("one", "two words", "and three words")
SUBJECT = Subject(option_id="endpoint/test/m", label="test", model="m")


def target(base_url: str, **changes: Any) -> ApiTarget:
    """An OpenAI-compatible endpoint on this computer."""
    endpoint = Endpoint.model_validate({"wire": WireFormat.OPENAI_COMPATIBLE, "base_url": base_url})
    fields = {"endpoint": endpoint, "wire_model": "m", "allow_loopback": True} | changes
    return ApiTarget.model_validate(fields)


def plan(base_url: str | None = None, *, target_changes: Any = None, **changes: Any) -> ProbePlan:
    """A small, fast plan; local without an address. ``schedule`` replaces the open loop."""
    to = LocalTarget() if base_url is None else target(base_url, **(target_changes or {}))
    fields = {
        "subject": SUBJECT,
        "target": to,
        "texts": TEXTS,
        "requests": 12,
        "warm_up_requests": 2,
        "rate_per_s": 200.0,
        "timeout_s": 20.0,
    }
    if "schedule" in changes:
        del fields["requests"], fields["rate_per_s"]
    return ProbePlan.model_validate(fields | changes)


@dataclass
class Done:
    """What a run left behind."""

    ending: Ending
    samples: list[Sample] = field(default_factory=list)

    def outcomes(self, phase: Phase = Phase.MEASURED) -> list[Outcome]:
        """Outcomes of one phase, in the order of their places."""
        ordered = sorted(self.samples, key=lambda s: s.seq)
        return [s.outcome for s in ordered if s.phase is phase]


def carry_out(
    a_plan: ProbePlan,
    embedder: Embedder | None = None,
    *,
    budget: Budget | None = None,
    cancelled: Callable[[list[Sample]], bool] = lambda _: False,
    key: str = KEY,
    rivals: Sequence[tuple[Embedder, Budget]] = (),
) -> Done:
    """Run a plan to its end; ``cancelled`` sees the samples so far."""
    samples: list[Sample] = []
    if embedder is None:
        assert isinstance(a_plan.target, ApiTarget)
        embedder = OpenAICompatible(a_plan.target, SecretStr(key))
    ending = asyncio.run(
        run_probe(
            a_plan,
            embedder,
            samples.append,
            budget or Unlimited(),
            lambda: cancelled(samples),
            rivals,
        )
    )
    return Done(ending, samples)


def ask_in_turn(
    base_url: str,
    batches: Sequence[Sequence[str]],
    *,
    timeout_s: float = 20.0,
    pause_s: float = 0.0,
    tls: ssl.SSLContext | None = None,
    route: Route | None = None,
    **changes: Any,
) -> list[tuple[Answer, Timings]]:
    """Embed batches one after another over one embedder and judge each. Raises Fault."""

    async def ask() -> list[tuple[Answer, Timings]]:
        to = target(base_url, **changes)
        embedder = OpenAICompatible(to, SecretStr(KEY), route=route or Route(tls=tls))
        check = AnswerCheck(asked_model=to.wire_model, expected_dims=to.expected_dims)
        answers = []
        await embedder.open()
        try:
            for texts in batches:
                timings = Timings()
                answer = await embedder.embed(texts, timeout_s=timeout_s, timings=timings)
                check.judge(texts, answer)
                answers.append((answer, timings))
                await asyncio.sleep(pause_s)
        finally:
            await embedder.aclose()
        return answers

    return asyncio.run(ask())


def sample(
    seq: int,
    service_s: float = 0.1,
    *,
    lag_s: float = 0.0,
    phase: Phase = Phase.MEASURED,
    outcome: Outcome = Outcome.OK,
    **changes: Any,
) -> Sample:
    """A sample that was due at second ``seq``."""
    due_ns = seq * NS_PER_SECOND
    sent_ns = due_ns + round(lag_s * NS_PER_SECOND)
    fields: dict[str, Any] = {
        "sent_ns": sent_ns,
        "completed_ns": sent_ns + round(service_s * NS_PER_SECOND),
    }
    return Sample(seq, phase, outcome, due_ns, **(fields | changes))


def recognised(authority: str, within_s: float, key: str = "") -> Recognised:
    """What is there, once it answers: its first answers take seconds on a busy computer."""
    here = Route(reach=INTERNET.with_this_computer(meant=True))
    secret = SecretStr(key) if key else None
    deadline = time.monotonic() + within_s
    while True:
        try:
            address = mended(authority, version=False)
            return asyncio.run(recognise(address, route=here, key=secret))
        except RunError:
            assert time.monotonic() < deadline
            time.sleep(0.5)
