"""How quick a model is on a machine that nobody measured it on.

``batch_law``: The time of a batch from the model's size, the card, the host and the kind of server.
``law_numbers``: What the law's parts were fitted to be.
``measured_batches``: The published and measured batches that the law is fitted to.
``near_rows``: Whether the law of size was fitted to anything like a pair of card and model.
``published_rates``: How many tokens a second one card embeds at full batches: published, or
    predicted by the law.
``stated_range``: How far the law may be off, by how much is known of a pair of card and model.
"""
