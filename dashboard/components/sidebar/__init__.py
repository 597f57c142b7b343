"""How the question is asked beside every page.

``account_tiers``: The tier of the account at each provider: what its rate limit goes by.
``currency_picker``: In which currency amounts are shown, at what rate, of which day, and what stays
    in USD.
``flip_captions``: The values at which the answer changes, marked at the controls that turn them.
``machine_picker``: A machine with a model of its own, added to the options.
``sidebar_controls``: The controls: each is made from its declaration in the scenario, none is
    described twice.
"""
