"""Which option is the cheapest at a volume, and what stands behind its bill.

``bill_inputs``: Where every number of a bill comes from: by the names that its lines give.
``day_of_replicas``: A day of one's own replicas: hour by hour, over all requests, and with a
    replica lost.
``embedding_job``: One embedding of a corpus through an option: all that it costs, and how long it
    takes.
``job_by_api``: A corpus through an API: each of its interfaces with its own price and its own time.
``job_by_replicas``: A corpus on replicas: in the valleys of those that stand, and on more where
    time asks for it.
``job_parts``: What is asked of a one-off job, and what it is made of: one value for each corpus.
``never``: Why a self-hosted option never becomes cheaper than an API, and what would change it.
``one_off``: What does not come back every month: the corpus at the start, and its re-embedding.
``own_quota``: What machines that there are so many of carry, and what takes the rest.
``rows``: The options at one volume: cost, bill, duty cycle, and who can serve.
``verdict``: The answer: who is cheapest here, by how much, and until when.
"""
