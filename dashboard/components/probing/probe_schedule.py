"""The part of the probe's form that says how to ask: mode, sample size, pace."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.measurement.latency import LatencySummary
from core.probe.records.probe_plan import LEAST_NEIGHBOUR_TEXTS, Precision, Schedule
from dashboard import formats
from dashboard.resources import plans

MOST_NEIGHBOURS: Final = 100
USUAL_NEIGHBOURS: Final = 10
TEXTS_FOR_ONE_NEIGHBOUR: Final = 5
REQUESTS_FOR_INTERVAL: Final = 72
"""Measured requests from which a p95 has an upper bound."""

PRECISIONS: Final[Mapping[str, float | None]] = {
    "as many as I say": None,
    "p95 within 20 %": 1.2,
    "p95 within 10 %": 1.1,
    "p95 within 5 %": 1.05,
}


class Mode(StrEnum):
    """How to ask, as the form names it; the name of a member is the schedule's kind."""

    open_loop = "Latency under a steady load (open loop)"
    closed_loop = "Latency one after another (closed loop)"
    paired = "Compare providers in random pairs"
    batches = "Batch sizes: fixed, per text, per token"
    concurrency = "More and more at a time (concurrency)"
    ramp = "Higher and higher rate, until it is too much"
    cold_start = "Cold start after silence"


EXPLAINED: Final[Mapping[Mode, str]] = {
    Mode.open_loop: "Requests leave at times drawn beforehand, whatever becomes of those before: "
    "what users would feel, stalls included.",
    Mode.closed_loop: "Each worker waits for its answer before it asks again. This cannot see "
    "stalls: while the endpoint stands still, nobody asks it.",
    Mode.paired: "The same texts to every target at nearly the same time, in random order, so that "
    "a drift of the network meets all of them alike.",
    Mode.batches: "One request at a time, of every size and length in random order. The fit says "
    "what a request costs whatever is in it, and what a text and a token add.",
    Mode.concurrency: "Closed loops of more and more workers: where more at a time bring no more.",
    Mode.ramp: "Open loops of rising rate. It stops where the endpoint falls behind, or at the "
    "first sign of the provider's rate limit.",
    Mode.cold_start: "Silence of a chosen length, one call, then warm ones: after which silence is "
    "the first call slower? It takes as long as the silences.",
}


@dataclass(frozen=True, slots=True)
class Asking:
    """What this part of the form says."""

    schedule: Schedule
    timeout_s: float
    stop_at: Precision | None = None


def mode_choice() -> Mode:
    """The choice of a mode, with a sentence on it."""
    mode = st.selectbox(
        "What to measure", list(Mode), format_func=lambda one: one.value, key="probe/mode"
    )
    mode = mode or Mode.open_loop
    st.caption(EXPLAINED[mode])
    return mode


def asking(mode: Mode, *, local: bool, last: LatencySummary | None) -> Asking:
    """The mode's own fields. Raises RunError for numbers that cannot be."""
    if mode in {Mode.open_loop, Mode.closed_loop}:
        return _sized(mode, local=local, last=last)
    values = _FIELDS[mode]()
    return Asking(plans.make_schedule(mode.name, values), _timeout(None))


