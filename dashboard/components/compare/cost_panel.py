"""The break-even chart with the volume slider, its switch and the table behind it."""

from typing import Final

import pandas as pd
import streamlit as st

from core.decide.result.curves import Curves
from core.decide.result.risk_result import Axis
from core.decide.result.snapshot import Snapshot
from core.scenario import Scenario
from dashboard import formats
from dashboard.components.compare.verdict_text import never_ahead
from dashboard.components.live_chart.component import live_chart
from dashboard.components.live_chart.volume import VolumeSlider
from dashboard.components.shared.scheme import colours
from dashboard.figures.compare.cost_figure import CostView, View, cost_figure, with_horizon
from dashboard.figures.compare.cost_view import CostBand
from dashboard.figures.compare.crossings import Mark, describe, marks
from dashboard.state import session
from dashboard.state.inputs import INPUTS

HEIGHT_PX: Final = 284
VIEWS: Final[dict[str, View]] = {"USD per month": "month", "USD per 1M tokens": "mtok"}
KEY: Final = (
    "Solid: an API. Long dashes: billed by the second. Dashes with dots: self-hosted, in steps of "
    "whole replicas. Dotted: a volume that the option cannot serve. A vertical tick: an API's "
    "entry rate limit, met in the busy hour. A filled point: the option that costs "
    "least on average changes. A "
    "ring: self-hosted breaks even with the cheapest API, or costs more again. Shaded: where 9 of "
    "10 samples lie, of the options that the verdict speaks of."
)
"""How to read the lines."""
DRAGGING: Final = "compare/dragging"


def cost_panel(curves: Curves, snapshot: Snapshot, scenario: Scenario, axis: Axis) -> None:
    """Cost over volume, where the lines meet, how sure they are, and the user's own volume."""
    crossings = marks(curves, snapshot.verdict)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown("**Cost over volume**", width="stretch", help=KEY)
        view = _view()
        _crossing_table(crossings, tuple(never_ahead(curves, snapshot.verdict)))
    look = CostView(
        view=view,
        palette=colours(),
        height_px=HEIGHT_PX,
        marks=crossings,
        emphasised=emphasised(snapshot),
        bands=_bands(axis),
    )
    figure = with_horizon(cost_figure(curves, snapshot, look), snapshot, look.palette)
    live_chart(
        figure,
        marker=snapshot.tokens_per_month,
        alt=alt_text(snapshot, crossings),
        height=HEIGHT_PX,
        key="compare/cost",
        slider=_slider(scenario),
    )


def _view() -> View:
    """A month, or a million tokens: a control of its own for each currency that it names."""
    money = formats.money()
    views = {money.named(name): view for name, view in VIEWS.items()}
    choice = st.segmented_control(
        "Unit of cost",
        options=list(views),
        default=next(iter(views)),
        required=True,
        key="compare/view" if money.rate is None else f"compare/view/{money.code}",
        label_visibility="collapsed",
    )
    return views[choice or next(iter(views))]


def _bands(axis: Axis) -> tuple[CostBand, ...]:
    return tuple(
        CostBand(option_id, axis.tokens_per_month, band.low, band.high)
        for option_id, band in zip(axis.option_ids, axis.bands, strict=True)
    )


def emphasised(snapshot: Snapshot) -> frozenset[str]:
    """The options that the verdict speaks of."""
    verdict = snapshot.verdict
    named = {row.option.id for row in (verdict.winner, verdict.self_hosted) if row is not None}
    if verdict.break_even is not None:
        named.add(verdict.break_even.incumbent_id)
    return frozenset(named)


def is_dragging() -> bool:
    """Whether the finger is on the volume slider: the URL waits until it is lifted."""
    return session.get(DRAGGING, default=False)


def _slider(scenario: Scenario) -> VolumeSlider:
    entry = INPUTS["q"]
    load = scenario.workload
    return VolumeSlider(
        label=entry.knob.label,
        value=load.requests_per_day,
        low=entry.low,
        high=entry.high,
        unit=entry.knob.unit,
        x_per_unit=scenario.tokens_per_month / load.requests_per_day,
        on_change=_moved,
        on_release=_released,
    )


def _released(_requests_per_day: float) -> None:
    session.put(DRAGGING, value=False)


def _moved(requests_per_day: float) -> None:
    session.put(DRAGGING, value=True)
    session.set_number("q", float(f"{requests_per_day:.3g}"))


def alt_text(snapshot: Snapshot, crossings: tuple[Mark, ...]) -> str:
    """What the chart shows, for who cannot see it."""
    priced = [row for row in snapshot.rows if row.usd_per_month is not None]
    costs = "; ".join(
        f"{row.option.label} {formats.usd_per_month(row.usd_per_month)}" for row in priced
    )
    meetings = "; ".join(describe(mark) for mark in crossings) or "none"
    return (
        "Monthly cost over tokens per month, one line an option. At your "
        f"{formats.tokens_per_month(snapshot.tokens_per_month)}: {costs}. Crossings: {meetings}."
    )


def _crossing_table(crossings: tuple[Mark, ...], never: tuple[str, ...]) -> None:
    label = "1 crossing" if len(crossings) == 1 else f"{len(crossings)} crossings"
    with st.popover(label, icon=":material/table_rows:", type="tertiary"):
        if never:
            st.markdown("\n".join(f"- {formats.plain(sentence)}" for sentence in never))
        if not crossings:
            st.markdown("No break-even and no change of the cheapest option.")
            return
        st.dataframe(
            pd.DataFrame(
                {
                    "Volume": [
                        formats.tokens_per_month(mark.tokens_per_month) for mark in crossings
                    ],
                    "Cost": [formats.usd_per_month(mark.usd_per_month) for mark in crossings],
                    "What happens": [mark.text for mark in crossings],
                    "How": [mark.how for mark in crossings],
                }
            ),
            hide_index=True,
            alt="Every crossing marked on the chart, with volume and cost.",
        )
