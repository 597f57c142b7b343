"""What a comparison says below its table, in a terminal: the break-even, and what is not known."""

from core.decide.result.curves import BreakEven
from core.decide.result.option import Option
from core.decide.result.snapshot import Snapshot, Verdict


def break_even_line(snapshot: Snapshot) -> str:
    """Where the cheapest self-hosted option breaks even with the cheapest API; "" without both."""
    pair = snapshot.verdict.break_even
    if pair is None:
        return ""
    labels = {row.option.id: row.option.label for row in snapshot.rows}
    challenger, incumbent = labels[pair.challenger_id], labels[pair.incumbent_id]
    hosted = snapshot.verdict.self_hosted
    beyond = "" if hosted is None else _beyond(hosted.option, pair.first_tokens_per_month)
    words = f"{challenger} breaks even with {incumbent} {_where(pair)}{beyond}."
    return f"With every input as stated {words}"


def not_yet_known_line(verdict: Verdict) -> str:
    """What may be cheaper and is not known to suit, with what to do; "" where nothing is."""
    row = verdict.not_yet_known
    if row is None or row.mean_usd_per_month is None:
        return ""
    saving = verdict.saving_if_it_holds_usd_per_month
    less = "" if saving is None else f", ${saving:,.2f} less, if it holds"
    asked = " ".join(f"{one.sentence} {one.next_step}" for one in row.unknown)
    return f"{row.option.label} would cost ${row.mean_usd_per_month:,.2f} a month{less}. {asked}"


def _beyond(option: Option, tokens_per_month: float | None) -> str:
    """That so many of one's own do not carry the break-even; "" where they do."""
    most = option.ceiling_tokens_per_month
    if option.many is None or most is None or (tokens_per_month or 0.0) <= most:
        return ""
    return f", beyond the {most:,.0f} that yours carry"


def _where(pair: BreakEven) -> str:
    first, last = pair.first_tokens_per_month, pair.for_good_tokens_per_month
    if first is None:
        return "at no volume"
    at = f"at {first:,.0f} tokens a month" if first > 0 else "at the first token"
    if last is None or f"{last:,.0f}" == f"{first:,.0f}":
        return at
    return f"{at}, and is cheaper for good from {last:,.0f}"
