"""What a command that measures reads, spends, follows and prints.

``confirming``: Which servers of a command a person means: typed in it, or confirmed on this
    computer before.
``endpoint_flags``: Flags of what an address wants beside the texts: the header of its key, its
    query, its body.
``following``: A run of a command: started, or watched where it is live already, to its end or the
    command's.
``plan_file``: A plan from a file. A file says what is sent; whom to trust with it, only a person
    says.
``probe_options``: What may be typed after `breakeven probe`: each option with its limits and its
    help.
``run_lines``: A run in lines, for a terminal.
``spending``: What a command may spend and which keys it reads: by what was typed in it and the
    catalogue.
``stopping``: How a command is stopped: Ctrl-C, SIGTERM and a closed terminal all end its run in
    order.
``sweep_options``: What may be typed after `breakeven sweep` of a server: each option with its
    limits and help.
``taken_server``: What `breakeven probe` takes where an address was typed and no model.
"""
