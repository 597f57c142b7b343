"""`--fail-if "p95 > 300ms"`: a name, an operator, a number with its unit, and nothing else.

Light on purpose: a typing error is said before anything else is imported or sent.
"""

import operator
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from core.errors import RunError

ALIKE: Final = frozenset({"open_loop", "closed_loop", "paired", "cold_start"})
"""Kinds of schedule whose requests are one load, so that they have percentiles."""
LOOPS: Final = frozenset({"open_loop", "closed_loop"})
RISING: Final = frozenset({"ramp", "concurrency"})
ANY: Final = ALIKE | RISING | {"batches"}

TIMES: Final = MappingProxyType({"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0})
"""Units of a time, in seconds."""
UNITS: Final[Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {"time": TIMES, "share": {"%": 0.01}, "rate": {"/s": 1.0}}
)
OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = MappingProxyType(
    {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt}
)
_FORM: Final = re.compile(r"\s*([A-Za-z]\w*)\s*(>=|<=|>|<)\s*(\d+(?:\.\d+)?)\s*(\S*)\s*")
MOST_REPEATED: Final = 60
"""So many characters of what was typed are repeated."""


@dataclass(frozen=True, slots=True)
class Metric:
    """Something that a run measures."""

    unit: str
    """A key of UNITS."""
    measured_by: frozenset[str]
    """Kinds of schedule."""
    needs: str = ""
    """A further flag without which it means nothing."""


METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {
        **{name: Metric("time", ALIKE) for name in ("p50", "p95", "p99")},
        **{f"service_{name}": Metric("time", ALIKE) for name in ("p50", "p95")},
        **{f"first_byte_{name}": Metric("time", ALIKE) for name in ("p50", "p95")},
        "cold_start": Metric("time", ANY),
        "errors": Metric("share", ANY),
        "answers": Metric("rate", LOOPS),
        "goodput": Metric("rate", LOOPS | RISING, needs="--slo"),
        "capacity": Metric("rate", RISING),
        "tokens": Metric("rate", LOOPS | {"batches"}),
        "slower": Metric("share", LOOPS, needs="--compare-with"),
    }
)
"""Each as docs/scheduled-probe.md explains it."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What fails a run: its metric beyond a bound."""

    text: str
    """As it was typed, without needless blanks."""
    metric: str
    sign: str
    bound: float
    """Seconds, a share, or a number a second."""

    def broken_by(self, value: float) -> bool:
        """Whether a value fails the run."""
        return OPERATORS[self.sign](value, self.bound)


def limits_of(typed: Collection[str]) -> tuple[Limit, ...]:
    """Every typed limit. Raises RunError for one that is none, with what it may be."""
    return tuple(_limit(text) for text in typed)


def refuse_unmeasured(limits: Collection[Limit], kind: str, given: Collection[str]) -> None:
    """Raise RunError for a limit on what this run will not measure.

    ``kind``: of its schedule; ``given``: flags that were typed, as ``--slo``.
    """
    for limit in limits:
        metric = METRICS[limit.metric]
        if kind not in metric.measured_by:
            ways = " and ".join(sorted(metric.measured_by))
            raise RunError(
                f"--fail-if {limit.text}: a run of kind {kind} does not measure {limit.metric}; "
                f"{ways} do."
            )
        if metric.needs and metric.needs not in given:
            raise RunError(
                f"--fail-if {limit.text}: {limit.metric} needs {metric.needs} beside it."
            )


def _limit(text: str) -> Limit:
    shown = " ".join(text.split())[:MOST_REPEATED]
    match = _FORM.fullmatch(text)
    if match is None:
        raise RunError(
            f"--fail-if {shown!r} is no limit: write a name, one of > >= < <=, and a number with "
            "its unit, such as 'p95 > 300ms' or 'errors > 1%'."
        )
    name, sign, number, unit = match.groups()
    if name not in METRICS:
        raise RunError(
            f"--fail-if {shown!r}: there is no {name!r}. There are {', '.join(METRICS)}."
        )
    units = UNITS[METRICS[name].unit]
    if unit not in units:
        known = " or ".join(units)
        raise RunError(f"--fail-if {shown!r}: write {name} in {known}, such as {name} {sign} "
                       f"{number}{next(iter(units))}.")  # fmt: skip
    return Limit(f"{name} {sign} {number}{unit}", name, sign, float(number) * units[unit])
