"""Who answers the queries and who embeds the documents, in one vector space.

``beside_queries``: What documents cost beside queries: of one fleet, one account, or two bills.
``family``: Options that nobody chose and that share a space with one that was.
``stream_result``: Queries and documents: a pair of options with its cost, and the answer.
``two_streams``: The cheapest pair of options for queries and documents, at a volume and over it.
"""
