"""What months add: growth, moving, paying back, the corpus and its vectors.

``backfill``: A corpus embedded once: on valleys of the fleet that stand idle, on rented hours, or
    by API.
``growth``: Volumes that grow from month to month, and the corpus that they leave behind.
``levelised``: Cost over a horizon: what payments are worth today, and what a token costs through
    all of it.
``payback``: When savings have paid for the capital that makes them, and whether it stays paid.
``switching``: The cheapest way through a row of months, where changing from one option to another
    costs.
``vector_storage``: Keeping and moving vectors: bytes, index, storage and egress.
"""
