"""What could change the answer, in sentences. Every number in them is computed."""

import math
from collections.abc import Iterator, Sequence

from core.decide.flips.flips import Flip
from core.decide.result.belief import Belief
from core.decide.result.risk_result import Axis, InputWorth, Risk, is_worth
from core.scenario import Scenario
from dashboard import formats
from dashboard.figures.risk.flip_marks import value_text


def headline(risk: Risk) -> str:
    """What to measure first, and what is worth nothing."""
    if risk.chosen is None:
        return "No option can serve this volume: there is nothing to choose between."
    valuable = [entry for entry in risk.inputs if is_worth(entry.worth)]
    if valuable:
        first = valuable[0]
        text = (
            f"{first.belief.to_find_out} first: knowing it is worth up to "
            f"{formats.usd(first.worth.value)} a month"
        )
        return f"{text}{_worthless(risk.inputs)}."
    if risk.pairs:
        pair = risk.pairs[0]
        return (
            f"No single input is worth knowing alone; {_lower(pair.one.label)} and "
            f"{_lower(pair.other.label)} together are worth up to "
            f"{formats.usd(pair.worth.value)} a month."
        )
    return "Nothing that is not known could change the answer enough to be worth measuring."


def _worthless(inputs: Sequence[InputWorth]) -> str:
    nothing = [_lower(entry.belief.label) for entry in inputs if not is_worth(entry.worth)]
    if not nothing:
        return ""
    named = " or ".join(nothing[:2])
    return f"; knowing the {named} is worth nothing"


def _lower(label: str) -> str:
    """A label inside a sentence; names keep their capitals."""
    return label[0].lower() + label[1:] if label[1:2].islower() else label


def chances_text(risk: Risk) -> str:
    """How sure the answer is."""
    if risk.chosen is None or risk.stated is None:
        return ""
    chosen, stated = risk.chosen, risk.stated
    text = (
        f"At {formats.tokens_per_month(risk.tokens_per_month)} {chosen.label} costs least on "
        f"average and is the cheapest in {formats.percent(chosen.chance.value)} of "
        f"{risk.samples:,} samples"
    )
    if stated.option_id != chosen.option_id:
        text += (
            f"; at the values as stated {stated.label} would win, which it does in "
            f"{formats.percent(stated.chance.value)}"
        )
    worth = formats.usd(risk.evpi.value) if is_worth(risk.evpi) else "nothing"
    return f"{text}. Knowing everything in advance would be worth {worth} a month."


def crossing_text(axis: Axis, scenario: Scenario) -> str:
    """Where self-hosting gets ahead, as a range of volumes and of months."""
    band = axis.crossing
    if band is None:
        return ""
    low, high = band.low_tokens, band.high_tokens
    never = ""
    if band.share_never > 0:
        never = f"; in {formats.percent(band.share_never)} of the samples it never does"
    if low is None:
        return (
            "Self-hosting gets ahead of the cheapest API at no volume shown, in 19 of 20 samples."
        )
    ends = f"from {formats.tokens_per_month(low)}"
    ends += f" to {formats.tokens_per_month(high)}" if high else " on, without an upper end shown"
    when = _months_between(low, high, scenario)
    return (
        f"On cost, self-hosting first gets ahead of the cheapest API {ends} (9 of 10){never}.{when}"
    )


def _months_between(low: float, high: float | None, scenario: Scenario) -> str:
    """When growth leads into the range and out of it."""
    growth = scenario.workload.growth_per_month
    if growth <= 0 or low <= scenario.tokens_per_month:
        return ""
    first = _month(low, scenario)
    last = "" if high is None else f" to {_month(high, scenario)}"
    rate = formats.percent(growth)
    return f" At {rate} growth a month that is {'month' if last else 'from month'} {first}{last}."


def _month(tokens: float, scenario: Scenario) -> int:
    """First month, counted from 1, whose volume reaches so many tokens."""
    steps = math.log(tokens / scenario.tokens_per_month)
    return 1 + max(0, math.ceil(steps / math.log1p(scenario.workload.growth_per_month) - 1e-9))


def narrowing_text(beliefs: Sequence[Belief]) -> Iterator[str]:
    """What a measurement has narrowed, before and after."""
    for belief in beliefs:
        if belief.before is None or belief.before.spread == 0:
            continue
        before, after = belief.before, belief.law
        yield (
            f"{belief.label}: measured. Before, {_range(belief, before.low, before.high)}; now "
            f"{_range(belief, after.low, after.high)}."
        )


def _range(belief: Belief, low: float, high: float) -> str:
    return f"{value(belief, low)} to {value(belief, high)}"


def value(belief: Belief, number: float) -> str:
    """A value of an input in its unit."""
    if belief.name.startswith("price/"):
        return formats.price(number, belief.price_unit)
    match belief.unit:
        case "tokens/s":
            return formats.tokens_per_s(number)
        case "tokens/month":
            return formats.tokens_per_month(number)
        case "s/text":
            return formats.duration(number)
        case unit:
            return formats.quantity(number, unit)


def flip_text(flip: Flip) -> str:
    """The value at which the answer changes."""
    way = "above" if flip.rises else "below"
    who = f"{formats.in_sentence(flip.winner)} wins" if flip.winner else "nobody can serve"
    return (
        f"{flip.label} {way} {value_text(flip, flip.flips_at)} (now "
        f"{value_text(flip, flip.value)}): {who}."
    )
