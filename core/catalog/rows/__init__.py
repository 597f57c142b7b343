"""The kinds of rows that a catalogue holds; each carries where its numbers come from.

``account_plans``: What a provider asks of an account, and gives it, whichever of its offers are
    used.
``areas``: The area that a cloud's region lies in, by the vendors' own naming of their regions.
``currencies``: Prices in the currency in which they are billed, and the rates that make USD of
    them.
``facts``: What belongs to no offer: cards, processors, models, published rates, assumptions.
``limits``: What an account may send: rate limits by tier, each in the unit in which it is counted.
``offers``: Who sells what: providers, their models and machines, and how an endpoint is spoken to.
``prices``: A dated price in the unit in which it is billed, with its tiers and its source.
``provenance``: The base of every catalogue row, its checked value types, and where a number comes
    from.
``rate_rows``: What somebody published of the speed of embedding on one machine, and what may be
    made of it.
``regions``: Where texts are computed: by default, by option, or unknown. A company's seat is no
    region.
``request_fields``: What an endpoint wants beside the texts: the header of its key, its query,
    fields of its body.
"""
