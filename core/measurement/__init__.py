"""What was measured, where, on what: shared by decide, store and probe.

``beside/``: What was found of an endpoint beside how long its answers took.
``estimate``: A percentile with how far it can be trusted.
``failures``: How far a run's share of failures can be trusted, and how many requests would say
    more.
``latency``: One run in numbers, and the option that it belongs to.
``measured``: A finished run as the model reads it: whose it is, when, its numbers.
``report``: What a run found beyond its percentiles: curves, a comparison, shares, bounds.
``server_fit``: A server's sweep as the fit that the model reads: one replica of it, with its
    workers.
``server_found``: What a sweep of a server over the network found: batches, fit, workers, loads,
    limits.
``sweep``: What a sweep of the local engine finds: the fit, the shapes, the capacity, the checks.
"""
