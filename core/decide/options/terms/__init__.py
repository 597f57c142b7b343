"""What an offer asks and gives for the scenario's texts: terms that several kinds of option share.

``account``: What an account is given and asked for by its provider, in the units of one offer.
``billed_seconds``: Seconds of compute that a text is billed, where that is how an API is paid.
``least_limit``: The lowest rate limit that any provider publishes: above it an unknown one matters.
``rate_limit``: The rate limit that an API is held to: the chosen tier's, else a new paying
    account's.
``remarks``: The short remarks that stand beside an option.
``usage``: The bill of an API offer for the scenario's texts: unit, retries, tiers, batch price,
    fees.
"""
