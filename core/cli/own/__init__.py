"""What is of one's own in a terminal: added, listed, and measured with its own key.

``draft_flags``: `breakeven options add`: an API, a machine, a rate, a card of one's own.
``own_candidates``: Own options among what a command measures: their bound keys, and what is said of
    them.
``own_tables``: One's own options as a table or as JSON.
"""
