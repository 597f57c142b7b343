"""What the runs of the probe draw.

``neighbours_figure``: How many of their nearest texts two models share, text by text.
``quality_figure``: What each candidate finds of a person's own queries: a dot with its interval, a
    row each.
``run_batches``: The time of a request over the number of its texts, one line a length, with the
    fit.
``run_comparison``: How much slower one target is than another, with the interval; zero is no
    difference.
``run_distribution``: How a run's times are spread: the share of requests answered within each time.
``run_gaps``: First calls after silences of several lengths, beside warm ones.
``run_history_figure``: An option's runs over the calendar, to see whether it gets slower.
``run_load``: Rising load: what comes out, and how long it takes, one over the other.
``run_phases``: Where the time of a request goes: the median of each phase, first connections apart.
``run_points``: A run over its schedule: every request a point at the moment when it was due.
"""
