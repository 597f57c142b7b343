"""What the law's parts were fitted to be, and how far it may be off.

``python -m tests.benchmarks law`` fits them again and prints the errors on rows left out; a test
holds these numbers to that fit.
"""

import math
from statistics import NormalDist
from typing import Final

from core.serving.law.batch_law import KindNumbers, LawNumbers, ServerKind

SERVER_START_S: Final = 0.001
"""A judgement: servers run fused kernels, whose bare call starts in 0.87 ms; no row says theirs."""
_LAUNCH_S: Final = 0.000454

LAW: Final = LawNumbers(
    compute=1.0,
    traffic_bytes=143.0,
    host_s=6.85e-6,
    kinds={
        ServerKind.FUSED: KindNumbers(start_s=0.000867),
        ServerKind.GRAPHS: KindNumbers(start_s=0.000485),
        ServerKind.PYTORCH: KindNumbers(launch_s=_LAUNCH_S, share=1.94),
        ServerKind.PYTORCH_FP32: KindNumbers(launch_s=_LAUNCH_S, share=3.42),
        ServerKind.NEURON: KindNumbers(start_s=0.000151, share=1.06),
        ServerKind.SERVER: KindNumbers(start_s=SERVER_START_S, share=1.36),
        ServerKind.CPU_FP32: KindNumbers(share=3.25),
        ServerKind.CPU_INT8: KindNumbers(share=1.65),
        ServerKind.CPU_AMX: KindNumbers(share=0.471),
    },
)
"""h is of one host, with 16 vCPUs; that it falls with their number is a judgement."""

GROUPS: Final = {
    "bare calls": (
        ServerKind.FUSED,
        ServerKind.GRAPHS,
        ServerKind.PYTORCH,
        ServerKind.PYTORCH_FP32,
        ServerKind.NEURON,
    ),
    "servers": (ServerKind.SERVER,),
    "processors": (ServerKind.CPU_FP32, ServerKind.CPU_INT8, ServerKind.CPU_AMX),
}
"""Kinds of server that are off alike. A bare call is a ceiling, no server."""

LOG_SPREAD: Final = {"bare calls": 0.31, "servers": 0.56, "processors": 0.50}
"""Root mean square of ln(predicted/measured) over pairs of card and model left out of the fit."""

RANGE_SHARE: Final = 0.8
"""Share of pairs that are to lie within the stated range."""

Z_RANGE: Final = NormalDist().inv_cdf((1 + RANGE_SHARE) / 2)
"""Standard deviations from the middle to either end of it."""


def group_of(kind: ServerKind) -> str:
    """The group whose kinds are off alike that a kind is in."""
    return next(group for group, kinds in GROUPS.items() if kind in kinds)


def log_spread(kind: ServerKind) -> float:
    """Standard deviation of ln(true/predicted) of a pair that was not measured."""
    return LOG_SPREAD[group_of(kind)]


def range_factor(spread: float) -> float:
    """Factor up and down within which 8 of 10 lie, of a log-normal law of this spread."""
    return math.exp(Z_RANGE * spread)
