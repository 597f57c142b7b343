"""A server's sweep as the fit that the model reads: one machine of it, with its workers."""

from typing import Final

from core.measurement.seen_load import SeenLoad
from core.measurement.server_found import ServerFound, ServerTimes
from core.measurement.sweep import EngineFit

SERVER: Final = "server"
"""The engine of such a fit: what runs behind an address is not seen from here."""
AS_SERVED: Final = "as served"
NOT_IN_IT: Final = 10**18
"""Hidden size where attention is in the time of a token already, as far as it was measured."""
NEVER_S: Final = 1e-12
"""A time of a token this short is as good as none; the model needs one above 0."""


def server_fit(swept: ServerFound) -> EngineFit | None:
    """One machine: the batch time of a worker, and how many work side by side.

    Under load a worker is as slow as the most that came out says, whatever a lone request took.
    None where the sweep has no time of a token, or no load, or a rate limit ended it before more at
    a time brought no more, or less came out than one at a time brings: nothing is replaced then.
    """
    if swept.limit and not swept.all_workers_seen:
        return None
    times, workers, rate = swept.times, swept.workers, swept.full_tokens_per_s
    if times is None or times.unit != "token" or times.per_unit_s is None:
        return None
    if not workers or not rate or swept.held_up:
        return None
    if not swept.texts or not swept.tokens or not swept.most_texts or not swept.most_tokens:
        return None
    each = workers / swept.machines
    whole = max(1, round(each))
    return EngineFit(
        engine=SERVER,
        precision=AS_SERVED,
        start_s=times.start_s,
        floor_s=0.0,
        per_text_s=times.per_text_s,
        per_token_s=max(times.per_unit_s, NEVER_S),
        hidden=NOT_IN_IT,
        log_spread=times.residual,
        worst_log=times.worst,
        mean_over_fit=whole / each,
        shapes=sum(cell.n_ok > 0 for cell in swept.cells),
        largest_batch=swept.most_texts,
        largest_batch_tokens=max(1, int(swept.most_tokens / swept.most_texts)),
        tokens_per_s=rate,
        tokens_per_text=swept.tokens / swept.texts,
        workers=whole,
        most_texts=swept.most_texts,
        loads=_seen_loads(swept, times, swept.texts, swept.tokens),
    )


def _seen_loads(
    swept: ServerFound, times: ServerTimes, texts: int, tokens: float
) -> tuple[SeenLoad, ...]:
    """The rates that were tried whole: what was cut short kept or missed nothing."""
    most = max((load.n for load in swept.loads), default=0)
    return tuple(
        SeenLoad(
            share=load.share,
            tokens_per_s=load.rate_per_s * tokens / swept.machines,
            p95_s=load.response_p95.value_s,
            kept=load.kept,
            slo_s=swept.slo_p95_s,
            alone_s=times.seconds(texts, tokens),
        )
        for load in swept.loads
        if (load.n == most if load.whole is None else load.whole)
    )
