"""Fits the law of batch times to the rows that ship, and judges it on rows that it did not see."""

import math
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from core.serving.batch.physics import flops_per_token
from core.serving.law.batch_law import (
    BYTES_PER_WEIGHT,
    KindNumbers,
    LawNumbers,
    ServerKind,
)
from core.serving.law.law_numbers import GROUPS, LAW
from core.serving.law.measured_batches import MeasuredBatch
from core.serving.law.stated_range import LEAST_GROUPS, range_factor

Floats = NDArray[np.float64]
Part = tuple[str, ServerKind | None]
"""A part of the law, and the kind of server that it is of."""

OUTLIER_LOG: Final = 0.2
CPUS: Final = (ServerKind.CPU_FP32, ServerKind.CPU_INT8, ServerKind.CPU_AMX)
STARTS: Final = (ServerKind.FUSED, ServerKind.GRAPHS, ServerKind.NEURON)
LAUNCHES: Final = (ServerKind.PYTORCH, ServerKind.PYTORCH_FP32)
SHARES: Final = (ServerKind.PYTORCH, ServerKind.PYTORCH_FP32, ServerKind.NEURON, ServerKind.SERVER)
FIRST: Final = {"compute": 1.3, "traffic_bytes": 70.0, "host_s": 6e-6, "share": 1.5}
FIRST_OF_KIND: Final = {"start_s": 5e-4, "launch_s": 4e-4}

PARTS: Final[tuple[Part, ...]] = (
    *((name, None) for name in ("compute", "traffic_bytes", "host_s")),
    *(("start_s", kind) for kind in STARTS),
    ("launch_s", ServerKind.PYTORCH),  # the same kernels in fp32
    *(("share", kind) for kind in (*SHARES, *CPUS)),
)
"""What is fitted; CUDA graphs were bound by their host, so their share is a fused call's."""


def numbers_of(logs: Floats) -> LawNumbers:
    """The law with the logarithms of its parts."""
    value = dict(zip(PARTS, np.exp(logs).tolist(), strict=True))
    launch_s = value["launch_s", ServerKind.PYTORCH]
    kinds = {
        kind: KindNumbers(
            start_s=value.get(("start_s", kind), LAW.kinds[kind].start_s),
            launch_s=launch_s if kind in LAUNCHES else 0.0,
            share=value.get(("share", kind), 1.0),
        )
        for kind in ServerKind
    }
    compute, traffic, host = (value[name, None] for name, kind in PARTS if kind is None)
    return LawNumbers(compute, traffic, host, kinds)


def predicted_s(numbers: LawNumbers, rows: Sequence[MeasuredBatch]) -> Floats:
    """Seconds of each row's batch, written again from the formula, all rows at once."""
    own = [numbers.kinds[row.kind] for row in rows]
    column = {f.name: np.array([getattr(k, f.name) for k in own]) for f in fields(KindNumbers)}
    tokens = np.array([row.texts * row.tokens_per_text for row in rows])
    layers = np.array([row.shape.layers for row in rows])
    weights = np.array([row.shape.params_non_embedding for row in rows])
    card_s, host_s = _token_s(numbers, rows)
    floor = np.maximum(column["launch_s"] * layers, weights * BYTES_PER_WEIGHT / _bandwidth(rows))
    seconds: Floats = column["start_s"] + np.maximum(floor, np.maximum(card_s, host_s) * tokens)
    return seconds


def _token_s(numbers: LawNumbers, rows: Sequence[MeasuredBatch]) -> tuple[Floats, Floats]:
    """What a token takes the card, and what it takes the host, s."""
    share = np.array([numbers.kinds[row.kind].share for row in rows])
    flops = np.array([flops_per_token(row.shape, row.tokens_per_text) for row in rows])
    width = np.array([row.shape.width for row in rows])
    peak = np.array([row.machine.dense_tflops for row in rows]) * 1e12
    vcpus = np.array([row.machine.vcpus or math.inf for row in rows])
    vcpus[[row.kind in CPUS for row in rows]] = math.inf  # its work is its host's
    card = numbers.compute * flops / peak + numbers.traffic_bytes * width / _bandwidth(rows)
    return share * card, numbers.host_s / vcpus


