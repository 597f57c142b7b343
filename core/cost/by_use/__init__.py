"""What an API bills for its use.

``api_labour``: People's time around an API: a line of its bill that no price of the provider moves.
``flat_bill``: What an API costs: tokens in a billed unit, and graduated tiers.
``job_days``: How long a one-off job takes at a provider's limits: it sends as much as they let
    through.
``rate_ceiling``: The volume that a provider's rate limits let through, whatever it counts.
``retries``: Calls that fail and are tried again: how many attempts, who is answered, what is
    billed.
``usage_bill``: A bill with all of a price list: retries, free quota, tiers, batch discount, plan,
    minimum, fees.
"""
