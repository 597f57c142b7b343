"""What a bill becomes where prices and volumes are multiplied, for many scenarios at once.

``many_factors``: What a scenario multiplies in the parameters of a bill.
``many_tiers``: Tiers of a price list for very many volumes at once.
"""
