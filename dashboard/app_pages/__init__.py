"""Part of the page: app pages."""
