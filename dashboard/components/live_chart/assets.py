"""Serves the component's files, and Plotly's own, from where they are installed.

Streamlit serves a component's folder only if a ``pyproject.toml`` inside the installed package
declares it, which neither an editable installation nor plotly's package has. Both folders are
therefore declared here, with the call that Streamlit makes for each declaration it finds.
Plotly is so read from its package's own 5 MB file: nothing is copied, nothing comes over a
network, and the browser asks for it once a version.
"""

from pathlib import Path

import plotly
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

COMPONENT = "breakeven.live_chart"
PLOTLY = "breakeven.plotly"
"""Has no page of its own: the chart's JavaScript loads ``plotly.min.js`` from its folder."""


def serve_assets() -> None:
    """Declare both folders to the running server, unless that was done."""
    _serve(COMPONENT, Path(__file__).parent / "assets")
    _serve(PLOTLY, Path(plotly.__file__).parent / "package_data")


def _serve(name: str, folder: Path) -> None:
    manager = get_bidi_component_manager()
    if manager.get_component_path(name) is not None:
        return
    package, part = name.split(".")
    manager.register_from_manifest(
        ComponentManifest(package, "1", [ComponentConfig(part, folder.name)]),
        folder.parent,
    )
