"""What does an option cost: formulas over volume, in numbers alone.

``by_replica/``: What replicas cost that are rented, bought, or billed by the second.
``by_use/``: What an API bills for its use.
``curve/``: What a cost is as a function of the volume, and where two of them meet.
``hybrid/``: What own replicas cost with an API behind them.
``load/``: What a replica gets to do: hours, lengths of texts, chunks.
``many_scenarios/``: What all options cost in many drawn scenarios at once, and which draw matters.
``over_months/``: What months add: growth, moving, paying back, the corpus and its vectors.
``under_factors/``: What a bill becomes where prices and volumes are multiplied, for many scenarios
    at once.
``monthly_bill``: What every bill answers, whatever it bills: the one door between the decision and
    a cost.
"""
