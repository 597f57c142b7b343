"""What a job that is done once costs, and how long it takes, by every way.

``api_ways``: A job through APIs: each interface with its price, its limit and its days; and what
    follows.
``corpus_line``: What a comparison by the month says of a corpus: that it is no part of it, and what
    it costs.
``full_rates``: How quick machines are at a job: full batches of its texts, one after another, no
    objective.
``job_unknowns``: Limits that nobody states, and what a job must ask of them before they matter.
``job_way``: A one-off job, what each way to do it costs and takes, and which of them answers the
    question.
``job_words``: What a job's answer says in words: the same in a terminal, on the page and in JSON.
``machine_terms``: By which terms machines are had for one job: hours, months, seconds, bought, or
    there already.
``machine_ways``: A job on machines: as many as the deadline asks for, rented, bought, or there
    already.
``one_off_job``: A one-off job: every API and every machine of the catalogue, and what comes
    afterwards.
"""
