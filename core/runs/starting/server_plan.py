"""The plan of a sweep of a server: English texts of the wanted lengths, within a cap of time."""

from typing import Any, Final

from core.errors import RunError
from core.probe.records.probe_plan import ProbePlan, ServerSweep
from core.probe.records.server_sweep import SERVER_SWEEP
from core.probe.sample_texts import sample_texts
from core.runs.starting.candidates import Candidate, plan_for

LONGEST_S: Final = 600.0
"""Of the whole sweep, unless more is asked for."""


def server_plan(
    candidate: Candidate,
    place: str | None,
    *,
    slo_p95_s: float,
    load_tokens: int = 128,
    longest_s: float = LONGEST_S,
    timeout_s: float = 30.0,
    largest_batch: int = 0,
    **fields: Any,
) -> ProbePlan:
    """The plan; ``fields``: any further of a ServerSweep.

    Sizes double up to ``largest_batch``, which is one of them; 0: the usual ones. The length of the
    texts under load joins the lengths. Raises RunError where the target is no single server, or a
    number is outside its limits.
    """
    if candidate.target is not None and candidate.target.sole_api is None:
        raise RunError("A server is swept by its address: give --base-url and --model.")
    lengths = fields.pop("tokens", ServerSweep.model_fields["tokens"].default)
    sizes = {"sizes": _doubled(largest_batch)} if largest_batch else {}
    usual = {"kind": SERVER_SWEEP, "load_tokens": load_tokens, "find_limits": True}
    asked = usual | sizes | fields
    return plan_for(
        candidate,
        place,
        texts=english_texts(),
        schedule=asked | {"tokens": tuple(sorted({*lengths, load_tokens}))},
        slo_s=slo_p95_s,
        longest_s=longest_s,
        timeout_s=timeout_s,
    )


def _doubled(largest: int) -> tuple[int, ...]:
    """1, 2, 4 and so on below the largest, and the largest."""
    powers = [2**power for power in range(largest.bit_length())]
    return (*(power for power in powers if power < largest), largest)


def english_texts() -> tuple[str, ...]:
    """The built-in texts in ASCII: about four characters a token with any common tokenizer."""
    return tuple(text for text in sample_texts() if text.isascii())
