"""The numbers in the texts of the method are computed, or stand in the docstring of the code."""

import inspect
import math
import re
import statistics
from functools import cache
from types import ModuleType

import numpy as np
import pytest

from core.catalog.load import load_catalog
from core.cost.by_replica import per_second
from core.cost.by_replica.gathered import FAR
from core.cost.by_replica.scale_to_zero import ScaleToZero
from core.cost.by_replica.waiting_work import WaitingWork
from core.cost.curve.break_even import MAX_STEPS, TIE_RELATIVE, CrossingKind, meetings
from core.cost.curve.piecewise import affine
from core.cost.hybrid import split_curve
from core.cost.hybrid.split_edges import STRAIGHT_FROM
from core.cost.load import chunking
from core.cost.load.hourly_load import AFTERNOON_HOUR, HOURS_PER_DAY, cosine_power_profile
from core.cost.load.text_lengths import LognormalLengths, cut_share
from core.cost.many_scenarios.laws import TAIL
from core.cost.over_months.switching import best_path
from core.cost.over_months.vector_storage import BASE64_BYTES_PER_FLOAT32, vector_bytes
from core.decide.advice.recommend import LEAST_SAVING
from core.decide.answer.never import STEPS_TRIED
from core.decide.answer.verdict import LEAST_CLOSE_USD, SMALL_BILL_USD
from core.decide.compare import GRID_POINTS, volume_grid
from core.decide.flips.flip_search import NEAR
from core.decide.result.replica_used import LEVEL
from core.decide.risk.analyse_risk import SAMPLES
from core.decide.risk.mean_costs import MEAN_SAMPLES
from core.decide.risk.risk_methods import BLOCKS
from core.engines.torch_gpu import batching_engine
from core.measurement import seen_load
from core.probe.findings import answer_cautions, batch_fit_of_api, gaps
from core.probe.records.probe_plan import MOST_IN_FLIGHT, ProbePlan, ServerSweep
from core.probe.sending.text_stream import REPEAT_EVERY, TAIL_CHARACTERS
from core.probe.statistics import capacity, paired_difference, steps
from core.probe.statistics.effect import LEAST_S, LEAST_SHARE
from core.probe.statistics.of_server import server_loads
from core.probe.statistics.percentiles import requests_for_interval
from core.quality.paired_bootstrap import LEVEL as LEVEL_OF_QUALITY
from core.quality.quality_words import ALPHA
from core.runs.sweep.sweep_question import CHECK_SHARES
from core.scenario import Objective
from core.serving.batch.batch_fit import PARAMETERS
from core.serving.batch.batch_time import BatchCost
from core.serving.batch.physics import SUSPICIOUS_MFU, ModelShape, flops_per_token
from core.serving.law.batch_law import ServerKind
from core.serving.law.law_numbers import (
    GROUPS,
    LAW,
    SERVER_START_S,
)
from core.serving.law.measured_batches import FULL_BATCH_TOKENS, measured_batches
from core.serving.law.published_rates import DEFAULT_TOKENS_PER_TEXT
from core.serving.law.stated_range import (
    PAIR_LEFT_OUT,
    RANGE_SHARE,
    SERVERS,
    Known,
    server_factor,
)
from core.serving.queue import batch_queue, batch_work
from core.serving.queue.batch_chain import decay_ratio
from core.serving.queue.batch_queue import solve
from core.serving.queue.busy import busy_share
from core.serving.queue.queue_table import LoadCurve
from core.serving.response import erlang, service_response, time_varying, varied
from core.serving.response.slo_capacity import Feasible, capacity_exact
from core.units import AVERAGE_MONTH, MINUTES_PER_DAY, THIRTY_DAYS, VectorType
from core.usage.load_found import DAYS_FOR_A_WEEK
from dashboard.components.method import method_texts
from tests.benchmarks.model import bench_law
from tests.oracles.closed_forms import kept_share
from tests.oracles.law_fit import left_out, within_range
from tests.oracles.pieces import staircase
from tests.oracles.serving.replicas_behind_a_balancer import rate_per_replica

