"""Headless Chromium for the benchmarks, and pages opened in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks.server import Served, served

QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser: the one that CHROMIUM names, the system's, or Playwright's own.

    Its pages do not keep the page's content security policy unless opened with
    ``bypass_csp=False``: Playwright waits by scripts made of strings, which the policy refuses.
    """
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        started.new_context = partial(started.new_context, bypass_csp=True)  # type: ignore[method-assign]
        started.new_page = partial(started.new_page, bypass_csp=True)  # type: ignore[method-assign]
        try:
            yield started
        finally:
            started.close()


def open_page(
    browser: Browser, stack: ExitStack, script: Path, query: str = ""
) -> tuple[Page, Served]:
    """Serve a script until the stack ends and open it; return when its chart has lines."""
    server = stack.enter_context(served("run", str(script)))
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{server.url}/{query}")
    page.wait_for_selector(".js-line", timeout=60_000)
    return page, server
