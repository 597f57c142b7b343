"""How a plan's requests leave: when, in which order, and how each is recorded.

``arrivals``: When requests are due: an absolute schedule, drawn before the run starts.
``calibration``: What our own client takes, measured on this machine in the same way as everything
    else.
``enough``: When a run knows enough to stop early.
``loops``: How a run's requests leave: each schedule by the ways of sending that it needs.
``recorder``: Turns what happened to a request into its sample, once.
``run_probe``: Carries a plan out: a cold call and warm-up calls of each target, then its schedule.
``script``: Every request of a plan in its order: phase, step, target and texts, known before the
    start.
``sender``: The requests of one run on their way: money set aside, sent, judged, settled, recorded.
``server_loop``: Carries a sweep of a server out: each step as long as it may say something new.
``size_stop``: Which sizes of a batch sweep are not sent any more, because the server refused as
    much.
``text_stream``: The texts of a run in the order of their use: each once, then with a tail of its
    own.
``ways_of_sending``: The ways in which requests leave: alone, on a schedule, or by workers that
    wait.
"""
