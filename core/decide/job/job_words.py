"""What a job's answer says in words: the same in a terminal, on the page and in JSON."""

from collections.abc import Iterator

from core.cost.curve.breakdown import amount
from core.decide.job.job_way import BY_USE, JobAnswer, JobAsk, JobWay, WayKind
from core.decide.result.limit_used import LIMIT_WORDS
from core.units import SECONDS_PER_DAY, SECONDS_PER_HOUR

NOTHING_IN_TIME = "No way is known to do it in time."
BATCH_QUEUE = "batch_queue_tokens"


def usd_words(usd: float) -> str:
    """An amount as it stands in a sentence: $8.12, $1,918."""
    return f"${usd:,.0f}" if usd >= 1_000 else f"${usd:,.2f}"


def days_words(days: float | None) -> str:
    """A time: "23 days", "14 hours"; of an API whose limit nobody knows "a time not known"."""
    if days is None:
        return "a time not known"
    if days < 2:
        hours = days * SECONDS_PER_DAY / SECONDS_PER_HOUR
        return f"{hours:.2g} hours" if hours < 10 else f"{hours:,.0f} hours"
    return f"{days:.2g} days" if days < 10 else f"{days:,.0f} days"


def what(way: JobWay) -> str:
    """What is done: "rent 5 x OpenRelay RTX 4090 with bge-m3"."""
    if way.kind is WayKind.API:
        return way.label
    if way.kind is WayKind.BATCH:
        return f"{way.label} through its batch interface"
    if way.machines is None or way.kind is WayKind.HERE:
        return way.label
    many = f"{way.machines.count:,} x {way.label}"
    return {
        WayKind.RENTED: f"rent {many}",
        WayKind.SPOT: f"rent {many}" + ("" if "spot" in way.label else " as spot"),
        WayKind.PER_SECOND: f"{many}, paid by the second",
        WayKind.THERE: f"your own {many}",
        WayKind.BOUGHT: f"buy {many}",
    }[way.kind]


def in_time(way: JobWay, ask: JobAsk) -> str:
    """Whether it is known to do the job in time, and if not, what would help."""
    if way.refusal:
        return f"no. {way.refusal}"
    if way.meets_deadline is False:
        return f"no. {_late(way, ask)}"
    if way.unknown:
        return "cannot be said yet. " + " ".join(
            f"{one.sentence} {one.next_step}" for one in way.unknown
        )
    if way.after is not None and way.after.usd_per_month is None:
        return f"the job, not what follows. {way.after.reason}"
    return "yes" if way.suits else "cannot be said yet."


def _late(way: JobWay, ask: JobAsk) -> str:
    machines = way.machines
    if machines is not None:
        takes = f"{machines.count:,} of them take {days_words(way.days)}"
        if machines.needed is None:
            return f"None has started by the deadline; {takes}."
        return f"{takes}, and no more can be had; {machines.needed:,} would do."
    tier = f" ({way.limit.tier})" if way.limit is not None and way.limit.tier else ""
    held = "" if way.limit is None else f" of {way.limit.words}{tier}"
    more = (way.days or 0.0) / ask.days
    limit = "batch limit" if way.binding == BATCH_QUEUE else "limit"
    counted = LIMIT_WORDS.get(way.binding)
    binds = f", bound by {counted}" if counted and "," in held else ""
    return (
        f"At its {limit}{held} it takes {days_words(way.days)}{binds}: ask for {amount(more, 3)} "
        "times as much, or for a later deadline."
    )


def headline(answer: JobAnswer) -> str:
    """The cheapest way that is known to suit, what it costs and takes, and what follows."""
    best = answer.best
    if best is None:
        return NOTHING_IN_TIME
    words = what(best)
    return f"{words[:1].upper()}{words[1:]}: {_cost(best)}, {days_words(best.days)}{_then(best)}."


def _cost(way: JobWay) -> str:
    """On average over the range of the throughput, with the range and its grade."""
    usd = usd_words(way.mean_usd or 0.0)
    cost = f"{usd} in all" if way.after is None else f"{usd} for the job"
    grade = way.grades.throughput
    if way.usd_low is None or way.usd_low == way.usd_high or grade is None:
        return cost
    low, high = usd_words(way.usd_low), usd_words(way.usd_high or 0.0)
    return f"{cost} on average ({low} to {high} over the range of its throughput, {grade})"


def _then(way: JobWay) -> str:
    """What comes afterwards, with the total."""
    after = way.after
    if after is None or after.usd_per_month is None or way.total_usd is None:
        return ""
    who = "the same API" if after.option_id == way.id else after.label
    return (
        f"; then {who} for {usd_words(after.usd_per_month)} a month, {usd_words(way.total_usd)} "
        f"over {after.months} months"
    )


def sentences(answer: JobAnswer) -> tuple[str, ...]:
    """All that is said beside the headline."""
    return tuple(
        filter(None, (*_of_best(answer), _not_yet(answer), _else(answer), _counts(answer)))
    )


def _of_best(answer: JobAnswer) -> Iterator[str]:
    best = answer.best
    if best is None:
        nearest = answer.nearest
        if nearest is not None:
            yield (
                f"The soonest that is known is {what(nearest)}: {days_words(nearest.days)} for "
                f"{usd_words(nearest.mean_usd or 0.0)}."
            )
        return
    machines = best.machines
    if best.days is None:
        yield "Its limit is not known; the job is below the lowest that any provider publishes."
    if best.sooner is not None and machines is not None:
        quick = best.sooner
        yield (
            f"{quick.machines:,} of them end within {days_words(quick.days)} and cost "
            f"{usd_words(quick.usd)} where {machines.count:,} cost {usd_words(best.usd or 0.0)}."
        )
    if machines is not None and machines.count > 1 and machines.quota is None:
        yield (
            f"Whether {machines.count:,} can be had at once is not known: ask for your quota, or "
            "type it."
        )


def _not_yet(answer: JobAnswer) -> str:
    """What may be cheaper and is not known to suit, with what to do."""
    way, saving = answer.not_yet_known, answer.saving_if_it_holds_usd
    if way is None or way.total_usd is None:
        return ""
    less = "" if saving is None else f", {usd_words(saving)} less, if it holds"
    asked = " ".join(f"{one.sentence} {one.next_step}" for one in way.unknown)
    follows = "" if way.after is None else " with what follows"
    return f"{what(way)} would cost {usd_words(way.total_usd)}{follows}{less}. {asked}"


def _else(answer: JobAnswer) -> str:
    """The cheapest of the other kind: one API for all, or machines."""
    best = answer.best
    if best is None:
        return ""
    by_api = best.kind in BY_USE
    other = next((way for way in answer.by_kind if (way.kind in BY_USE) is not by_api), None)
    if other is None:
        return "" if by_api else "No API is known to do it in time: ask one for a higher limit."
    kind = "On machines" if by_api else "By one API for all of it" if best.after else "By API"
    usd = usd_words(other.total_usd or 0.0)
    return f"{kind} the cheapest is {what(other)}: {usd}, {days_words(other.days)}."


def _counts(answer: JobAnswer) -> str:
    """How many ways there are, and what is left out of all."""
    priced = [way for way in answer.ways if not way.refusal and way.usd is not None]
    late = sum(way.meets_deadline is False for way in priced)
    unsure = sum(way.suits is None for way in priced)
    labour = "people's time, " if answer.ask.labour_usd == 0 else ""
    return (
        f"{len(priced):,} ways have a price: {late:,} miss the deadline, of {unsure:,} it cannot "
        f"be said yet. Left out: {labour}moving the texts, storing and searching the vectors."
    )
