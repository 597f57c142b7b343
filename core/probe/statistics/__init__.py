"""How far a sample can be trusted: percentiles, intervals, differences.

``of_server/``: What the samples of a server's sweep say, before they are put together.
``capacity``: What a rising load has shown: how much comes out, how much comes out well, what limits
    it.
``effect``: How large a difference must be to be worth a sentence, however sure it is.
``estimates``: Percentiles of a run with their intervals, and sentences where there is only one
    bound.
``neighbour_overlap``: Whether two models find the same neighbours among the user's own texts.
``paired_difference``: Two targets beside each other: what differs between answers to the same texts
    at one time.
``percentiles``: Percentiles of a sample and how far they can be trusted, without assuming a
    distribution.
``shift``: The shift between two sets of times, by ranks: no distribution is assumed.
``steps``: Steps of rising load: what came out of each, and whether more could have.
``words``: Numbers in the sentences that a run leaves about itself.
"""
