"""The kinds of rows that a catalogue holds; each carries where its numbers come from.

``account_plans``: What a provider asks of an account, and gives it, whichever of its offers are
    used.
``areas``: The area that a cloud's region lies in, by the vendors' own naming of their regions.
``facts``: What belongs to no offer: cards, models, published throughputs and latencies,
    assumptions.
``limits``: What an account may send: rate limits by tier, each in the unit in which it is counted.
``offers``: Who sells what: providers, their API models and their GPUs, and how an endpoint is
    spoken to.
``prices``: A dated price in the unit in which it is billed, with its tiers and its source.
``provenance``: The base of every catalogue row, its checked value types, and where a number comes
    from.
``regions``: Where texts are computed: by default, by option, or unknown. A company's seat is no
    region.
"""
