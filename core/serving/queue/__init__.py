"""How long a request waits where batches are made of whoever waits.

``batch_chain``: The queue that a batch leaves behind: an embedded Markov chain, solved exactly.
``batch_queue``: One replica with greedy dynamic batching under Poisson arrivals, solved exactly.
``batch_shape``: Batching told by two numbers between 0 and 1, and load by one: the axes of the
    shipped table.
``batch_sojourn``: How long a request stays with a greedy batcher: the exact law, as weighted
    points.
``batch_work``: Batch times when texts differ in length: a few equally likely times for each batch
    size.
``busy``: How much of the time a batching replica computes: for energy, never a measure of load.
``queue_table``: Response times of a batching replica in microseconds: read off a table that was
    solved once.
``response_law``: The law of a response time as far as it is known: a few quantiles and the mean.
``tabulate``: Make the shipped table of response times: ``python -m core.serving.queue.tabulate``.
"""
