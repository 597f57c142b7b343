"""What is drawn, as plain data: one function a figure, no page.

``base/``: What figures share: axes, colours, frames, labels.
``compare/``: What the first screen draws.
``engine/``: What a sweep of the local engine, or of a server, draws.
``job/``: Figures of a one-off job.
``plan/``: What the page Plan draws.
``prices/``: What the page Prices draws.
``risk/``: What the page Risk draws.
``runs/``: What the runs of the probe draw.
"""
