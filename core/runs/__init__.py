"""Probe runs as jobs: worker process, spending ledger, progress. Alone knows probe and store."""
