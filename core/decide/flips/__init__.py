"""Which change of one input changes the answer.

``flip_search``: The nearest value at which a decision changes, between a value and a limit.
``flips``: What would change the answer: for each input the nearest value at which another option
    wins.
``turned_inputs``: The scenario's numeric inputs, found by their declarations, to be turned one at a
    time.
"""
