"""How runs are shown: in a list, one in full, in words.

``history/``: How all runs are shown, and the one that is going on.
``one_run/``: How one run is shown in full.
``words/``: How a run is said in words, and its samples as rows.
"""