EXAMPLE = BatchCost(start_s=0.010, floor_s=0.0, per_text_s=0.001).of_sizes(32)
"""The batch that the texts take as their example: 10 ms, 1 ms a text, up to 32."""

LEAST_CAP = ProbePlan.model_fields["in_flight_cap"].default
SERVER_SWEEP = ServerSweep()
OF_THE_PROBE = {"method-latency", "method-spending"}

# Text, what it says, whose docstring says it, in which words.
QUOTED: tuple[tuple[str, str, object, str], ...] = (
    (
        "hosting",
        "within 10 % of the exact chain, 1 % on average",
        busy_share,
        "Within 10 % of the exact chain, 1 % on average",
    ),
    ("lengths", "Both are exact to a billionth.", chunking, "both means are exact to 1e-9"),
    (
        "per-second",
        "in straight pieces within 0.1 % of the formula",
        per_second,
        "straight pieces between knots, within 0.1 % of it",
    ),
    (
        "engine",
        "2.4 to 2.7 million tokens a second are 7 % of its peak",
        batching_engine,
        "2.4 to 2.7 million tokens/s of MiniLM were 7 % of its peak",
    ),
    (
        "queue",
        "its percentiles agree with long simulations within 2 %",
        batch_queue.solve,
        "Percentiles agree with long simulations within 2 % for fixed times",
    ),
    (
        "queue",
        "The median error of reading between its nodes is 0.1 %",
        LoadCurve.at,
        "the median error is 0.1 %",
    ),
    (
        "queue",
        (
            "within 3 % of the exact solution at 99 of 100 places and within 6 % at the worst "
            "of 2,000 random ones"
        ),
        LoadCurve.at,
        (
            "within 3 % of the exact solution at 99 of 100 places and within 6 % at the worst "
            "of 2,000 random ones"
        ),
    ),
    (
        "queue",
        (
            "the p95 is 2 % off on average and within 15 % at 49 of 50 places, 13 % too low and, "
            "at loads around a tenth, 28 % too high at worst"
        ),
        varied,
        (
            "the p95 is 2 % off on average and within 15 % at 49 of 50 places, 13 % too low and, "
            "at loads around a tenth, 28 % too high at worst"
        ),
    ),
    (
        "queue",
        (
            "with eight equally likely times for each size of batch: within 4 % of simulations, "
            "p99 within 8 %, if lengths are cut at 512 tokens"
        ),
        batch_work,
        (
            "With eight values for each size, simulated for such lengths cut at 512 tokens (caps "
            "of 1, 8 and 32, loads of 0.3 to 0.9), p95 is within 4 % and p99 within 8 %"
        ),
    ),
    ("queue", "off by up to 27 % at a load of 0.9", batch_work, "up to 27 % at a load of 0.9"),
    (
        "queue",
        "by 4 to 13 % at loads of 0.3 to 0.6, by 8 to 27 % at 0.8 and by 9 to 66 % at 0.9",
        rate_per_replica,
        "by 4 to 13 % at loads of 0.3 to 0.6, by 8 to 27 % at 0.8 and by 9 to 66 % at 0.9",
    ),
    (
        "waiting",
        "mostly within 3 % and at worst 13 % off for Poisson arrivals",
        erlang.waiting,
        "mostly within 3 % and at worst 13 % for Poisson arrivals",
    ),
    ("waiting", "instead is off by up to 33 %", service_response, "instead is off by up to 33 %"),
    (
        "waiting",
        (
            "within 2 % of a simulated day that peaks at a load of 0.9, with a queue that settles "
            "in seconds"
        ),
        time_varying,
        (
            "within 2 % of a simulated day that peaks at a load of 0.9, with a queue that settles "
            "in seconds"
        ),
    ),
    (
        "hybrid",
        "half of one is added: within 0.1 % of the bill",
        split_curve,
        "half of one is added: within 0.1 % of the bill",
    ),
)


