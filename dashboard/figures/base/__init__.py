"""What figures share: axes, colours, frames, labels.

``axes``: Logarithmic axes whose ticks are read as words: 100 M, 1 B; $10, $1,000; 10 ms, 1 s.
``frame``: Figures as plain mappings, and the quick way to plotly's own type.
``palette``: Colours of the figures in both schemes, told apart by colour-blind readers too.
``run_layout``: What the figures of a run share: frame, legend, axes, marks with intervals.
``spread``: Keeps labels beside a chart from lying on each other.
``time_axis``: A logarithmic axis of time whose ticks stay readable over a narrow range: 1, 2, 5, 10
    ms.
"""
