"""The break-even of a comparison in one sentence, for a terminal."""

from core.decide.result.curves import BreakEven
from core.decide.result.snapshot import Snapshot


def break_even_line(snapshot: Snapshot) -> str:
    """Where the cheapest self-hosted option breaks even with the cheapest API; "" without both."""
    pair = snapshot.verdict.break_even
    if pair is None:
        return ""
    labels = {row.option.id: row.option.label for row in snapshot.rows}
    challenger, incumbent = labels[pair.challenger_id], labels[pair.incumbent_id]
    return f"{challenger} breaks even with {incumbent} {_where(pair)}."


def _where(pair: BreakEven) -> str:
    first, last = pair.first_tokens_per_month, pair.for_good_tokens_per_month
    if first is None:
        return "at no volume"
    at = f"at {first:,.0f} tokens a month" if first > 0 else "at the first token"
    if last is None or f"{last:,.0f}" == f"{first:,.0f}":
        return at
    return f"{at}, and is cheaper for good from {last:,.0f}"
