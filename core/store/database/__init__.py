"""How SQLite and PostgreSQL are opened, waited for and brought up to date.

``connect``: From settings to a database engine that behaves: SQLite in WAL mode, or PostgreSQL.
``copy_in_memory``: A copy of a SQLite file in this process's memory: read where the file cannot be
    brought up.
``database_faults``: What a database error means to the person who reads it.
``migrate``: Brings a database to the tables of this version, in one transaction, with Alembic.
``postgresql``: PostgreSQL: one writer at a time, as in SQLite, and no wait without an end.
``sqlite``: SQLite: locks that are waited for fairly, and a file that can be read where it cannot be
    written.
``turn``: Look and write as one step, among all processes that share the database.
``upgrade``: Runs the migrations. Apart from `migrate`, because Alembic is slow to import.
``waiting``: How long a write waits for another: a limit for all, and pauses of random length in
    between.
"""
