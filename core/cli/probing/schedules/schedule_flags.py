"""The schedule that was typed: a way to ask, and what more was said of it."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from core.cli.probing.schedules.flag_conflicts import Typed
from core.cli.probing.schedules.number_lists import flag, numbers, rates_of, whole_numbers
from core.errors import RunError
from core.probe.records.schedules import (
    BatchSweep,
    ClosedLoop,
    ColdStart,
    ConcurrencySweep,
    OpenLoop,
    Paired,
    Ramp,
    Schedule,
)
from core.refusals import first_fault


def schedule_of(typed: Typed) -> Schedule:
    """The schedule that was typed; an open loop where none was. Raises RunError by its flag."""
    for name, make in _MAKE.items():
        if name in typed:
            try:
                return make(typed)
            except ValidationError as error:
                raise RunError(f"{flag(name)}: {_reason(error)}.") from None
    return OpenLoop(**_renamed(typed, requests="requests", rate="rate_per_s", arrivals="arrivals"))


def _ramp(typed: Typed) -> Ramp:
    more = _renamed(typed, step_s="step_s", arrivals="arrivals")
    return Ramp(rates_per_s=rates_of(typed["ramp"]), **more)


def _batches(typed: Typed) -> BatchSweep:
    more = _renamed(typed, repeats="repeats")
    if "characters" in typed:
        lengths = whole_numbers("characters", typed["characters"])
        more["characters"] = () if lengths == (0,) else lengths
    return BatchSweep(sizes=whole_numbers("batches", typed["batches"]), **more)


def _workers(typed: Typed) -> ClosedLoop | ConcurrencySweep:
    """One number: a closed loop of so many. Several: one after the other."""
    more = _renamed(typed, requests="requests")
    workers = whole_numbers("concurrency", typed["concurrency"])
    if len(workers) == 1:
        return ClosedLoop(workers=workers[0], **more)
    return ConcurrencySweep(workers=workers, **more)


def _silences(typed: Typed) -> ColdStart:
    return ColdStart(gaps_s=numbers("cold", typed["cold"]), **_renamed(typed, repeats="repeats"))


def _pairs(typed: Typed) -> Paired:
    # The default of --requests: a comparison asks as often as a run of one target.
    more = {"pairs": OpenLoop().requests, "rate_per_s": OpenLoop().rate_per_s}
    return Paired(
        **more | _renamed(typed, requests="pairs", rate="rate_per_s", arrivals="arrivals")
    )


_MAKE: Final[Mapping[str, Callable[[Typed], Schedule]]] = MappingProxyType(
    {
        "ramp": _ramp,
        "batches": _batches,
        "concurrency": _workers,
        "cold": _silences,
        "against": _pairs,
    }
)


def _renamed(typed: Typed, **names: str) -> dict[str, Any]:
    return {field: typed[name] for name, field in names.items() if name in typed}


def _reason(error: ValidationError) -> str:
    """The fault without the place in a model that nobody has typed."""
    return first_fault(error).partition(": ")[2] or first_fault(error)
