"""What was found of an endpoint beside how long its answers took.

``inspection``: What an endpoint does to texts, beyond answering them: asked with texts made for the
    purpose.
``neighbours``: Whether two models found the same neighbours among a run's texts, as it is stored.
``server_metrics``: What a server's own counters say of the time of a run.
"""
