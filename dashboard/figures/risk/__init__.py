"""What the page Risk draws.

``flip_marks``: Each input as a slider with a mark where the answer changes.
``risk_axis``: How often each option is the cheapest, along the volume axis.
``risk_tornado``: The tornado: what each input does to the answer's lead, at either end of its
    range.
"""
