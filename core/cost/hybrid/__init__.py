"""What own replicas cost with an API behind them.

``hours_by_load``: The hours of the month by their load, and what of it exceeds a capacity.
``hybrid_bill``: The cheapest split of every volume between replicas and an API.
``least_line``: The lower envelope of many straight lines: the least of them, and where another
    takes over.
``split_cost``: What a split between so many replicas and an API costs, for many volumes at once.
``split_curve``: The cheapest split of every volume as pieces of straight cost.
``split_edges``: The volumes at which the cost of a split may bend, jump or change its count.
``split_terms``: What a split depends on, whatever the volume: costs, capacity, load and limits.
``vector_space``: Whether two servers give vectors that may stand in one index.
"""
