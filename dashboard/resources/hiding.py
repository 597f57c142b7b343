"""Keeps the keys of whoever runs this page out of what it says."""

from core.runs.secrets import known_secrets
from core.runs.trust.shipped import origins_of_keys
from dashboard.resources.probing import key_from_server

__all__ = ["hide"]


def hide(text: str) -> str:
    """A text without the secrets of the environment and of Streamlit's secrets."""
    found = (key_from_server(name) for name in origins_of_keys())
    return known_secrets.hide(text, [key.get_secret_value() for key in found if key is not None])
