"""The note that the project grew from: its figures as given there, and the form of a check."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from core.scenario import Hosting, Scenario, Workload
from core.units import THIRTY_DAYS

REQUESTS_PER_DAY: Final = 100_000.0
TOKENS_PER_REQUEST: Final = 500.0
TOKENS_PER_MONTH: Final = 50e6
BREAK_EVEN_TOKENS_PER_MONTH: Final = 500e3

CARD_USD: Final = 1_200.0
CARD_ELECTRICITY_USD_PER_MONTH: Final = 50.0
CARD_LIFETIME_MONTHS: Final = 36
"""The note has none; three years is the usual write-off."""

OPENAI_USD_PER_KTOK: Final = 0.0001
HUGGING_FACE_USD_PER_REQUEST: Final = (0.0006, 0.005)
TOGETHER_REPLICATE_USD: Final = (0.0002, 0.001)
"""Per "token/request": the note does not decide which."""

TOKENS_PER_KTOK: Final = 1_000.0


class Finding(StrEnum):
    """What became of a claim."""

    WRONG = "wrong"
    PARTLY_RIGHT = "partly right"
    OUTDATED = "outdated"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class RightNumber:
    """One figure as the product computes it."""

    label: str
    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of the note and what is right instead."""

    claim: str
    """Quoted from the note."""
    verdict: Finding
    numbers: tuple[RightNumber, ...]
    """Empty where only a measurement could tell."""
    explanation: str
    """One sentence."""


def note_scenario() -> Scenario:
    """The note's question: its workload, thirty days, one bare machine without labour."""
    return Scenario(
        workload=Workload(requests_per_day=REQUESTS_PER_DAY, tokens_per_request=TOKENS_PER_REQUEST),
        hosting=Hosting(spare_replicas=0, labour_usd_per_month=0),
        calendar=THIRTY_DAYS,
    )
