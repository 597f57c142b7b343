"""What an API bills for its use.

``flat_bill``: What an API costs: tokens in a billed unit, graduated tiers, and the rate limit's
    ceiling.
``retries``: Calls that fail and are tried again: how many attempts, and how many of them are
    billed.
``usage_bill``: A bill with all of a price list: retries, free quota, tiers, batch discount,
    minimum, fees.
"""
