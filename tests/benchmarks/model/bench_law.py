"""The law of batch times: fitted to the rows that ship, judged on rows left out.

No clock: it prints errors. "Equal MFU" is what stood in the law's place: the quickest row of the
nearest pair (the same model, else the same card), carried by the ratios of FLOPs and dense peaks.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from core.serving.batch.physics import flops_per_token
from core.serving.law.law_numbers import GROUPS, LAW
from core.serving.law.measured_batches import MeasuredBatch, measured_batches
from core.serving.law.stated_range import (
    PAIR_LEFT_OUT,
    SERVERS,
    Known,
    LeftOut,
    range_factor,
    server_factor,
)
from tests.benchmarks.figure import Figure
from tests.benchmarks.report import Spread, say, table
from tests.oracles.law_fit import fitted, left_out, servers_left_out, spread_of, within_range

Logs = Mapping[MeasuredBatch, float]

FULL = 4_096
"""Tokens of a batch from which its start hardly counts: equal MFU knew no other."""
MEDIAN_BUDGET = 0.25
COVERAGE_BUDGET = (0.70, 0.95)
RANGE_COLUMNS = ("", "groups", "spread", "shipped", "by itself", "stated", "rows within")


def pair(row: MeasuredBatch) -> object:
    """Card and model."""
    return row.chip, row.model


def chip(row: MeasuredBatch) -> object:
    """Card."""
    return row.chip


def equal_mfu(
    rows: Sequence[MeasuredBatch], group: Callable[[MeasuredBatch], object]
) -> dict[MeasuredBatch, float]:
    """ln(predicted/measured) of each row's time, carried from the nearest row of other groups."""
    return {row: _carried(row, [r for r in rows if group(r) != group(row)]) for row in rows}


def _carried(row: MeasuredBatch, others: Sequence[MeasuredBatch]) -> float:
    nearest = max(
        others,
        key=lambda r: (r.model == row.model, r.chip == row.chip, r.tokens_per_s * _flops(r)),
    )
    reached = nearest.tokens_per_s * _flops(nearest) / nearest.machine.dense_tflops
    carried = reached * row.machine.dense_tflops / _flops(row)
    return math.log(row.tokens_per_s / carried)


def _flops(row: MeasuredBatch) -> float:
    return flops_per_token(row.shape, row.tokens_per_text)


def error(logs: Sequence[float]) -> float:
    """Median of how far off, up or down, as a share."""
    return statistics.median(math.exp(abs(log)) - 1 for log in logs)


def by_pair(logs: Logs) -> list[float]:
    """The median error of each pair."""
    pairs = defaultdict(list)
    for row, log in logs.items():
        pairs[pair(row)].append(log)
    return [error(own) for own in pairs.values()]


def _line(name: str, logs: Logs) -> tuple[str, ...]:
    p90 = statistics.quantiles([math.exp(abs(log)) - 1 for log in logs.values()], n=10)[-1]
    median = statistics.median(by_pair(logs))
    return name, str(len(logs)), f"{error([*logs.values()]):.1%}", f"{median:.1%}", f"{p90:.0%}"


def _shared(logs: Logs, as_in: Logs) -> dict[MeasuredBatch, float]:
    return {row: log for row, log in logs.items() if row in as_in}


def _by_kind(name: str, logs: Logs) -> None:
    kinds = defaultdict(list)
    for row, log in logs.items():
        kinds[row.kind].append(log)
    lines = [
        (kind, str(len(own)), f"{error(own):.1%}", f"{statistics.mean(own):+.2f}")
        for kind, own in kinds.items()
    ]
    table(f"Without its {name}, by kind of server", ("kind", "rows", "median", "mean log"), lines)


