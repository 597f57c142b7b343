"""What replicas cost that are rented, bought, or billed by the second.

``autoscaling``: Autoscaling, a fleet that follows the load: replicas over the hours, and what they
    cost.
``billed_knots``: Volumes between which the billed share of a GPU by the second is nearly straight.
``capital``: Capital recovery: what a purchase costs a month, with interest and resale.
``credit``: A cost less what is given each month: nothing up to a volume, so much less beyond.
``gathered``: Work that can wait on a fleet that follows the load.
``hosted_bill``: What self-hosting costs: replicas by the month, energy by the token, labour once.
``per_second``: The month's bill of a GPU by the second that comes and goes with the load.
``replicas``: How many replicas a rate needs.
``scale_to_zero``: Scale to zero, a GPU by the second that stops when idle: billed share and cold
    starts.
``spot_and_reserved``: A fleet bought in several ways: on demand, reserved, or spot that may be
    taken away.
``waiting_work``: What a GPU by the second costs where some of the work can wait.
"""
