"""Whether an answer is one, and what only a question of its own can show.

``answer_check``: Is this answer an answer? A 200 with a broken vector must not be a fast success.
``asking``: Requests made for a purpose of their own, beside a run's schedule: each paid for and
    judged.
``inspecting``: Asks what ordinary requests cannot show: cut texts, cached answers, differing
    encodings.
``one_vector``: Whether texts that have nothing in common get vectors of their own.
``paid_again``: A request whose idle connection had been closed goes over a new one, once, and is
    paid.
``token_count``: Tokens of a text by the model's own vocabulary, counted here, without a network.
"""
