"""Where a worker's files lie, and how its life shows in them.

``folders``: Files beside the database: a log and a lock for each worker.
``liveness``: Whether a worker process lives, by a file that it keeps locked.
"""
