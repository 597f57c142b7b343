"""The verdict as sentences. Every number in them is computed; none is written here."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from core.decide.result.curves import BreakEven, Curves, NeverReason
from core.decide.result.option import SELF_HOSTED, Option, OptionKind
from core.decide.result.snapshot import OptionAtVolume, Payback, Snapshot, Verdict
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.compare.certainty_text import (
    TIE,
    on_average,
    stated_text,
    too_close_text,
)

NEARLY_AT_ONCE: Final = 1.1
"""A lead that is lost again within this factor of volume is not worth a clause."""


@dataclass(frozen=True, slots=True)
class VerdictText:
    """What to do in one line, and why in a few sentences."""

    headline: str
    reasons: tuple[str, ...]


def verdict_text(snapshot: Snapshot, scenario: Scenario) -> VerdictText:
    """The answer to the scenario in words."""
    verdict = snapshot.verdict
    if verdict.winner is None:
        return _no_winner(snapshot)
    return VerdictText(
        headline=_headline(verdict.winner, verdict),
        reasons=tuple(_reasons(snapshot, verdict.winner, scenario)),
    )


def _no_winner(snapshot: Snapshot) -> VerdictText:
    volume = formats.tokens_per_month(snapshot.tokens_per_month)
    if not snapshot.rows:
        return VerdictText("Choose at least one option to compare.", ())
    reasons = tuple(
        f"{row.option.label}: {row.why_not}".rstrip(".") + "."
        for row in snapshot.rows
        if row.why_not and row is not snapshot.verdict.not_yet_known
    )
    verdict = snapshot.verdict
    if verdict.not_yet_known is not None:
        headline = f"None of the chosen options is known to suit {volume} yet."
        return VerdictText(headline, (*_not_yet_known(verdict), *reasons[:3]))
    return VerdictText(f"None of the chosen options can serve {volume}.", reasons[:4])


def _not_yet_known(verdict: Verdict) -> Iterator[str]:
    """What may be cheaper, what is not known of it, and the one thing to do."""
    row = verdict.not_yet_known
    if row is None:
        return
    saving = verdict.saving_if_it_holds_usd_per_month
    less = "" if saving is None else f", {formats.usd(saving)} less, if it holds"
    yield f"{row.option.label} would cost {on_average(row)}{less}."
    yield from (f"{one.sentence} {one.next_step}" for one in row.unknown)


def _headline(winner: OptionAtVolume, verdict: Verdict) -> str:
    verb = _verb(winner)
    bill = on_average(winner)
    volume = formats.tokens_per_month(verdict.tokens_per_month)
    terms = f" ({said})" if (said := winner.option.terms_beside_label) else ""
    return f"{verb} {replicas_text(winner).rstrip(',')}{terms}: {bill} at your {volume}."


def _verb(winner: OptionAtVolume) -> str:
    if winner.option.kind in SELF_HOSTED:
        return "Run your own"
    return (
        "Combine" if winner.option.kind is OptionKind.HYBRID and winner.replicas else "Use hosted"
    )


def replicas_text(row: OptionAtVolume) -> str:
    """The option with how many of it are paid for: "2 × AWS g6.xlarge, one of them spare,"."""
    label = row.option.label
    if row.option.burst is not None and row.replicas == 0:
        return f"{row.option.burst.label} (no replica beside it pays yet),"
    if row.option.kind is OptionKind.HYBRID and row.replicas is not None:
        share = formats.percent(row.api_share)
        return f"{row.replicas:,} replicas with an API ({label}, {share} to the API),"
    if row.replicas is None or row.option.kind not in SELF_HOSTED:
        return label
    if row.replicas == 1:
        return f"one {label}"
    return f"{row.replicas:,} × {label}{_spare(row.spare_replicas)}"


def _spare(spare: int) -> str:
    if spare == 0:
        return ""
    return f", {'one' if spare == 1 else spare} of them spare,"


def _reasons(snapshot: Snapshot, winner: OptionAtVolume, scenario: Scenario) -> Iterator[str]:
    verdict = snapshot.verdict
    yield from _not_yet_known(verdict)
    if verdict.too_small_to_matter:
        yield "This bill is too small to matter: take what your team has running soonest."
    yield from too_close_text(verdict)
    if winner.negotiable:
        yield formats.amounts(winner.negotiable)
    yield from _margin(verdict)
    yield from stated_text(verdict)
    if winner.option.kind not in SELF_HOSTED:
        yield from _alternative(verdict)
    yield from _self_hosting(snapshot, scenario)
    if verdict.payback is not None:
        yield from _payback(verdict.payback)
    ends = verdict.stops_winning_at_tokens_per_month
    if ends is not None and _same(ends, winner.option.known_up_to_tokens_per_month):
        yield f"Above {formats.tokens_per_month(ends)} nobody knows whether its rate limit holds."
    elif ends is not None and verdict.too_dear_beyond:
        yield f"Above {formats.tokens_per_month(ends)} its bill is above your budget."
    elif ends is not None and not _same(ends, _first(verdict)):
        mean = "On average it" if _is_drawn(snapshot) else "It"
        yield f"{mean} stops being the cheapest at {formats.tokens_per_month(ends)}."
    row = verdict.self_hosted
    if row is not None and _needs_host(row.option):
        yield f"The price of {row.option.label} is the card's alone: add that of its host computer."
    if winner.meets_slo is None:
        yield f"The latency of {winner.option.label} is not measured yet."


def _needs_host(option: Option) -> bool:
    """Whether a card is bought alone, and nothing is counted for the computer around it."""
    return option.bought is not None and option.bought.is_card and option.bought.host_usd == 0


def _is_drawn(snapshot: Snapshot) -> bool:
    """Whether any cost here is a mean over what is not known."""
    return any(on_average(row).endswith("on average") for row in snapshot.rows)


def _first(verdict: Verdict) -> float | None:
    """The volume at which self-hosting first gets ahead of the cheapest API."""
    return verdict.break_even.first_tokens_per_month if verdict.break_even else None


def _same(one: float, other: float | None) -> bool:
    return other is not None and math.isclose(one, other, rel_tol=1e-6)


def _margin(verdict: Verdict) -> Iterator[str]:
    row, margin = verdict.runner_up, verdict.margin_usd_per_month
    if row is None or row.mean_usd_per_month is None or margin is None or verdict.too_close:
        return
    if verdict.self_hosted is row:
        return  # the next sentence speaks of it
    if margin <= TIE * row.mean_usd_per_month:
        yield f"{row.option.label} costs the same."
    else:
        yield f"Next is {row.option.label} at {on_average(row)}, {formats.usd(margin)} more."


def _alternative(verdict: Verdict) -> Iterator[str]:
    """What self-hosting would cost at this volume and how busy it would be."""
    row = verdict.self_hosted
    if row is None or row.usd_per_month is None:
        yield "No self-hosted option among the chosen ones can serve this."
        return
    text = replicas_text(row)
    yield (
        f"{text[0].upper()}{text[1:]} would cost {on_average(row)} at a "
        f"duty cycle of {formats.percent(row.duty_cycle)}."
    )


def _self_hosting(snapshot: Snapshot, scenario: Scenario) -> Iterator[str]:
    """Whether and where self-hosting breaks even."""
    verdict = snapshot.verdict
    pair, row = verdict.break_even, verdict.self_hosted
    if pair is None or row is None:
        return
    api = next(it.option.label for it in snapshot.rows if it.option.id == pair.incumbent_id)
    if pair.never is not None:
        yield _never(pair.never, row, api, scenario)
    else:
        yield from _break_even(verdict, pair, api, scenario)


def _never(never: NeverReason, row: OptionAtVolume, api: str, scenario: Scenario) -> str:
    capacity = row.option.capacity
    limit = f"{formats.percent(scenario.hosting.utilisation_ceiling)} ceiling"
    if capacity is not None and capacity.binding == "objective":
        limit = f"objective of {formats.duration(scenario.objective.slo_p95_s)}"
    text = (
        f"With your {formats.ratio(scenario.workload.busy_hour_to_mean)} peak and "
        f"{limit} {row.option.label} never "
        f"embeds below {formats.usd_per_mtok(never.floor_usd_per_mtok)}, so self-hosting does not "
        f"break even with {api} at any volume"
    )
    return f"{text}; {what_would_change_it(never)}."


def _payback(payback: Payback) -> Iterator[str]:
    """When a bought card has paid for itself by what it saves on the API, if it ever does."""
    if payback.month is None:
        return
    paid = f"What the card saves on the API has paid for it by month {payback.month}"
    if payback.lost_in_month is None:
        yield f"{paid}."
        return
    at_the_end = "and again at the end" if payback.holds_at_horizon else "and not at the end"
    yield f"{paid}, is lost again in month {payback.lost_in_month}, {at_the_end}."


def never_ahead(curves: Curves, verdict: Verdict) -> Iterator[str]:
    """Every self-hosted option that never undercuts the cheapest API, and what would change it."""
    if verdict.break_even is None:
        return
    labels = {curve.option.id: curve.option.label for curve in curves.curves}
    incumbent = verdict.break_even.incumbent_id
    for pair in curves.break_evens:
        if pair.incumbent_id == incumbent and pair.never is not None:
            yield (
                f"{labels[pair.challenger_id]} never breaks even with {labels[incumbent]}: its "
                f"lowest cost is {formats.usd_per_mtok(pair.never.floor_usd_per_mtok)}; "
                f"{_used(pair)}{what_would_change_it(pair.never)}."
            )


def _used(pair: BreakEven) -> str:
    """How much of its full batches a bare replica would have to do all month."""
    if pair.utilisation is None:
        return ""
    return f"one bare replica would need {formats.percent(pair.utilisation)} of its full batches; "


def what_would_change_it(never: NeverReason) -> str:
    """The price or ceiling at which a challenger would break even."""
    ways = []
    if never.price_that_would_change_it is not None:
        ways.append(
            f"at a price under {formats.price(never.price_that_would_change_it, never.price_unit)}"
        )
    ceiling = never.ceiling_that_would_change_it
    if ceiling is not None and ceiling <= 1:
        ways.append(f"at a utilisation ceiling above {formats.percent(ceiling)}")
    return f"it would {' or '.join(ways)}" if ways else "no price of the card would change that"


def _break_even(verdict: Verdict, pair: BreakEven, api: str, scenario: Scenario) -> Iterator[str]:
    """The break-even volume, how far that is from here, and when growth leads there."""
    first, row = pair.first_tokens_per_month, verdict.self_hosted
    if first is None or row is None:
        return
    here = verdict.tokens_per_month
    pairing = f"{row.option.label} breaks even with {api}"
    if on_average(row) != formats.usd_per_month(row.usd_per_month):
        pairing = f"With every input as stated {pairing}"
    if first <= here:
        where = f"at {formats.tokens_per_month(first)}" if first > 0 else "at the first token"
        yield f"{pairing} {where}{_for_good(pair, here)}."
        return
    text = (
        f"{pairing} at {formats.tokens_per_month(first)}, "
        f"{formats.times(first / here)} your volume{_for_good(pair, here)}{_too_many(row, first)}"
    )
    growth = scenario.workload.growth_per_month
    if verdict.months_to_break_even is not None:
        text += (
            f"; at {formats.percent(growth)} growth a month that is in "
            f"{formats.months(verdict.months_to_break_even)}"
        )
    elif growth > 0:
        text += f"; your growth does not lead there in {scenario.objective.horizon_months} months"
    yield f"{text}."


def _too_many(row: OptionAtVolume, tokens_per_month: float) -> str:
    """That so many of one's own do not carry a volume; "" where they do, or more can be had."""
    most = row.option.ceiling_tokens_per_month
    if row.option.many is None or most is None or tokens_per_month <= most:
        return ""
    return f", beyond the {formats.tokens_per_month(most)} that yours carry"


def _for_good(pair: BreakEven, here: float) -> str:
    """From where on the lead is kept, where that is another volume worth a clause."""
    first, last = pair.first_tokens_per_month, pair.for_good_tokens_per_month
    if first is None or last is None or _same(first, last):
        return ""
    between = first <= here < last
    if last <= first * NEARLY_AT_ONCE and not between:
        return ""
    return f" (and is cheaper for good from {formats.tokens_per_month(last)})"
