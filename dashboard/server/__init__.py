"""What stands before the page: who may ask, what a browser may do, start and end.

``addresses``: The page's own addresses: the names by which a browser may call it.
``gate``: Checks Host and Origin of every request: a call by a strange name is refused.
``headers``: What a browser may do with the page: headers of every answer.
``life``: What happens once when the server is up, and once before it ends.
``start``: The server's parts as this installation's settings want them.
"""
