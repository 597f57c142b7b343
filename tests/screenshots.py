"""Photograph the running page: ``python -m tests.screenshots FOLDER``.

Gives the first screen, after a probe of this machine, at 1440 x 900 and 390 x 844, light and dark.
README's picture is ``first-screen-1440-light.png`` of this, so it can be made again at any time.
"""

import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.benchmarks.browser import chromium
from tests.benchmarks.server import PAGE, streamlit

SIZES = ((1440, 900), (390, 844))
SCHEMES = ("light", "dark")
PATIENCE_MS = 120_000
SETTLE_MS = 1_500


def drawn(page: Page, address: str) -> None:
    """Open the page and wait until both charts are there and at rest."""
    page.goto(address)
    page.wait_for_function(
        "document.querySelectorAll('.js-plotly-plot .main-svg').length >= 2", timeout=PATIENCE_MS
    )
    page.wait_for_timeout(SETTLE_MS)


def probe_this_machine(browser: Browser, address: str) -> None:
    """Click through a probe with the form's own values and wait for its end."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    drawn(page, address)
    page.get_by_role("button", name="Probe provider").click()
    page.get_by_role("dialog").get_by_role("button", name="Start").click()
    page.get_by_text("done: p50").wait_for(timeout=PATIENCE_MS)
    page.close()


def photograph(browser: Browser, address: str, folder: Path) -> None:
    """Save every size in both schemes."""
    for (width, height), scheme in product(SIZES, SCHEMES):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page = context.new_page()
        drawn(page, address)
        page.screenshot(path=folder / f"first-screen-{width}-{scheme}.png")
        context.close()


def main(folder: Path) -> None:
    """Start the page with an empty data folder, probe, photograph."""
    folder.mkdir(parents=True, exist_ok=True)
    theme = f"--theme.base={PAGE.parent / 'theme.toml'}"
    with streamlit("run", str(PAGE), theme) as (address, _), chromium() as browser:
        probe_this_machine(browser, address)
        photograph(browser, address, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