def percent(share: float, digits: int = 0) -> str:
    """A share as the texts write it: 68.5 %."""
    return f"{100 * share:.{digits}f} %"


@cache
def _apart() -> float:
    """From one volume of the grid to the next."""
    return round(float(volume_grid()[1] / volume_grid()[0]) - 1, 2)


def computed() -> list[tuple[str, str]]:
    """What the texts say, with every number worked out by the code."""
    return [
        ("lengths", _cut_texts()),
        ("hours", rf"\cos\bigl(2\pi\,(h-{AFTERNOON_HOUR})/{HOURS_PER_DAY}\bigr)"),
        ("hours", f"A ratio above {HOURS_PER_DAY} is a burst"),
        ("hours", f"below a ratio of {cosine_power_profile(1).busy_hour_to_mean:g} it is"),
        ("api", rf"\frac{{{MINUTES_PER_DAY:g}}}{{P}}"),
        ("per-second", _scaled_to_zero()),
        ("per-second", f"gathered into {WaitingWork(1.0, 1.0, 1.0).runs_per_day:g} run in that"),
        ("storage", _bits()),
        ("storage", f"base64 takes {3 * BASE64_BYTES_PER_FLOAT32:g}/3 bytes"),
        ("work", f"One of more than {percent(SUSPICIOUS_MFU)} carries a warning; above 100 % it"),
        ("quality", f"The interval of {100 * LEVEL_OF_QUALITY:g} % is the middle"),
        ("quality", f"so that all of them together err in {100 * ALPHA:g} % (Holm)"),
        ("quality", f"the corrected value is below {ALPHA:g}."),
        ("work", f"is taken to be for {DEFAULT_TOKENS_PER_TEXT:g} tokens"),
        *(("size", said) for said in (*_law(), *_law_errors())),
        ("batch", f"{FULL_BATCH_TOKENS:,} tokens of them. With the start $t_s$ = "),
        ("batch", f"$t_s$ = {SERVER_START_S * 1e3:g} ms of a server"),
        ("queue", _busy()),
        ("capacity", _within_objectives()),
        ("hybrid", f"it costs at least {percent(LEAST_SAVING)} less than the answer"),
        ("streams", f"on {GRID_POINTS} volumes, {percent(_apart())} apart"),
        ("streams", f"where it saves {percent(LEAST_SAVING)}."),
        ("hybrid", f"until the bill is worth {STRAIGHT_FROM:g} of them"),
        ("break-even", _events()),
        ("break-even", f"within one part in {MAX_STEPS:,}"),
        ("uncertainty", f"in {SAMPLES:,} draws"),
        ("uncertainty", f"the same {MEAN_SAMPLES:,} stratified draws"),
        ("uncertainty", f"less than {percent(Objective().close_share)} above the winner's"),
        ("uncertainty", f"less than {LEAST_CLOSE_USD:g} USD a month where that is more"),
        ("uncertainty", f"that of {BLOCKS} equally likely cells"),
        ("uncertainty", f"holds {10 * (1 - 2 * TAIL):g} of 10 values"),
        ("break-even", f"within a {STEPS_TRIED}th of the best"),
        ("break-even", f"one by one up to {FAR:,g} replicas"),
        ("break-even", f"lies above the steps, by {percent(1 / FAR, 1)} at most"),
        ("engine", _engine_checks()),
        (
            "comparing",
            f"so that {percent(paired_difference.LEVEL)} hold for all statements together",
        ),
        ("comparing", f"excludes {percent(math.expm1(paired_difference.SAME_WITHIN))} either way"),
        ("sweeps", f"is within {percent(batch_fit_of_api.NEARLY_BEST - 1)} of the least"),
        ("sweeps", f"brings {percent(capacity.ENOUGH)} of the most answers per second"),
        (
            "sweeps",
            f"within {'twice' if capacity.WORSE == 2 else capacity.WORSE} that of the lowest",
        ),
        ("sweeps", f"no more than {percent(capacity.KEPT_FAILED)} fail"),
        ("sweeps", f"at least {LEAST_CAP} and at most {MOST_IN_FLIGHT:,}"),
        ("sweeps", f"within less than {percent(steps.BEHIND)} of the time"),
        ("sweeps", f"at least {gaps.SLOWER:g} times the warm ones"),
        ("sweeps", f"within {percent(server_loads.NEARLY_BEST - 1)} of the least time per text"),
        ("sweeps", f"{'half' if seen_load.ROOM_TO_WAIT == 0.5 else '?'} of the objective at"),
        ("sweeps", f"bring less than {'a tenth' if server_loads.MORE == 1.1 else '?'} more"),
        (
            "sweeps",
            f"{100 * SERVER_SWEEP.shares[0]:g} to {percent(SERVER_SWEEP.shares[-1])} of the most",
        ),
        ("sweeps", f"slower than {SERVER_SWEEP.patience_s:g} s leaves the larger ones out"),
        ("sweeps", f"the exact rank-sum test at {percent(gaps.CHANCE)} for all silences"),
        ("answer", f"agree within {100 * NEAR:g} %"),
        ("answer", f"under {SMALL_BILL_USD:g} USD a month"),
        ("import", f"from {DAYS_FOR_A_WEEK:g} days on"),
    ]


