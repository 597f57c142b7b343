"""Part of the page: figures."""
