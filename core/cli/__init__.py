"""What the command `breakeven` does in a terminal.

``commands/``: What each command reads, asks and prints: one file a command.
``__main__``: ``python -m core.cli``: the command `breakeven` without its script.
``doctor``: What this machine has: read only, quick, and it never prints a key.
``following``: A run of a command: started, or watched where it is live already, to its end or the
    command's.
``late_commands``: Commands whose code is imported when they are called: `--help` needs their names
    alone.
``main``: The command `breakeven`: opens the dashboard, probes, moves runs, says what this machine
    has.
``plan_file``: A plan from a file. A file says what is sent; whom to trust with it, only a person
    says.
``probe_options``: What may be typed after `breakeven probe`: each option with its limits and its
    help.
``run_lines``: A run in lines, for a terminal.
``scenario_flags``: What may be typed instead of a field of a scenario: `--set`, `--price`,
    `--tier`.
``spending``: What a command may spend and which keys it reads: by what was typed in it and the
    catalogue.
``stopping``: How a command is stopped: Ctrl-C, SIGTERM and a closed terminal all end its run in
    order.
``support``: What the commands share: the opened runs, and a file's text.
"""
