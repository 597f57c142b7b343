"""What the page Prices draws.

``law_figure``: What the law of size says over what was measured, one row a card.
"""
