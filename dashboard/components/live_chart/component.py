"""The component as a page calls it."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.components.live_chart.assets import COMPONENT, serve_assets
from dashboard.components.live_chart.payload import payload_json
from dashboard.components.live_chart.volume import Move, VolumeSlider

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer


def live_chart(
    figure: Mapping[str, Any],
    *,
    marker: float | None,
    alt: str,
    height: int,
    key: str,
    slider: VolumeSlider | None = None,
    x_unit: str = "tokens/month",
) -> float | None:
    """Draw a figure in place and return the slider's value, in its unit; None without one.

    ``figure`` is a Plotly figure as a mapping of ``data`` and ``layout``; a colour written
    ``var(--st-...)`` is the theme's. ``marker`` is the x of a vertical line, in the axis's own
    unit, which ``x_unit`` names. ``alt`` says what the chart shows to who cannot see it.
    ``height`` is in pixels. ``key`` names the chart: the same key, the same chart. What
    ``layout.meta.narrow`` holds takes the place of the layout's own on a telephone.

    Call it inside an ``st.fragment`` to have a drag rerun that fragment alone.
    Raises TypeError if the figure holds a value that JSON cannot say.
    """
    move = _last_move(key)
    value = None if slider is None else _value(slider, move)
    serve_assets()
    _renderer()(
        key=key,
        data=payload_json(
            figure,
            marker=marker,
            alt=alt,
            height_px=height,
            x_unit=x_unit,
            slider=slider,
            value=value,
            answered=0 if move is None else move.turn,
        ),
        on_volume_change=lambda: _tell(slider, key),
    )
    return value


@cache
def _renderer() -> "ComponentRenderer":
    return st.components.v2.component(
        COMPONENT,
        html=_SKELETON,
        css="live_chart.css",
        js="live_chart.js",
        # Plotly keeps its own style sheet in the document, out of a shadow root's reach.
        isolate_styles=False,
    )


def _last_move(key: str) -> Move | None:
    """Read the component's own state, which exists only in the session's state."""
    return Move.read(st.session_state.get(key) or {})


def _value(slider: VolumeSlider, move: Move | None) -> float:
    owned_by_caller = slider.on_change is not None
    return slider.clamped(slider.value if move is None or owned_by_caller else move.value)


def _tell(slider: VolumeSlider | None, key: str) -> None:
    move = _last_move(key)
    if slider is None or move is None:
        return
    value = slider.clamped(move.value)
    if slider.on_change is not None:
        slider.on_change(value)
    if move.released and slider.on_release is not None:
        slider.on_release(value)


_SKELETON = """
<section class="live-chart">
  <div class="live-chart__slider" hidden>
    <label class="live-chart__label"></label>
    <output class="live-chart__value" aria-hidden="true"></output>
    <input type="range" min="0" step="1">
  </div>
  <div class="live-chart__figure">
    <div class="live-chart__plot"></div>
    <div class="live-chart__marker" aria-hidden="true" hidden><span></span></div>
    <div class="live-chart__readout" aria-hidden="true" hidden></div>
    <p class="live-chart__message" role="status"></p>
  </div>
  <p class="live-chart__spoken"></p>
</section>
"""
