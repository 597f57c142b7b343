"""What the law's parts were fitted to be.

``python -m tests.benchmarks law`` fits them again and prints the errors on rows left out; a test
holds these numbers to that fit.
"""

from typing import Final

from core.serving.law.batch_law import KindNumbers, LawNumbers, ServerKind

SERVER_START_S: Final = 0.001
"""A judgement: servers run fused kernels, whose bare call starts in 0.86 ms; no row says theirs."""
_LAUNCH_S: Final = 0.000432

LAW: Final = LawNumbers(
    compute=1.0,
    traffic_bytes=144.0,
    host_s=6.85e-6,
    kinds={
        ServerKind.FUSED: KindNumbers(start_s=0.000864),
        ServerKind.GRAPHS: KindNumbers(start_s=0.000485),
        ServerKind.PYTORCH: KindNumbers(launch_s=_LAUNCH_S, share=1.97),
        ServerKind.PYTORCH_FP32: KindNumbers(launch_s=_LAUNCH_S, share=3.42),
        ServerKind.NEURON: KindNumbers(start_s=0.000151, share=1.05),
        ServerKind.SERVER: KindNumbers(start_s=SERVER_START_S, share=1.31),
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


def group_of(kind: ServerKind) -> str:
    """The group whose kinds are off alike that a kind is in."""
    return next(group for group, kinds in GROUPS.items() if kind in kinds)
