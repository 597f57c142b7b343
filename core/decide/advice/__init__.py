"""Which option is recommended within what is demanded, and why.

``constraints``: What an option must satisfy besides being cheap, and by how much it fails.
``cost_latency_front``: The Pareto front of the feasible options in cost, latency and quality:
    beaten by no other.
``recommend``: What to use now: the cheapest option that satisfies what is demanded; or to stay.
``recommend_result``: What is recommended, why, and what else there is.
"""
