"""How sure is each input, and where its range is from.

``belief_prices``: What is believed of each option's price, and of the seconds that a request is
    billed.
``belief_throughput``: What is believed of the speed of each kind of card, before and after it was
    measured.
``beliefs_of``: Every input of the options' costs with what is believed of it.
"""
