"""Numbers to text: the one place where a quantity gets its digits, its sign and its unit.

Every function takes base units (USD, tokens, seconds, fractions) and never raises on a finite
number. Absent (None) is said in words: it is not 0.

Amounts come in USD and are shown in the reader's currency: here alone is it asked which that is.
What is typed in USD, or is a cap in USD, is written with ``DOLLARS``.
"""

import html
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, TypeVar

from core.catalog.schema import PriceUnit
from core.money import DOLLARS, Money, is_of_usd
from core.scenario import Scenario
from core.units import MS_PER_S

T = TypeVar("T")

UNKNOWN: Final = "not known"
NO_BREAK: Final = "\u00a0"

MOST_DIGITS: Final = 20
"""A float has fewer: beyond them there is no half to round."""

_SCALES: Final[tuple[tuple[float, str], ...]] = (
    (1e15, "Q"),
    (1e12, "T"),
    (1e9, "B"),
    (1e6, "M"),
)

PRICE_UNITS: Final[dict[PriceUnit, str]] = {unit: unit.words for unit in PriceUnit}
"""A billed unit in words."""


_SHOWING: ContextVar[Money | None] = ContextVar("showing", default=None)
_ASKED: Final[list[Callable[[], Money]]] = [lambda: DOLLARS]
"""One: who knows what the reader chose."""


def ask_for_money(chosen: Callable[[], Money]) -> None:
    """From now on ``chosen`` says in which currency the one who reads wants amounts."""
    _ASKED[0] = chosen


def money() -> Money:
    """The currency in which amounts are shown now."""
    return _SHOWING.get() or _ASKED[0]()


@contextmanager
def showing(currency: Money) -> Iterator[None]:
    """Show amounts in a currency, whatever was chosen."""
    token = _SHOWING.set(currency)
    try:
        yield
    finally:
        _SHOWING.reset(token)


def as_now(call: Callable[[], T]) -> Callable[[], T]:
    """A call that is made later, outside of any session, in the currency of now."""
    currency = money()

    def later() -> T:
        with showing(currency):
            return call()

    return later


def amounts(text: str) -> str:
    """A text of the model with its amounts in the reader's currency."""
    return money().in_text(text)


def significant(value: float, digits: int = 2) -> str:
    """A number at so many significant digits, thousands grouped, never in powers of ten.

    Whole digits are never rounded away (1,162 stays 1,162) and trailing zeros after the point
    are dropped.
    """
    if value == 0:
        return "0"
    magnitude = math.floor(math.log10(abs(value)))
    text = _half_up(value, max(0, digits - 1 - magnitude))
    return text.rstrip("0").rstrip(".") if "." in text else text


def _half_up(value: float, decimals: int) -> str:
    """Halves are rounded up, as the browser does it: 154.5 is 155 at the slider and here."""
    shift = Decimal(1).scaleb(-decimals)
    exact = Decimal(str(value))
    if exact.adjusted() + decimals > MOST_DIGITS:
        return f"{value:,.{decimals}f}"
    return f"{exact.quantize(shift, ROUND_HALF_UP):,f}"


def compact(value: float, digits: int = 3) -> str:
    """A count with its scale word: 1.5 B, 300 M; below a million in full: 100,000."""
    for scale, word in _SCALES:
        # 999,999.9 rounds up to the next scale rather than to "1,000,000".
        if abs(value) >= scale * (1 - 0.5 * 10.0**-digits):
            return f"{significant(value / scale, digits)}{NO_BREAK}{word}"
    return significant(value, digits)


def count(value: float) -> str:
    """A whole number, thousands grouped: 100,000; from ten million on with its scale word."""
    return compact(value) if abs(value) >= 1e7 else f"{value:,.0f}"


def usd(value: float | None, currency: Money | None = None) -> str:
    """An amount of USD: $18, $1,162, $4.20, $0.018, $2.4 M; or that in the reader's currency."""
    shown = currency or money()
    return UNKNOWN if value is None else amount(shown.of(value), shown)


def amount(value: float, currency: Money | None = None) -> str:
    """An amount that is in its currency already, the reader's unless another is named."""
    sign, size = ("-" if value < 0 else "") + (currency or money()).sign, abs(value)
    if size >= 999_999.5:
        return f"{sign}{compact(size)}"
    if size >= 9.995:
        return f"{sign}{size:,.0f}"
    if size >= 0.995:
        return f"{sign}{size:.2f}"
    return f"{sign}{_cents(significant(size, 2 if size < 0.1 else 3))}"


def _cents(text: str) -> str:
    """An amount with at least two decimals, if any: 0.5 is written 0.50."""
    whole, point, decimals = text.partition(".")
    return f"{whole}.{decimals:0<2}" if point else text


def usd_exact(value: float, currency: Money | None = None) -> str:
    """An amount as quoted, with its cents: $0.10, $0.0125, $1,199.00."""
    shown = currency or money()
    return exact(shown.of(value), shown)


def exact(value: float, currency: Money | None = None) -> str:
    """The same of an amount that is in its currency already."""
    cents = f"{value:,.2f}"
    is_whole = math.isclose(float(cents.replace(",", "")), value, rel_tol=1e-9)
    return f"{(currency or money()).sign}{cents if is_whole else significant(value, 6)}"


def usd_per_month(value: float | None) -> str:
    """A monthly bill: $18/month."""
    return UNKNOWN if value is None else f"{usd(value)}/month"


def usd_per_mtok(value: float | None) -> str:
    """A unit cost: $0.018 per 1M."""
    return UNKNOWN if value is None else f"{usd(value)} per 1M"


