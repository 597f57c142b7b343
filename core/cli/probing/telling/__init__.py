"""How a run is told: while it goes on, at its end, and to a program.

``live_line``: What is known of a run that goes on, in one line.
``run_document``: A finished run for a program: its numbers beside the runs of the file.
``run_lines``: A run in lines, for a terminal.
``run_steps``: The steps of a ramp, a sweep of batches or workers, and of silences, a line each.
"""
