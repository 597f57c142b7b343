"""What own replicas cost with an API behind them.

``hybrid_bill``: The cheapest split of every volume between replicas and an API, as one exact cost
    curve.
``least_line``: The lower envelope of many straight lines: the least of them, and where another
    takes over.
``many_hybrid``: Costs of a hybrid in very many scenarios: each with its own best count of replicas.
``vector_space``: Whether two servers give vectors that may stand in one index.
"""
