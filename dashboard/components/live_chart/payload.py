"""What the browser is sent: the figure and the slider, as one JSON document in bytes."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
import plotly

from dashboard.components.live_chart.volume import VolumeSlider
from dashboard.components.shared.toolbar import chart_config


def figure_json(figure: Mapping[str, Any]) -> bytes:
    """Return a figure as JSON; in lists, NaN and infinity become null.

    Columns of floats, which are most of a figure, travel packed in Plotly's own way at single
    precision: a third of the size, and 10,000 times finer than a screen shows. The template is
    left out: the browser puts its own in the place, made of the page's theme, so that a change
    between light and dark needs no answer of the server.

    Raises TypeError for a value that JSON cannot say.
    """
    layout = {name: part for name, part in figure.get("layout", {}).items() if name != "template"}
    return orjson.dumps(
        {"data": [_packed(trace) for trace in figure.get("data", [])], "layout": layout},
        option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS,
        default=_plain,
    )


def payload_json(
    figure: Mapping[str, Any],
    *,
    marker: float | None,
    alt: str,
    height_px: int,
    x_unit: str,
    slider: VolumeSlider | None,
    value: float | None,
    answered: int,
) -> bytes:
    """Return the whole document; ``figure_id`` tells the browser whether to draw again."""
    encoded = figure_json(figure)
    return orjson.dumps(
        {
            "figure": orjson.Fragment(encoded),
            "plotly_version": plotly.__version__,
            "figure_id": hashlib.blake2b(encoded, digest_size=8).hexdigest(),
            "config": chart_config(figure),
            "marker": marker,
            "alt": alt,
            "height_px": height_px,
            "x_unit": x_unit,
            "slider": None if slider is None else _slider_part(slider, value),
            "answered": answered,
        }
    )


def _packed(trace: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _packed_column(value) for name, value in trace.items()}


def _packed_column(value: object) -> object:
    """Pack a column of floats; a gap is NaN there, and so is what single precision cannot say."""
    if not isinstance(value, np.ndarray) or value.ndim != 1 or value.dtype.kind != "f":
        return value
    with np.errstate(over="ignore"):
        single = value.astype("<f4")
    single[~np.isfinite(single)] = np.nan
    return {"dtype": "f4", "bdata": base64.b64encode(single.tobytes()).decode("ascii")}


def _slider_part(slider: VolumeSlider, value: float | None) -> dict[str, object]:
    return {
        "label": slider.label,
        "value": value,
        "low": slider.low,
        "high": slider.high,
        "unit": slider.unit,
        "x_per_unit": slider.x_per_unit,
    }


def _plain(value: object) -> object:
    """Convert what orjson cannot: numpy arrays that are not contiguous, pandas columns, tuples."""
    tolist = getattr(value, "tolist", None)
    if tolist is None:
        raise TypeError(f"A figure cannot hold a {type(value).__name__}.")
    return tolist()
