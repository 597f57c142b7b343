"""A one-off job on its page: what is asked, the answer, the ways.

``corpus_hint``: Beside a comparison by the month: the corpus is no part of it, and where it is
    weighed.
``job_inputs``: What is asked of a one-off job: the scenario's own fields, drawn on the page itself.
``job_panel``: The answer of a one-off job on its page: sentences, a chart, a table.
``job_tables``: The ways of a one-off job as a table: every number of the chart, with its evidence.
"""
