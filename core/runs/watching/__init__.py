"""How a run looks while it goes on, and who finds it dead.

``live_summary``: The numbers of runs that are still going, kept for as long as they are good
    enough.
``measured_options``: Which run measures which option, as far as its claim holds.
``measured_quality``: What is measured of the quality of options: of one corpus, for others cannot
    be compared with it.
``run_view``: A run as the page sees it.
``watch``: Detects dead workers: when somebody looks, a live run whose worker is gone is ended.
"""
