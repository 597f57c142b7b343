"""From the command to a healthy page: ours beside ``streamlit hello``.

Streamlit is healthy before it has run a line of the page, so the time to the first drawn page
is measured beside it. Torch must not be in the page's process: it costs seconds.
"""

import subprocess
import sys
import time

from playwright.sync_api import Browser

from tests.benchmarks.browser import chromium
from tests.benchmarks.figure import Figure
from tests.benchmarks.report import Spread, load, ratios, say, table
from tests.benchmarks.server import PAGE, ROOT, streamlit

ROUNDS = 5
RATIO_LIMIT = 1.3
SIDES = {"streamlit hello": ("hello",), "breakeven": ("run", str(PAGE))}
HEAVY = ("torch", "sentence_transformers", "transformers", "onnxruntime")
RUN_PAGE = f"""
import sys
from streamlit.testing.v1 import AppTest
page = AppTest.from_file({str(PAGE)!r}).run(timeout=60)
assert not page.exception, page.exception
print(*[name for name in {HEAVY!r} if name in sys.modules])
"""


def main() -> list[Figure]:
    """Measure both sides in turn; return the ratio and the heavy imports beside their budgets."""
    healthy_s: dict[str, list[float]] = {side: [] for side in SIDES}
    drawn_s: dict[str, list[float]] = {side: [] for side in SIDES}
    with chromium() as browser:
        for _ in range(ROUNDS):
            for side, command in SIDES.items():
                with streamlit(*command) as (url, seconds):
                    healthy_s[side].append(seconds)
                    drawn_s[side].append(seconds + _first_page_s(browser, url))
    _print(healthy_s, drawn_s)
    reference, ours = SIDES
    ratio = ratios(healthy_s[ours], healthy_s[reference])
    return [
        Figure("start to a healthy page, against streamlit hello", ratio, RATIO_LIMIT),
        Figure("heavy libraries that the page imports", Spread.of([_heavy_imports()]), 0, "of 4"),
    ]


def _first_page_s(browser: Browser, url: str) -> float:
    """Seconds from the browser's request to the end of the page's first run."""
    page = browser.new_page()
    began = time.perf_counter()
    page.goto(url)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_selector("[data-testid=stMainBlockContainer] [data-testid=stMarkdown]")
    seconds = time.perf_counter() - began
    page.close()
    return seconds


def _print(healthy_s: dict[str, list[float]], drawn_s: dict[str, list[float]]) -> None:
    table(
        f"Start, {ROUNDS} interleaved rounds: median (range), s; {load()}",
        ("", "healthy", "first page drawn"),
        [
            (
                side,
                Spread.of(healthy_s[side]).text(digits=2),
                Spread.of(drawn_s[side]).text(digits=2),
            )
            for side in SIDES
        ],
    )


def _heavy_imports() -> int:
    """Run the whole page in a process of its own and count what it has imported.

    Raises RuntimeError where the page did not run.
    """
    done = subprocess.run(
        [sys.executable, "-c", RUN_PAGE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"The page did not run:\n{done.stderr[-2000:]}")
    heavy = done.stdout.split()
    say(f"Imported by the page's process of {', '.join(HEAVY)}: {', '.join(heavy) or 'none'}")
    return len(heavy)
