"""What happens once when the server is up, and once before it ends."""

import sys
import threading
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from streamlit import config
from streamlit.web.server.starlette import App


@asynccontextmanager
async def lifespan(_app: App) -> AsyncIterator[dict[str, Any]]:
    """Say where the page is and open it in a browser; what is due at the end stands after yield.

    The end is reached by Ctrl-C and by SIGTERM, also while somebody has the page open.
    """
    address = page_address()
    _say(f"Breakeven is open at {address} (Ctrl-C ends it).")
    if not config.get_option("server.headless"):
        # Nobody waits for it: some browsers return only when they are closed.
        threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
    yield {}
    _say("Breakeven is closed.")


def page_address() -> str:
    """The page's address as a browser on this computer writes it."""
    scheme = "https" if config.get_option("server.sslCertFile") else "http"
    place = config.get_option("server.address") or "localhost"
    name = "localhost" if place in {"0.0.0.0", "::"} else place  # noqa: S104 -- compared only
    host = f"[{name}]" if ":" in name else name
    path = str(config.get_option("server.baseUrlPath")).strip("/")
    return f"{scheme}://{host}:{config.get_option('server.port')}/{path}".rstrip("/")


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
