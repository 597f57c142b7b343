"""What was measured, where, on what: shared by decide, store and probe.

``beside/``: What was found of an endpoint beside how long its answers took.
``estimate``: A percentile with how far it can be trusted.
``failures``: How far a run's share of failures can be trusted, and how many requests would say
    more.
``latency``: One run in numbers, and the option that it belongs to.
``machines_behind``: How many machines answer behind one address: asked in the same words
    everywhere.
``measured``: A finished run as the model reads it: whose it is, when, its numbers.
``report``: What a run found beyond its percentiles: curves, a comparison, shares, bounds.
``seen_load``: One rate at which a swept server was tried: what it says of a latency objective.
``server_fit``: A server's sweep as the fit that the model reads: one machine of it, with its
    workers.
``server_found``: What a sweep of a server over the network found: batches, fit, workers, loads,
    limits.
``sweep``: What a sweep of the local engine finds: the fit, the shapes, the capacity, the checks.
"""
