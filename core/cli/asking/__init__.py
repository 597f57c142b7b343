"""How a question is typed in a terminal: what `compare`, `plan` and `job` have in common.

``question_flags``: What may be typed of any question: each flag with its limits and its help, said
    once.
``scenario_numbers``: Numbers of the scenario with flags of their own: typed within the limits that
    it declares.
``shown_money``: In which currency a terminal shows amounts, and at which rate.
``typed_question``: From what is typed to the question: a file of a scenario with the flags in its
    fields.
"""
