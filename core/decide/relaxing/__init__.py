"""Where nobody suits: which one demand would have to give, and by how much.

x

``loosenings``: What can be loosened of a question: each demand that it makes, up to giving it up.
``relaxation``: Where nobody suits: the demands that would let somebody in, loosened as little as
    will do.
"""
