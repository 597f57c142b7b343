"""Figures of a one-off job.

``job_ways_figure``: Cost over days, a point a way: what is in time lies left of the deadline, what
    is cheap below.
"""