def _law() -> tuple[str, ...]:
    server, torch = LAW.kinds[ServerKind.SERVER], LAW.kinds[ServerKind.PYTORCH]
    fp32, int8, amx = (
        LAW.kinds[kind].share
        for kind in (ServerKind.CPU_FP32, ServerKind.CPU_INT8, ServerKind.CPU_AMX)
    )
    return (
        (
            f"**Fitted** to {len(measured_batches())} published and measured batches: $a$ = "
            f"{LAW.compute:g}, $b$ = {LAW.traffic_bytes:g} bytes, "
            f"$h$ = {LAW.host_s * 1e6:g} µs of one vCPU; "
            f"a server takes {server.share:g} times the bare call, "
            f"plain PyTorch {torch.share:g} times and {torch.launch_s * 1e3:g} ms a layer."
        ),
        (
            f"A processor is {fp32 / int8:.2g} times as quick in int8 as in fp32, "
            f"and {fp32 / amx:.2g} times with matrix units (AMX)."
        ),
        rf"the law takes $1/\sigma$ = {percent(1 / fp32)} of it.",
        f"over HTTP: {SERVER_START_S * 1e3:g} ms is a judgement",
        _assumed_vcpus(),
    )


def _assumed_vcpus() -> str:
    row = load_catalog().assumption("vcpus-per-card")
    return (
        f"{row.value:g} a card are assumed; the range also holds what {row.low:g} to {row.high:g}"
    )


def _law_errors() -> tuple[str, ...]:
    rows = measured_batches()
    pairs, cards = left_out(rows, bench_law.pair), left_out(rows, bench_law.chip)
    carried = bench_law.equal_mfu(rows, bench_law.pair)
    before = {row: carried[row] for row in pairs}
    servers, alone = (
        [log for row, log in logs.items() if row.kind in GROUPS["servers"]]
        for logs in (pairs, cards)
    )
    off = bench_law.error
    of_pairs, of_pairs_before = (
        statistics.median(bench_law.by_pair(logs)) for logs in (pairs, before)
    )

    return (
        (
            f"half of the batches are within {percent(off([*pairs.values()]))} of the law, "
            f"and of the pairs within {percent(of_pairs)}; equal MFU was off by "
            f"{percent(off([*before.values()]))} and {percent(of_pairs_before)}. Without the card "
            f"altogether it is {percent(off([*cards.values()]))}. Of servers alone "
            f"{percent(off(servers))}, and {percent(off(alone))} without their card"
        ),
        (
            f"{PAIR_LEFT_OUT['bare calls'].factor:.3g} times either way for bare calls and "
            f"{PAIR_LEFT_OUT['processors'].factor:.3g} times for processors. Of all pairs left "
            f"out {percent(within_range(pairs, bench_law.pair))} lay within, each by a range that "
            f"its own errors had no part in, where {percent(RANGE_SHARE)} is meant."
        ),
        *(_class_of_servers(known) for known in Known),
        f"whose own range would be {SERVERS[Known.PAIR].factor:.3g} times",
    )


