"""How much one replica of an option carries, and how many it takes.

``answered``: Whether enough texts are answered in the end: by what is assumed, and by what was
    measured.
``electricity``: What a machine that one pays the electricity of draws, in the bill.
``fleet``: What runs at a volume: replicas, how busy they are, how long they take.
``hours_worked``: What replicas work through in each hour: as it comes, in the valleys, or gathered.
``machine_rate``: How quick a machine is with a model: by the user's own word, or by what is known
    of its parts.
``meets_objective``: Whether an option can serve at all, and whether it was seen to meet the latency
    objective.
``processor_capacity``: How quick a rented machine without a card is: its vCPUs do all the work.
``purchase_mix``: What a rented replica costs an hour where some are reserved and some are spot.
``rent``: What a month of one machine costs: by its hours, by the month, with its set-up fee, or
    bought.
``replaced``: What a sweep of this machine replaces in the model: the figure before, and the
    measured one.
``replica_capacity``: What one replica carries: published, predicted or measured; within the
    objective; in time.
``seen_loads``: What a sweep saw of the objective at its rates, set against what its fit says of it.
"""
