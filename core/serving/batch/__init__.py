"""How long a batch takes, and how many tokens a second that is.

``batch_fit``: The three times of a batch fitted to measured batches, with how well they fit.
``batch_noise``: Batch times that vary from batch to batch on a machine that others use too.
``batch_time``: How long a batch takes: a start, a floor, and the work of its tokens.
``month_capacity``: What one replica carries: busy-hour load within the objective, and the month's
    volume.
``physics``: What a token costs a GPU in arithmetic, and what a card can do at most.
"""
