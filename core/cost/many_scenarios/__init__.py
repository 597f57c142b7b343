"""What all options cost in many drawn scenarios at once, and which draw matters.

``laws``: Laws of what is not known for certain: each turns an even draw from 0 to 1 into a value.
``many``: Costs of many options in very many scenarios at once, with steps, spares, tiers and
    minimums.
``sobol``: How much of a result's variance an input has a part in, alone or with others: total
    indices.
``value_of_information``: What it is worth to know: the expected loss of deciding before the facts
    are in.
"""
