"""What each command reads, asks and prints: one file a command.

``compare_command``: `breakeven compare`: the page's first screen as a table or as JSON.
``dashboard_command``: The command without a name: opens the page on a free port, in this very
    process.
``doctor_command``: `breakeven doctor`: what this machine has, as a table or as JSON.
``engine_command``: `breakeven sweep` and `breakeven neighbours`: the local engine from the command
    line.
``load_command``: `breakeven load`: what a file of one's own use says, and a scenario that has it.
``options_command``: `breakeven options`: what is of one's own: added, listed, removed, moved, given
    its key.
``prices_command``: `breakeven prices`: the catalogue beside other lists, and newer prices written.
``probe_command``: `breakeven probe`: a run from the command line, by the same way as from the page.
``recognise_command``: `breakeven recognise`: which server answers at an address, as a table or as
    JSON.
``runs_command``: `breakeven runs`: what was measured: listed, moved, chosen, cancelled, deleted.
``schema_command``: `breakeven schema`: the form of a file as JSON Schema, for editors and for other
    programs.
``snapshot_command``: `breakeven snapshot`: a whole question as a text or a file, and its answer
    elsewhere.
"""
