"""How the question is asked beside every page.

``account_tiers``: The account at each provider: its tier, or its own limit, which decides what it
    can serve.
``already_yours``: What is one's own: cards and machines by number, and discounts by provider.
``currency_picker``: In which currency amounts are shown, at what rate, of which day, and what stays
    in USD.
``demand_controls``: Controls of the demands that are no plain number and no list of words.
``document_controls``: The one control of the documents that is no number: what may embed them.
``flip_captions``: The values at which the answer changes, marked at the controls that turn them.
``machine_picker``: A machine with a model of its own, added to the options: first the machine, then
    the model.
``sidebar_controls``: The controls: each is made from its declaration in the scenario, none is
    described twice.
"""
