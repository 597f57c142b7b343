"""Photograph the running page: ``python -m tests.screenshots FOLDER [own-server]``.

Gives the first screen, after a probe of this machine, at 1440 x 900 and 390 x 844, light and dark.
README's picture is ``first-screen-1440-light.png`` of this, so it can be made again at any time.
With ``own-server`` the page is as docs/own-server.md leaves it, and its picture is
``own-server.png``: a stand-in of known speed is swept as the machine "Office box".
"""

import sys
import tempfile
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page

from tests.benchmarks.browser import chromium
from tests.benchmarks.server import PAGE, served, streamlit
from tests.cli.terminal import breakeven
from tests.servers.delays import Delay
from tests.servers.ground_truth import Config, GroundTruthProcess

SIZES = ((1440, 900), (390, 844))
SCHEMES = ("light", "dark")
PATIENCE_MS = 120_000
SETTLE_MS = 1_500
THEME = f"--theme.base={PAGE.parent / 'theme.toml'}"

MODEL = "BAAI/bge-small-en-v1.5"
OWN = f"office-box/l4@{MODEL}"
MACHINE = ("--card", "l4", "--usd-per-hour", "0.40", "--model", MODEL)
SPEED = Delay(median_s=0.004, per_text_s=0.0005, per_token_s=3.8e-5, replicas=2)
QUESTION = {
    "o": f"openai/text-embedding-3-small,{OWN}",
    "q": "2400000",
    "labour": "300",
    "spare": "0",
    "a": "openai:tier 5",
}
"""That of docs/own-server.md, as an address of the page has it."""


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


def sweep_own_server(data: Path) -> None:
    """Add the machine and sweep the stand-in as it. Raises RuntimeError where that fails."""
    with GroundTruthProcess(Config(delay=SPEED, most_texts=32)) as server:
        asked = ("--base-url", server.base_url, "--model", MODEL, "--is", OWN, "--batch", "16")
        for words in (("options", "add", "machine", "Office box", *MACHINE), ("sweep", *asked)):
            told = breakeven(data, *words)
            if told.returncode:
                raise RuntimeError(told.stderr)


def own_server(folder: Path) -> None:
    """Save the first screen with the swept machine in curves, table and verdict."""
    with tempfile.TemporaryDirectory() as data:
        sweep_own_server(Path(data))
        with served("run", str(PAGE), THEME, data=Path(data)) as page_server, chromium() as browser:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            drawn(page, f"{page_server.url}/?{urlencode(QUESTION)}")
            page.screenshot(path=folder / "own-server.png")


def first_screen(folder: Path) -> None:
    """Start the page with an empty data folder, probe, photograph."""
    with streamlit("run", str(PAGE), THEME) as (address, _), chromium() as browser:
        probe_this_machine(browser, address)
        photograph(browser, address, folder)


SCREENS = {"first-screen": first_screen, "own-server": own_server}


if __name__ == "__main__":
    into = Path(sys.argv[1])
    into.mkdir(parents=True, exist_ok=True)
    SCREENS[(*sys.argv[2:], "first-screen")[0]](into)
