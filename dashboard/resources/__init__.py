"""What the page computes once: catalogue, store, curves. A composition root: joins what is apart.

``cached/``: What all sessions share: catalogue, store and answers, made once.
``reach/``: Servers of the person at the page: which may be called, what they are, what they
    carried.
``deciding``: Recommendation, plan, risk and flips of a scenario, cached: what the pages Plan and
    Risk show.
``engine``: The local engine's sweeps for the page: start one, the newest one, and what it predicts.
``garbage``: Keeps what the start made out of Python's garbage collection: it is never given back.
``hiding``: Keeps the keys of whoever runs this page out of what it says.
``history``: Runs of the past, for the page: what the store has of them, kept while it is looked at.
``law_rows``: The law of size beside every batch that it was fitted to, for the page.
``own_options``: What is of one's own, for the page: listed, added and removed in the folder that is
    read.
``plans``: From what the probe's form says to a plan: schedules, sample sizes, subjects.
``price_news``: Prices of the package genai-prices that are newer than the catalogue's, and writing
    them.
``probing``: What can be probed, with which key, at what cost at most: joins catalogue, settings and
    runs.
``quality_tests``: Tests of quality for the page: the texts, whom they go to, for how much at most,
    the newest.
``source``: The code behind a formula: what a section of the method names, as it runs in this
    process.
"""
