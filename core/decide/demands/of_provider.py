"""Where an option computes and whether its provider keeps texts, against what is demanded."""

from typing import Final

from core.catalog.schema import Area, Region
from core.decide.demands.demand_words import listed
from core.decide.demands.of_model import Finding
from core.decide.demands.place import AREA_NAMES
from core.decide.result.obstacle import Obstacle, Refusal
from core.decide.result.option import OptionKind, PlaceUsed
from core.decide.result.unknown import About, Unknown
from core.grade import Grade
from core.scenario import Retention

ONES_OWN: Final = frozenset({OptionKind.OWNED, OptionKind.THIS_MACHINE})
"""Kinds that stand with whoever asks. What is rented does not, however one runs it."""

TO_DO: Final = {
    "option": "zero retention must be switched on",
    "on approval": "zero retention by the approval of your account",
}
"""What a promise of zero retention leaves to be done."""

IN_ITS_ROW: Final = "You added it: say so in its row of your catalogue folder."


def of_place(
    place: PlaceUsed | None, choices: tuple[str, ...], seller: str, demanded: str, *, is_own: bool
) -> Finding | None:
    """Whether an option computes in the area that is demanded; None where it does, or none is.

    ``place`` None: a machine of one's own, wherever one wants. ``choices``: other places that may
    be chosen.
    """
    if not demanded or place is None or place.area == demanded:
        return None
    area = AREA_NAMES[Area(demanded)]
    other = f" It can also compute in {listed(choices)}." if choices else ""
    if place.area is None:
        sentence = f"Whether {seller} computes in {area} is not known.{other}"
        step = IN_ITS_ROW if is_own else f"Ask {seller} where it computes."
        return Unknown(About.PLACE, 0.0, sentence, step)
    words = place.words[:1].upper() + place.words[1:]
    return Refusal(
        Obstacle.PLACE,
        f"{words}.{other} {area[:1].upper()}{area[1:]} is demanded.",
        place.grade,
        "Allow other regions.",
    )


def of_home(kind: OptionKind, label: str, grade: Grade | None, *, is_own: bool) -> Finding | None:
    """Whether texts stay on machines of one's own: cards and machines owned, this computer.

    ``grade``: of the row that says how it is sold.
    """
    if kind in ONES_OWN:
        return None
    if is_own and kind is not OptionKind.RENTED:
        sentence = f"Whether {label} runs on a machine of yours is not known."
        step = "Add that machine as one that is there, in the place of its address."
        return Unknown(About.PLACE, 0.0, sentence, step)
    rented, sends = "It is rented: it does not stand with you.", "It sends texts to a third party."
    return Refusal(
        Obstacle.PLACE,
        f"{rented if kind is OptionKind.RENTED else sends} Your own machines are demanded.",
        grade,
        "Allow texts to leave your machines.",
    )


def of_retention(
    row: Region | None, seller: str, demanded: Retention, *, is_own: bool
) -> Finding | None:
    """Whether a provider keeps texts after the answer; None where it does not, or it may.

    ``row``: of the place that is used. What is not said there is not known.
    """
    if demanded is Retention.ALLOWED:
        return None
    promise = "" if row is None else row.zero_retention
    if promise == "no" and row is not None:
        sentence = f"{seller} keeps texts after the answer; zero retention is demanded."
        relax = f"Allow {seller} to keep texts."
        return Refusal(Obstacle.RETENTION, sentence, row.source.grade, relax)
    if promise == "on approval" and demanded is Retention.ZERO:
        sentence = f"{seller} keeps no texts for accounts alone that it has approved for it."
        step = "Ask for approval; where you have it, say so beside the demand."
        return Unknown(About.RETENTION, 0.0, sentence, step)
    if promise:
        return None
    sentence = f"Whether {seller} keeps texts after the answer is not known."
    step = IN_ITS_ROW if is_own else f"Ask {seller} for zero retention."
    return Unknown(About.RETENTION, 0.0, sentence, step)


def retention_note(row: Region | None, demanded: Retention) -> str:
    """What is to be done so that no text is kept; "" where nothing is, or none is demanded."""
    offered = "" if row is None or demanded is Retention.ALLOWED else row.zero_retention
    return TO_DO.get(offered, "")
