"""The answer for somebody who pays: what, what it costs, what would change it."""

import math
from dataclasses import dataclass

from core.cost.curve.breakdown import amount
from core.decide.result.curves import Curves
from core.decide.result.snapshot import OptionAtVolume, Snapshot, Verdict
from core.decide.why.standing import NOT_YET, Standing, standings


@dataclass(frozen=True, slots=True)
class Why:
    """Three sentences, and who is out."""

    what: str
    costs: str
    """"" where nothing is known to suit."""
    changes: str
    out: tuple[Standing, ...]

    @property
    def sentences(self) -> tuple[str, ...]:
        """Those that there are."""
        return tuple(filter(None, (self.what, self.costs, self.changes)))


def why(snapshot: Snapshot, drawn: Curves) -> Why:
    """Why the answer at a volume is what it is. ``drawn``: the curves that it was read from."""
    verdict, out = snapshot.verdict, standings(snapshot.rows)
    return Why(
        what=_what(verdict, snapshot, out),
        costs=_costs(verdict),
        changes=_changes(verdict, drawn),
        out=out,
    )


def _what(verdict: Verdict, snapshot: Snapshot, out: tuple[Standing, ...]) -> str:
    many, able = len(snapshot.rows), len(snapshot.rows) - len(out)
    options = f"{many} option{'' if many == 1 else 's'} compared"
    if verdict.winner is None:
        unsaid = any(one.stands == NOT_YET for one in out)
        return f"Of {options} none is known to do the job{' yet' if unsaid else ''}."
    option = verdict.winner.option
    terms = option.terms_beside_label
    name = f"{option.label} ({terms})" if terms else option.label
    if able == 1:
        return f"Use {name}: of {options} it alone is known to do the job."
    return f"Use {name}: of {options} {able} are known to do the job, and it costs least."


def _costs(verdict: Verdict) -> str:
    winner, next_one = verdict.winner, verdict.runner_up
    if winner is None:
        return ""
    volume = f"{_short(verdict.tokens_per_month)} tokens a month"
    costs = f"It costs {_usd(winner)} a month for {volume}{_on_average(winner)}"
    if verdict.too_small_to_matter:
        return f"{costs}, too little to matter: take what is running soonest."
    if next_one is None or verdict.margin_usd_per_month is None:
        return f"{costs}."
    more = f"${verdict.margin_usd_per_month:,.2f} more"
    return f"{costs}; the next, {next_one.option.label}, costs {more}."


def _changes(verdict: Verdict, drawn: Curves) -> str:
    """What may be known, or grow, to make another the answer: the nearest of it."""
    other, saving = verdict.not_yet_known, verdict.saving_if_it_holds_usd_per_month
    if other is not None:
        less = f"save ${saving:,.2f} a month" if saving is not None else "do the job"
        step = other.unknown[0].next_step
        asked = ", ".join(dict.fromkeys(one.about.value for one in other.unknown))
        return f"{other.option.label} would {less} if its {asked} holds: {step.lower()}"
    ends = verdict.stops_winning_at_tokens_per_month
    if verdict.winner is None or ends is None:
        return "" if verdict.winner is None else "No larger volume changes that."
    times = ends / verdict.tokens_per_month if verdict.tokens_per_month else 0.0
    at = f"from {_short(ends)} tokens a month on ({times:,.3g} times yours)"
    taker = _next_lead(drawn, ends)
    if taker is None:
        return f"Nothing is known to do the job {at}."
    ceiling = verdict.winner.option.ceiling_tokens_per_month
    full = ceiling is not None and math.isclose(ends, ceiling, rel_tol=1e-6)
    return f"{taker} takes over {at}{': more is not let through here' if full else ''}."


def _next_lead(drawn: Curves, ends: float) -> str | None:
    """Who leads above a volume; None where nobody is known to serve."""
    labels = {curve.option.id: curve.option.label for curve in drawn.curves}
    return next(
        (
            labels[lead.option_id]
            for lead in drawn.winners
            if lead.from_tokens_per_month <= ends * (1 + 1e-9) < lead.to_tokens_per_month
        ),
        None,
    )


def _usd(row: OptionAtVolume) -> str:
    return f"${row.mean_usd_per_month or 0.0:,.2f}"


def _on_average(row: OptionAtVolume) -> str:
    """That ranges are in it; "" where its cost is known."""
    is_mean = row.mean_usd_per_month != row.usd_per_month
    return ", on average over what is not known for certain" if is_mean else ""


def _short(tokens: float) -> str:
    """A volume in words: 1.5 billion."""
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if tokens >= size:
            return f"{amount(tokens / size, 3)} {word}"
    return amount(tokens, 3)
