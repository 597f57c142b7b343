"""Where an option stands that is not known to suit: by what, and how well that is founded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from core.decide.result.obstacle import DEMANDED, Obstacle
from core.decide.result.option import Option
from core.decide.result.snapshot import OptionAtVolume
from core.grade import Grade

QUOTA: Final = "replicas"
"""Where the user's own quota is the ceiling."""
OUT, NOT_YET, NO_PRICE = "out", "cannot be said yet", "no bill"

ABOUT: Final = {
    Obstacle.WITHDRAWN: "sold no more",
    Obstacle.MEMORY: "memory",
    Obstacle.LENGTH: "length of texts",
    Obstacle.UNANSWERED: "unanswered texts",
    Obstacle.FAILURES: "failures",
    Obstacle.LATENCY: "latency",
    Obstacle.PLACE: "place",
    Obstacle.COLD: "cold starts",
    Obstacle.LIMIT: "rate limit",
    **{kind: kind.value for kind in DEMANDED - {Obstacle.PLACE}},
}
"""What each obstacle is about, in words."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One option that is out, or of which it cannot be said yet."""

    option_id: str
    label: str
    usd_per_month: float | None
    stands: str
    """"out", "cannot be said yet" or "no bill"."""
    about: str
    """What keeps it: "rate limit", "latency, rate limit", "price"."""
    sentence: str
    """Why, and what to do."""
    grade: Grade | None
    """Of the evidence against it; None: the user's own word."""

    @property
    def evidence(self) -> str:
        """The grade in a word."""
        return self.grade.value if self.grade else "yours"


def standings(rows: Sequence[OptionAtVolume]) -> tuple[Standing, ...]:
    """Every option that is not known to suit, in the order of the rows."""
    return tuple(_standing(row) for row in rows if not row.can_serve)


def _standing(row: OptionAtVolume) -> Standing:
    option, usd = row.option, row.usd_per_month
    if not row.feasible:
        kind = row.obstacle
        words = _quota_or(kind, option)
        return Standing(option.id, option.label, usd, OUT, words, row.why_not, grade_against(row))
    if usd is None:
        why, grade = option.unpriced_reason, Grade.UNKNOWN
        return Standing(option.id, option.label, None, NO_PRICE, "price", why, grade)
    about = ", ".join(dict.fromkeys(one.about.value for one in row.unknown))
    asked = " ".join(f"{one.sentence} {one.next_step}" for one in row.unknown)
    return Standing(option.id, option.label, usd, NOT_YET, about, asked, Grade.UNKNOWN)


def _quota_or(kind: Obstacle | None, option: Option) -> str:
    if kind is Obstacle.LIMIT and option.ceiling_reason == QUOTA:
        return "quota of machines"
    return ABOUT.get(kind, "") if kind else ""


def grade_against(row: OptionAtVolume) -> Grade | None:
    """How well what excludes an option is founded; None where it is the user's own word."""
    option = row.option
    if row.obstacle in DEMANDED:
        return row.evidence
    match row.obstacle:
        case Obstacle.LATENCY:
            return _of_latency(row)
        case Obstacle.LIMIT:
            own = option.ceiling_reason == QUOTA
            return None if own or option.limit is None else option.limit.grade
        case Obstacle.FAILURES:
            return Grade.MEASURED
        case Obstacle.UNANSWERED:
            return None
        case Obstacle.MEMORY | Obstacle.COLD:
            return Grade.PREDICTED
    return Grade.PUBLISHED


def _of_latency(row: OptionAtVolume) -> Grade:
    """A run decides; of what is paid by use a published median; else what the law predicts."""
    if row.meets_slo is False:
        return Grade.MEASURED
    return Grade.PREDICTED if row.option.capacity else Grade.PUBLISHED
