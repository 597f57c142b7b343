"""Prices, cards, models, throughputs and assumptions: dated, sourced, never overwritten."""
