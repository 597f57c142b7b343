"""Servers of the person at the page: which may be called, what they are, what they carried.

``page_reach``: Which servers the person at this page may mean, and whose page it is.
``recognising``: Which server answers at a typed address, for the page.
``servers``: Servers of one's own for the page: sweep one, say which machine it is, what was
    predicted.
"""
