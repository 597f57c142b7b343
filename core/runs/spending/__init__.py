"""What a run may cost at most, and what it has spent.

``run_budget``: The money of one run: held in the store before it starts, spent request by request.
``worst_case``: The most that a plan can cost, known before anything is sent.
"""
