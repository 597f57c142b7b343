"""What the chosen ids are as options, each with its bill.

``terms/``: What an offer asks and gives for the scenario's texts: terms that several kinds of
    option share.
``api_option``: An option that is paid by use: an API, by the token, character, request or second.
``api_share``: How much of the texts of a hybrid its API may take, and what both sides together
    leave undone.
``hosted_option``: An option that is paid by the replica: a rented machine, a bought one, a card,
    this computer.
``hybrid_option``: Replicas for the base load and an API with the same vectors for the rest.
``machine``: What the kinds of hosted option have in common: from a machine to an option.
``options``: From a scenario's option ids to options with the bills that their curves rest on.
``paying``: How the replicas of an option are paid for, and the bill that comes of it.
``per_second_bill``: A GPU by the second that stops when idle, before the scenario's load.
``unpriced_option``: An option that has no price by the day that is asked.
"""
