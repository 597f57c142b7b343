"""What months add: growth, moving, paying back, the corpus and its vectors.

``backfill``: A corpus embedded once: in valleys of the fleet, on replicas beside it, or by API.
``growth``: Volumes that grow from month to month, and the corpus that they leave behind.
``job_fleet``: How many machines do a job by a deadline, how long they take, and which hours are
    paid.
``levelised``: Present value and levelised cost: payments of a horizon today, and what its tokens
    cost.
``payback``: Payback time: when savings have paid for their capital, and whether it stays paid.
``switching``: Dynamic programming: the cheapest way through the months, where changing options
    costs.
``vector_storage``: Keeping and moving vectors: bytes, index, storage and egress.
"""
