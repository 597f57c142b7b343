"""What a run is made of, as plain values: plan, sample, moments, end.

``any_schedule``: What every schedule has in common: what it sends at most, how long it takes, who
    may wait.
``budget``: Money, seen from the probe: it knows no price, it asks.
``embedder``: What every embedder offers: texts in, vectors out, with the time of every phase.
``ending``: How a run ended.
``limit_search``: How many requests find a limit exactly, between the largest that was taken and
    what was refused.
``probe_plan``: What a run will do, decided before it starts and stored with it.
``retrieval``: A test of what is found: one's own documents and queries, each embedded once by every
    target.
``sample``: One request as it happened: every timestamp is kept, everything else is derived.
``schedules``: When and how a run asks: nine schedules, each a plain value that says what it will
    send.
``server_sweep``: The schedule that measures a server of one's own: batches, limits, more at a
    time, then rates.
``targets``: What a run asks, and what every target answers, whatever its kind: the one door to
    targets.
``timings``: The clock of the probe, and the moments of one request on it.
"""
