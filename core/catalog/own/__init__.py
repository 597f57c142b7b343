"""A catalogue folder of the user's own, read after the rows that ship and never instead of them.

``joined``: The catalogue that ships with a folder of one's own behind it, or why that is refused.
``own_files``: Which files a folder of one's own has; what is no catalogue file is refused.
``own_rows``: The rows of such a folder, checked; none names a key or a row that ships.
``price_rows``: Newer prices of offers that ship: all that may be added to a provider that ships.
"""