def price(value: float | None, unit: PriceUnit | None, currency: Money | None = None) -> str:
    """A price in the unit it is billed in; without a unit it is a purchase price.

    Prices keep three significant digits: $0.526/h is not $0.53/h.
    """
    if value is None:
        return "no price"
    shown = currency or money()
    text = f"{shown.sign}{_cents(significant(shown.of(value), 3))}"
    if unit is None:
        return f"{text} to buy"
    if unit is PriceUnit.PER_HOUR:
        return f"{text}/h"
    return f"{text} {PRICE_UNITS[unit]}"


def tokens(value: float) -> str:
    """A number of tokens: 1.5 B tokens."""
    return f"{compact(value)}{NO_BREAK}token{'' if value == 1 else 's'}"


def tokens_per_month(value: float) -> str:
    """A volume with its period: 1.5 B tokens/month."""
    return f"{tokens(value)}/month"


def tokens_per_s(value: float | None) -> str:
    """A rate: 3,000 tokens/s."""
    return UNKNOWN if value is None else f"{compact(value)}{NO_BREAK}tokens/s"


def percent(fraction: float | None) -> str:
    """A share: 32 %, 0.4 %, under 0.01 %."""
    if fraction is None:
        return UNKNOWN
    value = 100 * fraction
    if 0 < value < 0.01:
        return f"under 0.01{NO_BREAK}%"
    if 99.5 <= value < 100:
        return f"{math.floor(value * 10) / 10:g}{NO_BREAK}%"
    return f"{significant(value, 2 if abs(value) >= 1 else 1)}{NO_BREAK}%"


def duration(seconds: float | None) -> str:
    """A time: 210 ms, 4.2 ms, 2.4 s, 5 min, 2.4 h."""
    if seconds is None:
        return UNKNOWN
    if abs(seconds) < 0.9995:
        return f"{significant(seconds * 1e3, 3 if abs(seconds) >= 0.0995 else 2)}{NO_BREAK}ms"
    if abs(seconds) < 119.5:
        return f"{significant(seconds, 3)}{NO_BREAK}s"
    if abs(seconds) < 7_170:
        return f"{significant(seconds / 60, 2)}{NO_BREAK}min"
    return f"{significant(seconds / 3_600, 2)}{NO_BREAK}h"


def milliseconds(seconds: float | None, digits: int = 3) -> float | None:
    """A time for a column of ms, so many digits after the point; absent stays absent."""
    return None if seconds is None else round(seconds * MS_PER_S, digits)


def months(value: float) -> str:
    """A number of months, with years beside it from two years on: 30 months (2.5 years)."""
    whole = f"{significant(value, 2)} month{'' if value == 1 else 's'}"
    return whole if value < 24 else f"{whole} ({significant(value / 12, 2)} years)"


def ratio(value: float) -> str:
    """A factor: 3x, 1.5x."""
    return f"{significant(value, 2)}x"


def times(value: float) -> str:
    """How many times as much, in prose: 33 times, 1.5 times, 1.1 M times."""
    return f"{compact(value, 2)} times"


def moment(value: datetime) -> str:
    """A point in time, in UTC, to the minute."""
    return f"{value:%Y-%m-%d %H:%M} UTC"


def volume(scenario: Scenario) -> str:
    """The volume spelt out: 100,000 requests/day x 500 tokens = 1.5 B tokens/month."""
    load = scenario.workload
    length = quantity(load.tokens_per_request, "tokens")
    cached = f", {percent(load.cached_share)} from your cache," if load.cached_share else ""
    return (
        f"{count(load.requests_per_day)} requests/day{cached} × {length} tokens"
        f" = {tokens_per_month(scenario.tokens_per_month)}"
    )


def quantity(value: float, unit: str, currency: Money | None = None) -> str:
    """A control's value in the unit that the control declares."""
    if is_of_usd(unit):
        return _typed_amount(value, unit, currency or money())
    match unit:
        case "s":
            return duration(value)
        case "per year":
            return percent(value)
        case "fraction":
            return f"{significant(100 * value, 3)}{NO_BREAK}%"
        case "x":
            return ratio(value)
        case "W":
            return f"{significant(value, 3)}{NO_BREAK}W"
        case "requests/day" | "tokens" | "months" | "replicas":
            # 1.2 tokens are not "1": two steps of a slider must not read alike.
            return count(value) if value >= 10 else significant(value, 3)
        case _:
            return significant(value, 3)


def _typed_amount(value: float, unit: str, currency: Money) -> str:
    """An amount for each of something: $3,000 (a month), $0.18 (a kWh), $0.09 (a GB)."""
    if unit in ("USD/month", "USD"):
        return usd(value, currency)
    return f"{currency.sign}{significant(currency.of(value), 3)}"


JOINT: Final = " · "
"""Between a machine and its model, where there is no room for words."""


def short(label: str, characters: int = 23) -> str:
    """A label that fits beside a chart; of a machine with a model something of both is left."""
    if len(label) <= characters:
        return label
    machine, named, model = label.partition(" with ")
    if not named:
        return label[: characters - 1].rstrip() + "…"
    machine, room = machine.partition(" (")[0], characters - len(JOINT)
    for_machine = min(len(machine), max(room // 2, room - len(model)))
    return short(machine, for_machine) + JOINT + short(model, room - for_machine)


def in_sentence(label: str) -> str:
    """A label in the middle of a sentence: "this machine", but "OpenAI 3-small"."""
    generic = "This machine"
    return f"this machine{label.removeprefix(generic)}" if label.startswith(generic) else label


def plain(text: str) -> str:
    """Text made safe for markdown: shown as written, no formula, link, image or emphasis."""
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>#$~|:!" else char for char in text)


def in_figure(text: str) -> str:
    """Text made safe for a label of plotly, which reads a few HTML tags: shown as written."""
    return html.escape(text, quote=False)
