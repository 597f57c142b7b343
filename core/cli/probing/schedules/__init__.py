"""When and how to ask, as flags.

``flag_conflicts``: Which flags go together: two that contradict each other are refused by name.
``number_lists``: Numbers as they are typed: with commas between them, or as a series of rates.
``schedule_flags``: The schedule that was typed: a way to ask, and what more was said of it.
"""
