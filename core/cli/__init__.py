"""What the command `breakeven` does in a terminal.

``asking/``: How a question is typed in a terminal: what `compare`, `plan` and `job` have in common.
``commands/``: What each command reads, asks and prints: one file a command.
``job/``: `breakeven job`: one embedding of many texts, without a service.
``own/``: What is of one's own in a terminal: added, listed, and measured with its own key.
``planning/``: What `breakeven plan` reads, asks and prints.
``probing/``: What a command that measures reads, spends, follows and prints.
``quality/``: What `breakeven quality` reads, asks and prints.
``__main__``: ``python -m core.cli``: the command `breakeven` without its script.
``break_even_line``: What a comparison says below its table, in a terminal: the break-even, and what
    is not known.
``certainty_lines``: How sure a comparison is, in a terminal and as JSON: means, chances, what would
    decide.
``doctor``: What this machine has: read only, quick, and it never prints a key.
``endpoint_flags``: Flags of what an address wants beside the texts: the header of its key, its
    query, its body.
``late_commands``: Commands whose code is imported when they are called: `--help` needs their names
    alone.
``main``: The command `breakeven`: opens the dashboard, probes, moves runs, says what this machine
    has.
``scenario_flags``: What may be typed instead of a field of a scenario: `--set`, `--price`, `--own`.
``stream_lines``: What `breakeven compare` says of documents beside the queries: lines, a table, and
    JSON.
``support``: What the commands share: the opened runs, the catalogue, and a file's text.
"""
