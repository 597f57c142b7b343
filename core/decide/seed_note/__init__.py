"""Whether the claims of the project's first note hold.

``note_api``: What the note says of APIs, claim by claim.
``note_claims``: The note that the project grew from, checked claim by claim by the model itself.
``note_hosting``: What the note says of its workload, of hosting it, and of the break-even, claim by
    claim.
``note_rows``: The catalogue rows that the note is about. Raises CatalogError where one is missing.
``seed_note``: The note that the project grew from: its figures as given there, and the form of a
    check.
"""
