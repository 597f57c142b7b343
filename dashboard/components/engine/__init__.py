"""What the local engine's section shows and asks.

``engine_form``: The form behind "Measure this machine": which model and engine, and for which load.
``engine_section``: The local engine on the page Latency: measure this machine, and what was found.
``engine_tables``: The numbers of a sweep as tables, units in the names of their columns.
``engine_text``: A sweep in words: what it found, how sure it is, and what limits the prediction.
"""
