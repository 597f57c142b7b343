"""What a cost is as a function of the volume, and where two of them meet.

``break_even``: Intersections of two piecewise-affine costs: every crossing, jump, touch and tie.
``breakdown``: The lines of a bill.
``checks``: The domain of an argument, checked where it enters: each sentence names field and limit.
``envelope``: The lower envelope of many costs: the cheapest at every volume among those that serve.
``piecewise``: Monthly cost, exactly piecewise affine in tokens/month, plus step functions
    (staircases).
"""
