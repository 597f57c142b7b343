"""Breakeven without a screen: prices, cost model, probe and store. Never imports streamlit."""
