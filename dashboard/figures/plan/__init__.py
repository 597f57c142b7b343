"""What the page Plan draws.

``load_hours``: The load of an imported file over the hours of a day or a week.
``moves_figure``: What the moves of a plan cost by the month of the first one: too early, in time,
    too late.
``pareto_figure``: Cost against latency of the feasible options, with intervals, the front drawn.
``plan_months``: The horizon: what each option costs in each month, and the path through them.
"""
