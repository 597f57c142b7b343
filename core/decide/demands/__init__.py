"""What the demands find of one option: it is known to break one, or nobody knows.

x

``demand_words``: Amounts and lists as the sentences on demands write them.
``judged``: One option before all demands that hold at any volume: the only place where they are
    asked.
``of_budget``: A bill against the budget: at one volume, and over an interval of volumes.
``of_model``: What a model must read, and what its weights must allow: languages, length, licence.
``of_provider``: Where an option computes and whether its provider keeps texts, against what is
    demanded.
``place``: Where an option computes, and who says so.
"""
