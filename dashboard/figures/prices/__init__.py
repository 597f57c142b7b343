"""What the page Prices draws.

``law_figure``: What the law of size says over what was measured, one row a card.
``rates_figure``: What others published of the speed of embedding: a row a card with a model,
    by what was timed.
"""
