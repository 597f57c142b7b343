"""Prices, cards, models, throughputs and assumptions: dated, sourced, never overwritten.

``account_plans``: What a provider asks of an account, and gives it, whichever of its offers are
    used.
``complaints``: Validation errors of pydantic as sentences: which row, which field, what is wrong,
    the mend.
``device_card``: Which card of the catalogue a device is, by the name that its driver gives it.
``facts``: What belongs to no offer: cards, models, published throughputs and latencies,
    assumptions.
``load``: Read the catalogue's TOML files into one checked, immutable Catalog.
``offers``: Who sells what: providers, their API models and their GPUs, and how an endpoint is
    spoken to.
``prices``: A dated price in the unit in which it is billed, with its tiers and its source.
``provenance``: The base of every catalogue row, its checked value types, and where a number comes
    from.
``references``: What one row alone cannot show: ids are unique, and every reference points at
    something.
``schema``: The whole catalogue and its look-ups; the types of its rows come from the modules
    beside.
"""
