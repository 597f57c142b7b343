"""What all options cost in many drawn scenarios at once, and which draw matters.

``laws``: Laws of what is not known for certain: each turns a uniform draw from 0 to 1 into a value.
``many``: Costs of many options in very many scenarios at once, with steps, spares, tiers and
    minimums.
``sobol``: Total Sobol indices: how much of a result's variance an input has a part in.
``value_of_information``: Value of information (EVPI, EVPPI): the expected loss of deciding before
    one knows.
"""
