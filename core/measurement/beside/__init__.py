"""What was found of an endpoint beside how long its answers took.

``inspection``: What an endpoint does to texts, beyond answering them: asked with texts made for the
    purpose.
``neighbours``: Whether two models found the same neighbours among a run's texts, as it is stored.
``quality_found``: How well models find what one's own queries ask for, as it is stored: no text is
    in it.
``server_metrics``: What a server's own counters say of the time of a run.
"""
