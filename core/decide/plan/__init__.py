"""When to move to which option, and what moving costs.

``plan``: The horizon month by month: what to use when, when to move, and what moving otherwise
    costs.
``plan_break_evens``: The month in which each API is first dearer than self-hosting, and when a move
    pays back.
``plan_costs``: What each option costs in each month of the horizon, and what entering and leaving
    it costs.
``plan_moves``: What it costs to begin with an option, to change to it, and to leave it before its
    time.
``plan_terms``: What a plan over months rests on besides the scenario: price trends and what moving
    costs.
``planner``: One set of prices over the horizon, and the paths through it.
"""
