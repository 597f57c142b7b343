"""Part of the page: components."""
