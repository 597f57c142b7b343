"""What the page Risk shows and asks.

``flips_panel``: One-way sensitivity analysis: the nearest values of inputs that change the answer.
``long_run_panel``: A million samples behind a button, with progress and a way to stop.
``risk_panel``: The risk page's parts: probabilities, tornado chart, value of information.
``risk_ranges``: The ranges of all inputs, to be changed in place.
``risk_tables``: The risk page's tables: numbers as numbers, units in the headings.
``risk_text``: What could change the answer, in sentences. Every number in them is computed.
"""
