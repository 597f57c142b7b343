"""What a run is surrounded by: the machine, and the way out.

``environment``: On what a run was measured: what one must know to believe, or to repeat, its
    numbers.
``route_of_settings``: From the settings to the way by which requests leave.
"""
