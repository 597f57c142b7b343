"""From a slider's step to the drawn chart: our page beside the smallest Streamlit app.

Both draw ten lines of about 400 points and are driven by keys in one browser, in turn. Time
runs from the browser's key event to the frame after the lines have other coordinates. The
page's volume slider moves no line, so it is watched for its marker, which the browser moves by
itself, and for the verdict's new words, which need the server. Beside that stands the processor
time that each server takes for a step: no neighbour on the machine lengthens it, and it bounds how
many people one machine serves.
"""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.benchmarks.browser import chromium, open_page
from tests.benchmarks.figure import Figure
from tests.benchmarks.report import Spread, load, ratios, say, table
from tests.benchmarks.server import PAGE, Served

ROUNDS = 5
STEPS = 6
WARM_UP_STEPS = 2
SETTLE_MS = 150
START = "?t=20&q=10000"
"""Where the page's sliders stand first: low, so that no step comes back to a cached answer."""
TIMES = 1.2
SMALLEST = "smallest app, st.plotly_chart"

FIGURE = """
import numpy as np
import streamlit as st
st.set_page_config(layout="wide")
slope = st.slider("Slope", 0, 100, 1)
x = np.geomspace(1e6, 1e12, 400)
data = [
    {"type": "scatter", "mode": "lines", "name": f"line {n}", "x": x, "y": (n + slope) * x ** 0.9}
    for n in range(1, 11)
]
figure = {"data": data, "layout": {"xaxis": {"type": "log"}, "yaxis": {"type": "log"}}}
"""
APPS = {
    SMALLEST: FIGURE + "st.plotly_chart(figure)\n",
    "smallest app, live_chart": FIGURE
    + "from dashboard.components.live_chart.component import live_chart\n"
    + 'live_chart(figure, marker=1e9, alt="Lines", height=450, key="chart")\n',
}

# Resolves to the milliseconds from the next key to the frame after the first change.
WATCH = """
([what, selector]) => {
  const look = {
    lines: (node) => node.getAttribute("d"),
    place: (node) => node.style.transform,
    words: (node) => node.textContent,
  }[what]
  const all = () => [...document.querySelectorAll(selector)].map(look)
  const before = new Set(all())
  window.watched ??= {}
  window.watched[what] = new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`${what} of ${selector} did not change`)), 20000)
    let began = null
    addEventListener("keydown", (key) => { began = key.timeStamp }, { capture: true, once: true })
    const observer = new MutationObserver(() => {
      if (began === null || all().every((value) => before.has(value))) return
      observer.disconnect()
      requestAnimationFrame(() => resolve(performance.now() - began))
    })
    observer.observe(document.body, {
      subtree: true, childList: true, attributes: true, characterData: true,
      attributeFilter: ["d", "style"],
    })
  })
}
"""
LINES = ("lines", ".js-line")
MARKER = ("place", ".live-chart__marker")
VERDICT = ("words", "[data-testid=stMain] [data-testid=stMarkdownContainer]")


@dataclass(slots=True)
class Control:
    """A slider on an open page, and what is watched when it takes a step."""

    page: Page
    server: Served
    label: str
    watched: dict[str, tuple[str, str]]
    """Name in the report -> what changes and where."""
    runs_ms: dict[str, list[float]] = field(default_factory=dict)
    """Median of each round's steps, by the name in the report."""
    server_ms: list[float] = field(default_factory=list)
    """Processor time of the server, a step; a mean of each round. Empty where nobody can say."""

    @property
    def name(self) -> str:
        """What it is called in the report."""
        return next(iter(self.watched))

    def run_round(self) -> None:
        """Take STEPS steps and keep the median of each watched thing."""
        before_s = self.server.processor_s()
        steps = [self.step() for _ in range(STEPS)]
        after_s = self.server.processor_s()
        if before_s is not None and after_s is not None:
            self.server_ms.append((after_s - before_s) / STEPS * 1e3)
        for name in self.watched:
            runs = self.runs_ms.setdefault(name, [])
            runs.append(statistics.median(step[name] for step in steps))

    def step(self) -> dict[str, float]:
        """Press a key; return the milliseconds until each watched thing had changed."""
        slider = self._slider()
        slider.focus()
        for what in self.watched.values():
            self.page.evaluate(WATCH, list(what))
        slider.press("ArrowRight")
        taken = {
            name: float(self.page.evaluate("what => window.watched[what]", what))
            for name, (what, _) in self.watched.items()
        }
        self._settle()
        return taken

    def _slider(self) -> Locator:
        return self.page.get_by_role("slider", name=self.label).first

    def _settle(self) -> None:
        self.page.wait_for_timeout(SETTLE_MS)
        self.page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def main() -> list[Figure]:
    """Measure all sides in turn; return the page's ratios beside their budgets."""
    with _controls() as controls:
        for control in controls:
            for _ in range(WARM_UP_STEPS):
                control.step()
        for _ in range(ROUNDS):
            for control in controls:
                control.run_round()
        for control in controls:
            say(f"{control.name}: {_drawn(control.page)}")
    runs_ms = {name: runs for control in controls for name, runs in control.runs_ms.items()}
    server_ms = {control.name: control.server_ms for control in controls if control.server_ms}
    return [*_drawn_figures(runs_ms), *_server_figures(server_ms)]


@contextmanager
def _controls() -> Iterator[list[Control]]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        browser = stack.enter_context(chromium())
        controls = []
        for index, (name, script) in enumerate(APPS.items()):
            app = folder / f"app{index}.py"
            app.write_text(script, encoding="utf-8")
            opened = open_page(browser, stack, app)
            controls.append(Control(*opened, "Slope", {name: LINES}))
        opened = open_page(browser, stack, PAGE, START)
        controls.append(Control(*opened, "Tokens per request", {"page, lines": LINES}))
        volume = {"page, volume: marker": MARKER, "page, volume: verdict": VERDICT}
        controls.append(Control(*opened, "Requests per day", volume))
        yield controls


def _drawn(page: Page) -> str:
    """Say how much the page's first chart draws."""
    points = page.evaluate(
        "() => document.querySelector('.js-plotly-plot')._fullData"
        ".filter(trace => trace.mode === 'lines').map(trace => trace.x.length)"
    )
    return f"{len(points)} lines, {sum(points):,} points"


def _drawn_figures(runs_ms: dict[str, list[float]]) -> list[Figure]:
    """From the step to what is drawn."""
    table(
        f"Slider step to drawn, median of {STEPS} steps a round, {ROUNDS} interleaved rounds: "
        f"median (range); {load()}",
        ("", "ms", "ratio to the smallest app"),
        _rows(runs_ms),
    )
    return [
        Figure(f"{name}, drawn, against the smallest app", ratios(runs, runs_ms[SMALLEST]), TIMES)
        for name, runs in runs_ms.items()
        if name.startswith("page")
    ]


def _server_figures(server_ms: dict[str, list[float]]) -> list[Figure]:
    """What a step costs the server; nothing where the system does not say."""
    if not server_ms:
        return []
    table("Processor time of the server, a step", ("", "ms", "ratio"), _rows(server_ms))
    return [
        Figure(
            f"{name.partition(':')[0]}, processor of the server, against the smallest app",
            ratios(runs, server_ms[SMALLEST]),
            TIMES,
        )
        for name, runs in server_ms.items()
        if name.startswith("page")
    ]


def _rows(runs_ms: dict[str, list[float]]) -> list[tuple[str, str, str]]:
    reference = runs_ms[SMALLEST]
    return [
        (name, Spread.of(runs).text(), ratios(runs, reference).text(digits=2))
        for name, runs in runs_ms.items()
    ]
