"""What one replica is before a question's texts: published rates, batches, queue.

``published_throughputs``: What the catalogue has of published throughputs, and of what predicts
    others.
``replica``: One replica before the scenario's texts: its batches, its queue, what it carries in
    time.
"""
