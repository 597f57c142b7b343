"""The ids of options that are no row of the catalogue, and what is compared by default."""

from typing import Final

MOST_OPTIONS: Final = 24
"""Options that are compared at once."""

THIS_MACHINE: Final = "this-machine"
"""Option id of the computer that runs the page. Its latency is never lent to another option."""

OWNED_PREFIX: Final = "owned/"
"""Prefix of a bought card: ``owned/rtx-4080`` joins the card ``rtx-4080``."""

MODEL_JOINT: Final = "@"
"""``aws/g6.xlarge@BAAI/bge-m3``: a machine with a model on it. Without one: the scenario's."""

HYBRID_PREFIX: Final = "hybrid/"
HYBRID_JOINT: Final = "+"
"""``hybrid/aws/g6.xlarge+cloudflare/bge-large-en-v1.5``: a base of replicas, bursts to an API."""


def hybrid_parts(option_id: str) -> tuple[str, str] | None:
    """Option ids of a hybrid's base and of its burst API; None where it is no hybrid."""
    if not option_id.startswith(HYBRID_PREFIX):
        return None
    base, joint, burst = option_id.removeprefix(HYBRID_PREFIX).partition(HYBRID_JOINT)
    return (base, burst) if joint and base and burst else None


def machine_and_model(option_id: str) -> tuple[str, str | None]:
    """A machine's id and the model that its option names; None where it names none.

    A hybrid is no machine: it comes back whole, and each of its parts names its own model.
    """
    if option_id.startswith(HYBRID_PREFIX):
        return option_id, None
    machine, joint, model = option_id.partition(MODEL_JOINT)
    return (machine, model) if joint and machine and model else (option_id, None)


def machine_id(option_id: str) -> str:
    """What is rented, owned or called, whatever model is named: a price is of this."""
    return machine_and_model(option_id)[0]


def pair_id(machine: str, model_id: str) -> str:
    """Option id of a machine with a model on it."""
    return f"{machine}{MODEL_JOINT}{model_id}"


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
