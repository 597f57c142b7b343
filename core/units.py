"""Units, constants and the calendar: the only place where a conversion factor is written."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Final

from annotated_types import Ge, Le

SECONDS_PER_HOUR: Final = 3_600.0
SECONDS_PER_DAY: Final = 86_400.0
MINUTES_PER_DAY: Final = 1_440.0
MINUTES_PER_HOUR: Final = 60.0
TOKENS_PER_MTOK: Final = 1_000_000.0
MS_PER_S: Final = 1_000.0
BYTES_PER_GB: Final = 1_000_000_000.0
BYTES_PER_GIB: Final = 1_073_741_824.0
WATTS_PER_KILOWATT: Final = 1_000.0
MONTHS_PER_YEAR: Final = 12
NANO_USD_PER_USD: Final = 1_000_000_000
NS_PER_SECOND: Final = 1_000_000_000
CHARACTERS_PER_TOKEN: Final = 4
"""Of English with any common tokenizer, about."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """How long a month is. Rent runs by the hour, requests come by the day: both are stated.

    The two usual conventions are :data:`THIRTY_DAYS` (720 h, 30 days: tidy sums) and
    :data:`AVERAGE_MONTH` (730 h, 365/12 days: what a year's bill averages to).
    """

    hours_per_month: Annotated[float, Ge(1), Le(744)]
    """Hours that are paid for; 744 is a month of 31 days."""
    days_per_month: Annotated[float, Ge(1), Le(31)]
    """Days on which requests come."""

    @property
    def seconds_per_month(self) -> float:
        """Seconds in the month of rent."""
        return self.hours_per_month * SECONDS_PER_HOUR


THIRTY_DAYS: Final = Calendar(hours_per_month=720.0, days_per_month=30.0)
AVERAGE_MONTH: Final = Calendar(hours_per_month=730.0, days_per_month=365.0 / 12.0)


class VectorType(StrEnum):
    """How one dimension of a vector is kept."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"
    BFLOAT16 = "bfloat16"
    INT8 = "int8"
    BINARY = "binary"
