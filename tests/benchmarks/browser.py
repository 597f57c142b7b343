"""Headless Chromium for the benchmarks, and pages opened in it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.benchmarks.server import Served, served
from tests.harness.script_runs import follow

PATIENCE_MS = 120_000
"""For whatever names no time of its own: a busy computer is no fault of a page."""
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser: the one that CHROMIUM names, the system's, or Playwright's own.

    Its pages do not keep the page's content security policy unless opened with
    ``bypass_csp=False``: Playwright waits by scripts made of strings, which the policy refuses.
    ``script_runs.wait_for_rest`` knows all of them.
    """
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        started = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        _prepare(started)
        try:
            yield started
        finally:
            started.close()


def _prepare(browser: Browser) -> None:
    """Let what is opened bypass the policy, be patient, and be followed from its first message."""
    new_context, new_page = browser.new_context, browser.new_page

    @wraps(new_context)
    def followed_context(**options: Any) -> BrowserContext:
        context = new_context(**{"bypass_csp": True} | options)
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", follow)
        return context

    @wraps(new_page)
    def followed_page(**options: Any) -> Page:
        page = new_page(**{"bypass_csp": True} | options)
        page.set_default_timeout(PATIENCE_MS)
        follow(page)
        return page

    browser.new_context = followed_context  # type: ignore[method-assign]
    browser.new_page = followed_page  # type: ignore[method-assign]


def open_page(
    browser: Browser, stack: ExitStack, script: Path, query: str = ""
) -> tuple[Page, Served]:
    """Serve a script until the stack ends and open it; return when its chart has lines."""
    server = stack.enter_context(served("run", str(script)))
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{server.url}/{query}")
    page.wait_for_selector(".js-line", timeout=60_000)
    return page, server
