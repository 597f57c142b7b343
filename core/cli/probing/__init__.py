"""What a command that measures reads, spends, follows and prints.

``limits/``: What a run must keep to, as typed after `--fail-if`, and whether it did.
``schedules/``: When and how to ask, as flags.
``telling/``: How a run is told: while it goes on, at its end, and to a program.
``confirming``: Which servers of a command a person means: typed in it, or confirmed on this
    computer before.
``earlier``: The run of another day that this one is held against.
``following``: A run of a command: started, or watched where it is live already, to its end or the
    command's.
``plan_file``: A plan from a file. A file says what is sent; whom to trust with it, only a person
    says.
``probe_options``: What may be typed after `breakeven probe`: each option with its limits and its
    help.
``probe_run``: A probe from its plan to its last line: started, followed, told, judged.
``readying``: A worker that starts while the command itself is still being imported.
``server_sweep_run``: `breakeven sweep --base-url`: a server of one's own, by the probe's own way.
``spending``: What a command may spend and which keys it reads: by what was typed in it and the
    catalogue.
``stopping``: How a command is stopped: Ctrl-C, SIGTERM and a closed terminal all end its run in
    order.
``sweep_options``: What may be typed after `breakeven sweep` of a server: each option with its
    limits and help.
``taken_server``: What `breakeven probe` takes where an address was typed and no model.
"""
