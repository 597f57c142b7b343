"""Measures an embedder: an open loop with every timestamp kept. Knows no price and no store."""