def main() -> list[Figure]:
    """Print numbers and errors; return what has a budget."""
    rows = measured_batches()
    say(f"fitted: {fitted(rows)}")
    say(f"shipped: {LAW}")
    without_pair, without_card = left_out(rows, pair), left_out(rows, chip)
    before = _errors("pair", rows, without_pair, pair)
    _errors("card", rows, without_card, chip)
    inside = _range(without_pair)
    _of_servers(rows, without_pair, without_card)
    missing = sorted({f"{row.chip} ({row.kind})" for row in set(rows) - set(without_card)})
    say(f"missing: another card of the kind, or another host that bounds: {', '.join(missing)}")
    ratio = error([*without_pair.values()]) / error([*before.values()])
    least, most = COVERAGE_BUDGET
    median = statistics.median(by_pair(without_pair))
    return [
        Figure("median of pairs left out", Spread.of([median]), MEDIAN_BUDGET, "off"),
        Figure("the law's error, against equal MFU", Spread.of([ratio]), 1.0),
        Figure("pairs within the range", Spread.of([inside]), least, "of all", at_least=True),
        Figure("pairs within the range, not too wide", Spread.of([inside]), most, "of all"),
    ]


def _errors(
    name: str,
    rows: Sequence[MeasuredBatch],
    law: Logs,
    group: Callable[[MeasuredBatch], object],
) -> Logs:
    """Print how far the law and equal MFU are off; return those of equal MFU."""
    before = _shared(equal_mfu(rows, group), law)
    lines = [_line("the law", law), _line("equal MFU", before)]
    for title, kinds in GROUPS.items():
        own = {row: log for row, log in law.items() if row.kind in kinds}
        lines += [_line(title, own), _line("  equal MFU", _shared(before, own))]
    full = {row: log for row, log in law.items() if row.texts * row.tokens_per_text >= FULL}
    lines += [_line(f"from {FULL:,} tokens", full), _line("  equal MFU", _shared(before, full))]
    table(f"Off on rows without their {name}", ("", "rows", "median", "of pairs", "p90"), lines)
    _by_kind(name, law)
    return before


def _range(law: Logs) -> float:
    """Print the stated ranges; return the share of pairs within, pairs alike."""
    lines = []
    for title, shipped in PAIR_LEFT_OUT.items():
        own = {row: log for row, log in law.items() if row.kind in GROUPS[title]}
        lines.append(_judged(title, left_out_of(own, pair, shipped.factor), shipped))
    table("The stated range of 80 %", RANGE_COLUMNS, lines)
    return within_range(law, pair)


def _of_servers(rows: Sequence[MeasuredBatch], without_pair: Logs, without_card: Logs) -> None:
    """Print the stated range of a server, by what is known of its pair."""
    lines = []
    for known, errors in errors_of_servers(rows, without_pair, without_card).items():
        lines.append(_judged(known, errors, SERVERS[known], server_factor(known)))
    table("The stated range of 80 % of a server, where this is known", RANGE_COLUMNS, lines)


def errors_of_servers(
    rows: Sequence[MeasuredBatch], without_pair: Logs, without_card: Logs
) -> dict[Known, LeftOut]:
    """Errors of servers without their own row, their pair and their card, as they would ship."""
    by_class = {
        Known.PAIR: (servers_left_out(rows, pair), pair),
        Known.CARD: (without_pair, pair),
        Known.NEITHER: (without_card, chip),
    }
    return {
        known: left_out_of(
            {row: log for row, log in logs.items() if row.kind in GROUPS["servers"]},
            group,
            server_factor(known),
        )
        for known, (logs, group) in by_class.items()
    }


def left_out_of(logs: Logs, group: Callable[[MeasuredBatch], object], stated: float) -> LeftOut:
    """Errors on rows left out, of which some are within the stated factor."""
    within = sum(abs(log) <= math.log(stated) for log in logs.values())
    return LeftOut(spread_of(logs), len(set(map(group, logs))), len(logs), within)


def _judged(
    title: str, now: LeftOut, shipped: LeftOut, stated: float | None = None
) -> tuple[str, ...]:
    return (
        title,
        str(now.groups),
        f"{now.log_spread:.3f}",
        f"{shipped.log_spread:g}",
        f"x {range_factor(now.log_spread, now.groups):.2f}",
        f"x {stated or shipped.factor:.2f}",
        f"{now.within} of {now.rows}",
    )
