"""What the samples of a server's sweep say, before they are put together.

``between_limits``: Where a server's limit lies: between what it took and what it refused, halved
    on the way.
``server_clock``: What of an answer's time is the server's: by its own word, or ours without the
    round trip.
``server_limits``: How large a request a server takes: what it refused for its size, and what takes
    too long.
``server_loads``: How much a server answers at once: what came out of more workers, and within the
    objective.
"""