def _class_of_servers(known: Known) -> str:
    errors, groups = SERVERS[known], "cards" if known is Known.NEITHER else "pairs"
    begins = {
        Known.PAIR: "A server with this model on this card is published",
        Known.CARD: "A server is published on this card, with another model",
        Known.NEITHER: "Neither",
    }
    return (
        f"- {begins[known]}: "
        f"{server_factor(known):.3g} times either way, by {errors.groups} {groups}; of their rows "
        f"left out {errors.within} of {errors.rows} lay within."
    )


def _cut_texts() -> str:
    lengths = LognormalLengths(500, 1)
    kept, cut = percent(kept_share(lengths, 512), 1), percent(cut_share(lengths, 512), 1)
    return (
        f"Of texts of 500 tokens with $k=1$ a limit of 512 keeps {kept} of the tokens and cuts "
        f"{cut} of the texts."
    )


def _scaled_to_zero() -> str:
    server = ScaleToZero(60.0, 10.0, 0.1, 0.1**2)
    billed = percent(float(server.billed_fraction(36 / 3600)))
    delayed = percent(float(server.delayed_share(36 / 3600)))
    return (
        "36 requests an hour of 0.1 s each, with a time-out of 60 s and a cold start of 10 s: "
        f"{billed} of the month is billed, and {delayed} of the requests meet a cold start."
    )


def _bits() -> str:
    float32, float16, bfloat16, int8, binary = (
        vector_bytes(8, kind)
        for kind in (
            VectorType.FLOAT32,
            VectorType.FLOAT16,
            VectorType.BFLOAT16,
            VectorType.INT8,
            VectorType.BINARY,
        )
    )
    assert float16 == bfloat16
    return (
        f"{float32} as float32, {float16} as float16 or bfloat16, {int8} as int8, {binary} as "
        "binary"
    )


def _engine_checks() -> str:
    half, more = map(percent, CHECK_SHARES)
    return f"sent requests on an absolute schedule at {half} and {more} of it"


def _busy() -> str:
    shares = []
    for load in (0.1, 0.3, 0.6):
        solved = solve(load * 32 / EXAMPLE[-1], EXAMPLE)
        assert solved is not None
        shares.append(percent(solved.busy_share))
    return (
        "With $t_0$ = 10 ms, 1 ms a text and $B$ = 32 a GPU is busy for "
        f"{shares[0]}, {shares[1]} and {shares[2]} of the time at loads of 0.1, 0.3 and 0.6"
    )


def _within_objectives() -> str:
    leaves = []
    for limit_s in (0.025, 0.050, 0.100):
        found = capacity_exact(EXAMPLE, limit_s)
        assert isinstance(found, Feasible)
        leaves.append(percent(found.load))
    return (
        "With $t_0$ = 10 ms, 1 ms a text and batches of up to 32, a p95 within 25 ms leaves "
        f"{leaves[0]} of the full throughput, 50 ms leaves {leaves[1]} and 100 ms leaves "
        f"{leaves[2]}."
    )


def _events() -> str:
    """A dollar a unit, in whole thousands, against one and a half by the unit."""
    found = meetings(staircase(0, 0, 1_000, 1_000), affine(0, 1.5))
    kinds = [event.kind for event in found.events]
    touch, cross, jump = CrossingKind.TOUCH, CrossingKind.CROSS, CrossingKind.JUMP
    assert kinds == [cross, jump, cross, touch]
    first, step, second, last = (event.tokens_per_month for event in found.events)
    assert found.cheaper_for_good_tokens == pytest.approx(second)
    return (
        f"crosses at {first:,.2f}, jumps at {step:,g} and crosses again at {second:,.2f}, where "
        f"the replicas stay cheaper for good; at {last:,g} the two touch."
    )