def neighbours_choice(texts: Sequence[str]) -> int | None:
    """How many nearest texts a comparison compares; None: it does not."""
    different = len(set(texts))
    most = min(MOST_NEIGHBOURS, different - 2)
    few = different < LEAST_NEIGHBOUR_TEXTS
    wanted = st.checkbox(
        "Also compare which texts are near which",
        disabled=few,
        key="probe/neighbours",
        help=f"At least {LEAST_NEIGHBOUR_TEXTS} different texts are needed."
        if few
        else "Whether a search would find the same with either model: after the run every text is "
        "embedded once more by each.",
    )
    if few or not wanted:
        return None
    # Of few texts many would be near each other by chance.
    usual = min(USUAL_NEIGHBOURS, max(1, different // TEXTS_FOR_ONE_NEIGHBOUR))
    return int(st.number_input("Nearest texts", 1, most, usual, key="probe/nearest"))


def _sized(mode: Mode, *, local: bool, last: LatencySummary | None) -> Asking:
    """A sample of a stated size, or of the size that a precision needs."""
    wish = st.segmented_control(
        "Sample size",
        list(PRECISIONS),
        default=next(iter(PRECISIONS)),
        required=True,
        key="probe/precision",
    )
    factor = PRECISIONS[wish]
    left, middle, right = st.columns(3)
    requests = _requests(left) if factor is None else _expected(left, factor, last)
    values: dict[str, object] = {"requests": requests}
    if mode is Mode.open_loop:
        values["rate_per_s"] = _rate(middle, local=local)
    else:
        values["workers"] = middle.number_input("At a time", 1, 256, 1, key="probe/workers")
    schedule = plans.make_schedule(mode.name, values)
    return Asking(schedule, _timeout(right), plans.precision(factor))


def _requests(place: DeltaGenerator) -> int:
    return int(
        place.number_input(
            "Requests",
            1,
            10_000,
            80,
            key="probe/requests",
            help=f"{REQUESTS_FOR_INTERVAL} are needed for a p95 with an upper bound.",
        )
    )


def _expected(place: DeltaGenerator, factor: float, last: LatencySummary | None) -> int:
    """The number that a precision needs; the run stops by itself once it is there."""
    expected = plans.requests_for(factor, last)
    most = plans.at_most(expected)
    basis = "the spread of its last run" if last is not None else "a usual spread"
    place.caption("Requests")
    place.markdown(
        f"about **{formats.count(expected)}**, at most {formats.count(most)}",
        help=f"By {basis}. The run stops at the first look at which the interval is as narrow as "
        "wanted: at 100 requests, 150, 225 and so on.",
    )
    return most


def _rate(place: DeltaGenerator, *, local: bool) -> float:
    return float(
        place.number_input(
            "Requests per second",
            0.1,
            1_000.0,
            4.0 if local else 8.0,
            step=1.0,
            format="%.4g",
            key=f"probe/rate/{'local' if local else 'api'}",
            help="They are sent on a schedule, whether or not the answers keep up.",
        )
    )


def _timeout(place: DeltaGenerator | None) -> float:
    return float(
        (place or st.container()).number_input(
            "Timeout (s)", 0.1, 600.0, 30.0, step=5.0, format="%.4g", key="probe/timeout"
        )
    )


def _paired() -> dict[str, object]:
    left, right = st.columns(2)
    pairs = left.number_input("Pairs", 6, 5_000, 100, key="probe/pairs")
    rate = right.number_input(
        "Pairs per second", 0.1, 500.0, 4.0, step=1.0, format="%.4g", key="probe/pair-rate"
    )
    return {"pairs": int(pairs), "rate_per_s": float(rate)}


def _batches() -> dict[str, object]:
    left, middle, right = st.columns(3)
    sizes = left.text_input("Texts in a request", "1, 4, 16, 64", key="probe/sizes")
    lengths = middle.text_input(
        "Characters of a text",
        "60, 600",
        key="probe/lengths",
        help="Texts are cut or repeated to these lengths; empty: as they are.",
    )
    repeats = right.number_input("Times each", 1, 100, 5, key="probe/repeats")
    return {
        "sizes": plans.whole_numbers(sizes, "The numbers of texts"),
        "characters": plans.whole_numbers(lengths, "The lengths", least=0),
        "repeats": int(repeats),
    }


def _concurrency() -> dict[str, object]:
    left, right = st.columns(2)
    workers = left.text_input("At a time", "1, 2, 4, 8, 16", key="probe/steps")
    requests = right.number_input("Requests of each step", 1, 2_000, 80, key="probe/step-requests")
    found = plans.whole_numbers(workers, "The numbers at a time")
    return {"workers": found, "requests": int(requests)}


def _ramp() -> dict[str, object]:
    left, right = st.columns(2)
    rates = left.text_input("Requests per second", "1, 2, 4, 8, 16, 32", key="probe/rates")
    step_s = right.number_input(
        "Seconds of each rate", 0.5, 600.0, 10.0, step=5.0, format="%.4g", key="probe/step-s"
    )
    return {"rates_per_s": plans.numbers(rates, "The rates"), "step_s": float(step_s)}


def _cold_start() -> dict[str, object]:
    left, right = st.columns(2)
    gaps = left.text_input("Silences (s)", "1, 10, 60", key="probe/gaps")
    repeats = right.number_input("Times each", 1, 50, 3, key="probe/gap-repeats")
    return {"gaps_s": plans.numbers(gaps, "The silences"), "repeats": int(repeats)}


_FIELDS: Final[Mapping[Mode, Callable[[], dict[str, object]]]] = {
    Mode.paired: _paired,
    Mode.batches: _batches,
    Mode.concurrency: _concurrency,
    Mode.ramp: _ramp,
    Mode.cold_start: _cold_start,
}
