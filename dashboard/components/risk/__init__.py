"""What the page Risk shows and asks.

``flips_panel``: What would change my mind: looked for input by input, with progress, and kept.
``long_run_panel``: A million samples behind a button, with progress and a way to stop.
``risk_panel``: The risk page's parts: the answer's odds, the tornado, the worth of knowing.
``risk_ranges``: The ranges of all inputs, to be changed in place.
``risk_tables``: The risk page's tables: numbers as numbers, units in the headings.
``risk_text``: What could change the answer, in sentences. Every number in them is computed.
"""
