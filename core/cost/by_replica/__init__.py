"""What replicas cost that are rented, bought, or billed by the second.

``autoscaling``: A fleet that follows the load: replicas over the hours of a period, and what they
    cost.
``capital``: Money over time: what a purchase costs a month.
``hosted_bill``: What self-hosting costs: replicas by the month, energy by the token, labour once.
``per_second``: The month's bill of a GPU by the second that comes and goes with the load.
``replicas``: How many replicas a rate needs.
``scale_to_zero``: A GPU billed by the second that stops when idle: what is paid for, and who waits
    for its start.
``spot_and_reserved``: A fleet bought in several ways: on demand, reserved, or spot that may be
    taken away.
"""
