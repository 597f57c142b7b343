"""What a sweep of the local engine draws.

``engine_batches``: Measured batch times of the local engine beside the fitted ones, over the tokens
    of a batch.
``engine_checks``: Predicted beside measured latency under load, one group a load.
"""
