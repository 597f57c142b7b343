"""How quick, how hungry and how large: what a sweep measures of an engine.

``memory_limit``: The largest batch that fits into memory, by doubling, without an out-of-memory
    kill.
``peaks``: What this device can do at most, measured on the spot: products of large matrices, large
    copies.
``power``: Watts while an engine works: from the GPU's driver or the processor's own counters.
``timing``: How long an engine takes for a batch: warm, repeated until nothing quicker comes any
    more.
"""
