"""The server's parts as this installation's settings want them."""

import logging
import os
import sys

from starlette.middleware import Middleware
from streamlit import config

from core.errors import BreakevenError
from dashboard.server.addresses import OwnAddresses
from dashboard.server.gate import Gate


def middleware() -> list[Middleware]:
    """What stands before the page; ends the process with a sentence where a setting is wrong."""
    try:
        own = OwnAddresses(_added_names())
    except BreakevenError as error:
        sys.exit(f"breakeven: {error}")
    _agree_with_streamlit(own)
    return [Middleware(Gate, own=own)]


def _added_names() -> tuple[str, ...]:
    if not any(name.upper() == "BREAKEVEN_ALLOWED_HOSTS" for name in os.environ):
        return ()
    # To read the settings takes as long as a third of the start.
    from core.settings import load_settings  # noqa: PLC0415

    return load_settings().allowed_hosts


def _agree_with_streamlit(own: OwnAddresses) -> None:
    """Have Streamlit's own checks on, however it was started, and with the same names.

    They are a second check: the gate needs none of them.
    """
    config.set_option("server.allowedHosts", list(own.names))
    config.set_option("server.enableCORS", value=True)
    config.set_option("server.enableXsrfProtection", value=True)
    # Else the terminal gets two lines for each visit.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
