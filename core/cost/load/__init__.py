"""What a replica gets to do: hours, lengths of texts, chunks.

``chunking``: Texts split instead of cut: how many chunks, and how many tokens with the overlap.
``hourly_load``: When the load comes: weights by the hour of the day or of the week, and bursts
    inside the hour.
``normal``: The normal law for numbers and arrays: distribution, density and loss, without scipy.
``text_lengths``: How long texts are: a lognormal law, and what a token limit leaves of it.
"""
