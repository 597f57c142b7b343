"""The ids of options that are no row of the catalogue, and what is compared by default."""

from typing import Final

THIS_MACHINE: Final = "this-machine"
"""Option id of the computer that runs the page. Its latency is never lent to another option."""

OWNED_PREFIX: Final = "owned/"
"""Prefix of a bought card: ``owned/rtx-4080`` joins the card ``rtx-4080``."""

HYBRID_PREFIX: Final = "hybrid/"
HYBRID_JOINT: Final = "+"
"""``hybrid/aws/g6.xlarge+cloudflare/bge-large-en-v1.5``: a base of replicas, bursts to an API."""


def hybrid_parts(option_id: str) -> tuple[str, str] | None:
    """Option ids of a hybrid's base and of its burst API; None where it is no hybrid."""
    if not option_id.startswith(HYBRID_PREFIX):
        return None
    base, joint, burst = option_id.removeprefix(HYBRID_PREFIX).partition(HYBRID_JOINT)
    return (base, burst) if joint and base and burst else None


def hybrid_id(base_id: str, burst_id: str) -> str:
    """Option id of a hybrid of two options."""
    return f"{HYBRID_PREFIX}{base_id}{HYBRID_JOINT}{burst_id}"


DEFAULT_OPTIONS: Final[tuple[str, ...]] = (
    "openai/text-embedding-3-small",
    "openai/text-embedding-3-large",
    "openai/text-embedding-ada-002",
    "cloudflare/bge-m3",
    "together/multilingual-e5-large-instruct",
    "huggingface/hf-inference",
    "replicate/t4",
    "aws/g6.xlarge",
    "aws/p3.2xlarge",
    "owned/rtx-4080",
    hybrid_id("aws/g6.xlarge", "cloudflare/bge-large-en-v1.5"),
    THIS_MACHINE,
)
"""Everything the seed note names, today's like of its rented GPU, its hybrid, and this computer."""