def test_computed_numbers_are_those_of_the_code() -> None:
    """A number in a text is recomputed, so that it cannot grow stale."""
    wrong = [(name, said) for name, said in computed() if said not in _text(name)]
    assert wrong == []


@pytest.mark.parametrize(("name", "said", "where", "words"), QUOTED)
def test_an_accuracy_is_the_one_that_the_code_states(
    name: str, said: str, where: object, words: str
) -> None:
    """An error that was simulated once stands in one docstring, and the text repeats it."""
    assert said in _text(name)
    assert words in " ".join(_docs(where).split())


@pytest.mark.parametrize("name", sorted({*method_texts.FORMULAS} - OF_THE_PROBE))
def test_no_share_in_a_text_is_unchecked(name: str) -> None:
    """Every number of per cent in a section lies in a sentence that is checked here."""
    left = method_texts.text(name)
    short = name.removeprefix(method_texts.PREFIX)
    for said in [said for text, said in computed() if text == short]:
        left = left.replace(said, "")
    for said in [said for text, said, *_ in QUOTED if text == short]:
        left = left.replace(said, "")
    assert re.findall(r".{0,40}\d %", left) == []


def test_words_for_numbers_are_right() -> None:
    """Numbers that are written as words."""
    shape = ModelShape(params_non_embedding=12 * 768**2 * 12, layers=12, hidden=768)
    rest = 2 * shape.params_non_embedding
    assert (flops_per_token(shape, 512) - rest) / rest == pytest.approx(1 / 9)
    assert "a ninth of it in a BERT-base of 768 at 512 tokens" in _text("work")
    assert PARAMETERS + 1 == 4
    assert "from at least four shapes" in _text("batch")
    assert inspect.signature(best_path).parameters["most_changes"].default == 2
    assert "Paths of up to two changes are all compared" in _text("moves")
    assert pytest.approx(20) == 1 / (1 - LEVEL)
    assert "more than one request in twenty" in _text("per-second")


def test_the_closed_chain_has_the_ratio_of_the_text() -> None:
    """z^B = exp(lambda T(B) (z - 1)), to the last digits."""
    arrivals = 0.8 * 32
    z = 1 / decay_ratio(32, np.array([arrivals]))
    assert 32 * np.log(z) == pytest.approx(arrivals * (z - 1), rel=1e-9)
    assert r"z^B = e^{\lambda T(B)(z-1)}" in _text("queue")


def test_numbers_of_the_probe_and_the_conventions_are_those_of_the_code() -> None:
    """Intervals, ties and months."""
    assert f"Below {requests_for_interval(0.95)} requests a p95" in _text("latency")
    assert f"below {requests_for_interval(0.99)} a p99" in _text("latency")
    assert f"at most {answer_cautions.CACHED_RATIO:g} of the first time" in _text("latency")
    assert f"test at {percent(answer_cautions.CHANCE)})" in _text("latency")
    assert f"larger than {LEAST_S * 1e3:g} ms and {percent(LEAST_SHARE)}" in _text("latency")
    assert (TAIL_CHARACTERS, REPEAT_EVERY) == (6, 16)
    assert "a tail of six characters" in _text("latency")
    assert "one measured request in sixteen" in _text("latency")
    assert TIE_RELATIVE == 1e-9
    assert "within a billionth" in _text("conventions")
    for calendar in (THIRTY_DAYS, AVERAGE_MONTH):
        assert f"{calendar.hours_per_month:g} hours" in _text("conventions")


def _text(name: str) -> str:
    return method_texts.text(f"{method_texts.PREFIX}{name}")


def _docs(where: object) -> str:
    """The docstring; of a module also those below its constants."""
    return (
        inspect.getsource(where) if isinstance(where, ModuleType) else inspect.getdoc(where) or ""
    )
