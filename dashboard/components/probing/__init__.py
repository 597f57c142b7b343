"""How a probe is asked for, and how it goes on.

``begun_run``: What a start button does: the run is watched from then on, or why there is none is
    said.
``confirm_address``: Asks once whether a server is meant that stands in a file or a link, and that
    nobody typed.
``endpoint_fields``: The fold of the probe's form that says more about a typed endpoint: format,
    header, fields.
``http_sweep_form``: The form behind "Sweep a server": its address, which machine it is, and what it
    may cost.
``probe_dialog``: The form behind "Probe provider": whom, what, how much, what it may cost, start.
``probe_schedule``: The part of the probe's form that says how to ask: mode, sample size, pace.
``probe_target``: The part of the probe's form that says whom to ask, and with which key.
``recognised_box``: The button "Recognise" beside a typed address, what the server says, and "Use
    this".
``run_strip``: The live run, on every page: progress, latencies so far, cancel. Polls the store.
"""
