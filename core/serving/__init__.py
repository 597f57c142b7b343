"""How much a replica carries, and how long a request waits for it.

``batch/``: How long a batch takes, and how many tokens a second that is.
``law/``: How quick a model is on a machine that nobody measured it on.
``queue/``: How long a request waits where batches are made of whoever waits.
``response/``: How long requests take in all: over hours, texts and servers, within an objective.
"""
