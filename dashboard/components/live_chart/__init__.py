"""How a chart is redrawn in place, with a volume slider that the finger can drag.

``assets``: Serves the component's files, and Plotly's own, from where they are installed.
``component``: The component as a page calls it.
``payload``: What the browser is sent: the figure and the slider, as one JSON document in bytes.
``volume``: The volume slider beside the chart: its limits, and the check of what the browser sends.

``st.plotly_chart`` makes a new chart for every changed figure, which blocks the browser for
130 to 270 ms. This component keeps one chart and hands Plotly the difference. While the finger
is down the browser itself moves the marker line and reads off the points it was served.

A test of a page runs without the component's JavaScript: `live_chart` then returns the value
of its `VolumeSlider`. To test another volume, set whatever state that value is read from, or
call the slider's ``on_change`` as the browser's event would.
"""
