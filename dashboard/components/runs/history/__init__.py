"""How all runs are shown, and the one that is going on.

``run_history``: The history of probe runs: a table of all of them, and the choice of one.
``run_live``: A live run in full, drawn again every second: percentiles, cautions and charts as they
    come.
``run_trend``: An option's history: its runs over the calendar, and whether the newest differs.
"""
