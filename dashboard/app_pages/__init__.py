"""Which pages there are: a file each, no logic of its own.

``compare_page``: The first screen: the verdict, the break-even curves, the latencies, the options.
``job_page``: A one-off job: what it costs and takes by every way, and what comes afterwards.
``latency_page``: What was measured from here: every run, one of them in full, and this machine's
    engine.
``method_page``: How the numbers come about, what is not in them, and the project's first note
    checked.
``plan_page``: What to use now, when to move, and what moving costs.
``prices_page``: The catalogue: every number with its source, and what in it deserves doubt.
``risk_page``: What could change the answer, and what to measure first.
"""