def _bandwidth(rows: Sequence[MeasuredBatch]) -> Floats:
    found: Floats = np.array([row.machine.bandwidth_gb_s or math.inf for row in rows]) * 1e9
    return found


def _bounds(row: MeasuredBatch) -> tuple[ServerKind, bool]:
    """What a row shows: its kind of server, and whether the host takes longer than the card."""
    card_s, host_s = _token_s(LAW, [row])
    return row.kind, bool(host_s > card_s)


def fitted(rows: Sequence[MeasuredBatch]) -> LawNumbers:
    """The law with the least loss on these rows: logarithms of the times, outliers damped.

    No card computes more than its peak, so its part is 1 at least.
    """
    measured = np.log([row.seconds for row in rows])
    first = np.log([(FIRST | FIRST_OF_KIND)[name] for name, _ in PARTS])
    found = least_squares(
        lambda logs: np.log(predicted_s(numbers_of(logs), rows)) - measured,
        first,
        bounds=([0.0 if name == "compute" else -math.inf for name, _ in PARTS], math.inf),
        loss="soft_l1",
        f_scale=OUTLIER_LOG,
    )
    return numbers_of(found.x)


def left_out(
    rows: Sequence[MeasuredBatch], group: Callable[[MeasuredBatch], object]
) -> dict[MeasuredBatch, float]:
    """ln(predicted/measured) of each row under the law fitted without its whole group.

    A row whose kind of server, or whose host, no other group shows is left out: nothing predicts
    it.
    """
    result: dict[MeasuredBatch, float] = {}
    for left in dict.fromkeys(map(group, rows)):
        others = [row for row in rows if group(row) != left]
        kinds, hosts = map(set, zip(*map(_bounds, others), strict=True))
        held = [
            row
            for row in rows
            if group(row) == left and row.kind in kinds and _bounds(row)[1] in hosts
        ]
        if held:
            logs = np.log(predicted_s(fitted(others), held) / [row.seconds for row in held])
            result |= dict(zip(held, logs.tolist(), strict=True))
    return result


def servers_left_out(
    rows: Sequence[MeasuredBatch], group: Callable[[MeasuredBatch], object]
) -> dict[MeasuredBatch, float]:
    """ln(predicted/measured) of each server's time, by the middle of the others of its group.

    A group with one server predicts nothing.
    """
    logs = {}
    servers = [row for row in rows if row.kind in GROUPS["servers"]]
    for row in servers:
        others = [r.tokens_per_s for r in servers if group(r) == group(row) and r is not row]
        if others:
            logs[row] = math.log(row.tokens_per_s / statistics.geometric_mean(_middle_two(others)))
    return logs


def _middle_two(speeds: Sequence[float]) -> tuple[float, float]:
    return statistics.median_low(speeds), statistics.median_high(speeds)


def spread_of(logs: Mapping[MeasuredBatch, float]) -> float:
    """Root mean square of the errors left out, as it ships."""
    return math.sqrt(float(np.mean(np.square([*logs.values()]))))


def within_range(
    logs: Mapping[MeasuredBatch, float], group: Callable[[MeasuredBatch], object]
) -> float:
    """Share of left-out groups inside a range that their own errors had no part in.

    Of a group with several rows the share of its rows counts, so that all groups weigh the same.
    """
    shares = []
    for left in dict.fromkeys(map(group, logs)):
        for kinds in GROUPS.values():
            own = {row: log for row, log in logs.items() if row.kind in kinds}
            held = [log for row, log in own.items() if group(row) == left]
            others = {row: log for row, log in own.items() if group(row) != left}
            groups = len(set(map(group, others)))
            if held and groups >= LEAST_GROUPS:
                limit = math.log(range_factor(spread_of(others), groups))
                shares.append(float(np.mean(np.abs(held) <= limit)))
    return float(np.mean(shares))
