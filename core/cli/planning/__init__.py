"""What `breakeven plan` reads, asks and prints.

``plan_command``: `breakeven plan`: what to use now, when to move, and what moving costs.
``plan_document``: A recommendation and a plan as plain values.
``plan_said``: A plan as lines and a table, for a terminal.
``typed_terms``: What moving costs, as it is typed: `--term NAME=VALUE`.
"""
