"""How a sweep of the local engine is run and judged.

``run_sweep``: A sweep of the local engine: batches timed, fitted, judged, and held against an open
    loop.
``sweep_job``: A sweep as a run of the store: its question, its progress, its report.
``sweep_load``: The queue with a measured fit, held against a real open loop at the same rate.
``sweep_physics``: A sweep's rate beside what the device can do at most, and what its tokens cost in
    energy.
``sweep_question``: What a sweep of the local engine is asked: the load and the objective that it is
    judged by.
"""
