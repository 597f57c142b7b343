"""Runs, samples and the ledger in SQLite (or PostgreSQL by URL)."""
