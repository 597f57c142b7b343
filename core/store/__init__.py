"""Runs, samples and the ledger in SQLite (or PostgreSQL by URL).

``database/``: How SQLite and PostgreSQL are opened, waited for and brought up to date.
``migrations/``: Alembic's folder: how the tables came to be, version by version.
``adoptions``: Which run measures an option, where a person has chosen one: one row an option.
``documents``: Values of the store's columns, read strictly; what cannot be read says whether it is
    newer.
``ledger``: Money in the store, integer nano-USD: what a run may still spend is held, then spent.
``open``: The store: an open database with the tables of this version.
``run_rows``: Rows of ``runs`` as values. A row that this version cannot read is named, never left
    out.
``runs``: Runs in the store: one row each, moved from state to state by guarded updates only.
``samples``: Samples of a run: written in batches by its worker, read by anybody.
``tables``: The tables, for SQLite and PostgreSQL alike. Money is integer nano-USD, time is UTC.
"""
