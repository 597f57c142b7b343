"""What a cost is as a function of the volume, and where two of them meet.

``break_even``: Where two costs meet: every crossing, jump, touch and tie of two piecewise-affine
    functions.
``breakdown``: The lines of a bill.
``checks``: The domain of an argument, checked where it enters: each sentence names field and limit.
``envelope``: The cheapest of many costs at every volume: the lower envelope, limited to who can
    serve.
``piecewise``: Monthly cost as an exact function of the volume in tokens/month: affine pieces and
    stairs.
"""
