"""What a sweep of the local engine, or of a server, draws.

``engine_batches``: Measured batch times of the local engine beside the fitted ones, over the tokens
    of a batch.
``engine_checks``: Predicted beside measured latency under load, one group a load.
``server_batches``: Time of a request to a server: measured, fitted, and what was predicted of its
    machine.
``server_p95``: p95 of a server over its rate: predicted on the very arrivals, and measured.
"""
