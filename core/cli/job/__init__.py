"""`breakeven job`: one embedding of many texts, without a service.

``job_command``: `breakeven job`: what a one-off job costs and takes by every way, as a table or as
    JSON.
``job_document``: The answer of a one-off job as plain values: money in USD, times in days.
``job_table``: The ways of a one-off job as a table of a terminal.
"""
