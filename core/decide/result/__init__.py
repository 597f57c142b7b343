"""What the answers are made of: plain frozen values that pages and figures read.

``belief``: One input that is not known for certain, with its range, its law and where those are
    from.
``curves``: Costs over the volume: curves, crossings, break-evens, and who is the cheapest where.
``day_result``: What is said of a day of one's own replicas: plain frozen values that pages and
    figures read.
``limit_used``: The rate limit that an API is held to, as it is shown and said.
``obstacle``: What stands in an option's way, by its kind, and whether a run's failures do.
``option``: An option as it is compared: its bill, and every figure that the bill rests on.
``plan_result``: What the plan page reads: months, steps with their triggers and costs, and the
    alternatives.
``replica_used``: A replica as it is used: its batch times, its queue, and what it carries.
``risk_result``: What the risk page reads: chances, bands, and what it is worth to know.
``snapshot``: The answer at one volume: every option's row, and the verdict.
``unknown``: What nobody knows of an option, and the demand could break: not "fine", and not "out"
    either.
"""
