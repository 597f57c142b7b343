"""What all sessions share: catalogue, store and answers, made once.

``cached_answer``: Curves, verdict, inputs and the day of a scenario, computed once.
``cached_catalogue``: The catalogue, once for all sessions, and what the page asks of it.
``cached_job``: A one-off job of a scenario, weighed once for every question.
``cached_store``: The runs, their store, and the newest measurements of each option.
"""
