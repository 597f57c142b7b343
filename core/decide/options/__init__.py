"""What the chosen ids are as options, each with its bill.

``account``: What an account is given and asked for by its provider, in the units of one offer.
``api_option``: An option that is paid by use: an API, by the token, character, request or second.
``api_share``: How much of the texts of a hybrid its API may take.
``billed_seconds``: Seconds of compute that a text is billed, where that is how an API is paid.
``hosted_option``: An option that is paid by the replica: a rented GPU, a bought card, this
    computer.
``hybrid_option``: Replicas for the base load and an API with the same vectors for the rest.
``machine``: What the kinds of hosted option have in common: from a machine to an option.
``options``: From a scenario's option ids to options with the bills that their curves rest on.
``per_second_bill``: A GPU by the second that stops when idle, before the scenario's load.
``place``: Whether an option computes where that is demanded, and who says so.
``rate_limit``: The rate limit that an API is held to: the chosen tier's, else a new paying
    account's.
``remarks``: The short remarks that stand beside an option.
``usage``: The bill of an API offer for the scenario's texts: unit, retries, tiers, batch price,
    fees.
"""
