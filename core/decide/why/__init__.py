"""Why this is the answer: in three sentences, and who is out by what evidence.

``standing``: Where an option stands that is not known to suit: by what, and how well that is
    founded.
``why``: The answer for somebody who pays: what, what it costs, what would change it.
"""
