"""A Plotly chart that is redrawn in place, with a volume slider that the finger can drag.

``st.plotly_chart`` makes a new chart for every changed figure, which blocks the browser for
130 to 270 ms. This component keeps one chart and hands Plotly the difference. While the finger
is down the browser itself moves the marker line and reads off the points it was served.

A test of a page runs without the component's JavaScript: `live_chart` then returns the value
of its `VolumeSlider`. To test another volume, set whatever state that value is read from, or
call the slider's ``on_change`` as the browser's event would.
"""

from dashboard.components.live_chart.component import live_chart
from dashboard.components.live_chart.volume import VolumeSlider

__all__ = ["VolumeSlider", "live_chart"]
