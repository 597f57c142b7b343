"""A sweep of a server in words."""

from collections.abc import Iterator, Sequence
from typing import Final

from core.measurement.server_found import ServerFound
from core.probe.records.sample import Outcome, Sample
from core.probe.statistics.words import duration, percent

LEAST_SHARE: Final = 1e-4


def rate_limit(samples: Sequence[Sample]) -> str:
    """The rate limit that a run met, as far as the server says one; "" where it met none."""
    signs = [s for s in samples if s.near_rate_limit(0)]
    if not signs:
        return ""
    limits = [s.requests_limit for s in samples if s.requests_limit is not None]
    allowed = f"it allows {max(limits):,} requests" if limits else "it states no number"
    refused = sum(s.outcome is Outcome.RATE_LIMITED for s in signs)
    many = f"{refused} requests were" if refused > 1 else "1 request was"
    how = f"{many} refused as too many" if refused else "no requests were left"
    waits = [s.retry_after_s for s in signs if s.retry_after_s is not None]
    wait = f", and asks to wait {duration(max(waits))}" if waits else ""
    return f"{how}; {allowed}{wait}"


def sentence_of(swept: ServerFound) -> str:
    """All of it in one paragraph; what was not measured is not in it."""
    if not swept.answered:
        return "Nothing was answered yet."
    return " ".join(_sentences(swept))


def _sentences(swept: ServerFound) -> Iterator[str]:
    if (times := swept.times) is not None:
        unit = "" if times.per_unit_s is None else f" + {_each(times.per_unit_s)} a {times.unit}"
        by = "by the server's own times" if swept.times_by == "server" else "less the round trip"
        yield (
            f"A request takes the server {duration(times.start_s)} + "
            f"{_each(times.per_text_s)} a text{unit} ({by}; residual {_share(times.residual)})."
        )
    if swept.round_trip_s is not None:
        yield f"The round trip, {duration(swept.round_trip_s)}, is in the latency and in no rate."
    yield from _limits(swept)
    yield from _load(swept)
    if swept.limit:
        yield f"A rate limit ended the sweep: {swept.limit}."


def _share(share: float) -> str:
    """A residual; what is smaller than anybody asks for is said so."""
    return percent(share) if share >= LEAST_SHARE else f"under {percent(LEAST_SHARE)}"


def _each(seconds: float) -> str:
    """A short time, with its microseconds."""
    return f"{seconds * 1e6:.3g} us" if seconds < 0.9995e-3 else duration(seconds)


def _limits(swept: ServerFound) -> Iterator[str]:
    if swept.refused_texts is not None and swept.refused_texts - 1 == swept.most_texts:
        yield f"It takes at most {swept.most_texts} texts a request."
    elif swept.refused_texts is not None:
        yield f"It took {swept.most_texts} texts a request and refused {swept.refused_texts}."
    elif swept.most_texts is not None:
        yield f"It took {swept.most_texts} texts a request; more were not tried."
    if swept.tokens_exact and swept.taken_tokens is not None:
        yield f"It takes a text of at most about {swept.taken_tokens:,} tokens."
    elif swept.refused_tokens is not None:
        yield f"A text of about {swept.refused_tokens:,} tokens was refused."


def _load(swept: ServerFound) -> Iterator[str]:
    if swept.workers is None or swept.full_per_s is None:
        return
    if swept.held_up:
        yield (
            f"It served {swept.workers:.2g} requests at a time, and one alone is more: this "
            "computer, the line or the server was held up. Nothing rests on it: sweep it again."
        )
        return
    more = "" if swept.all_workers_seen else ", and more at a time might bring more"
    yield f"It served {swept.workers:.2g} requests at a time{more}."
    size = f"requests of {swept.texts} texts"
    of = "" if swept.machines == 1 else f" for each of {swept.machines} machines"
    if (full := swept.full_tokens_per_s) is not None:
        yield f"At most {full:,.0f} tokens/s came out{of}, in {size}."
    else:
        yield f"At most {swept.full_per_s:.3g} {size} a second came out; nobody counts its tokens."
    within = "" if swept.slo_p95_s is None else f" within {duration(swept.slo_p95_s)} at p95"
    if (within_rate := swept.kept_tokens_per_s) is not None:
        yield f"{within_rate:,.0f} tokens/s{of} were kept up{within}."
    elif swept.loads:
        yield f"No rate that was tried was kept up{within}."
