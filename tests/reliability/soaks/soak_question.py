"""Random steps of a user over a bad line: no input changes but those that were touched.

The line is slow, loses what either side says, and breaks; the processor is slow; pages are
switched, folds opened, the page reloaded. Then the line is good again, and the address must say
the former question in every input that was not touched, and what the controls say in the others.
"""

import random
from contextlib import ExitStack
from dataclasses import dataclass, field

from playwright.sync_api import BrowserContext, Page
from playwright.sync_api import Error as BrowserError

from dashboard import formats
from dashboard.state.inputs import INPUTS
from tests.benchmarks.browser import chromium
from tests.benchmarks.server import PAGE, streamlit
from tests.dashboard.browsing import FULL_LINK, link, press, query, settle, unfold, visit
from tests.reliability.trial import Trial
from tests.servers.network.line import Line

VISITS = 8
ROUNDS = 6
STEPS = 4
DRAWN = ("t", "peak", "slo")
SLIDERS = {INPUTS[key].knob.label: key for key in (*DRAWN, "burst", "batch", "u", "g")}
FOLDS = ("Texts and load", "Self-hosting", "Growth and calendar", "Own prices")
PAGES = ("Compare", "Plan", "Risk", "Prices", "Method")
STEP_MS = 4_000


@dataclass(slots=True)
class Walk:
    """One visit: what the question is known to be, and which inputs were touched since."""

    page: Page
    line: Line
    chance: random.Random
    asked: dict[str, str]
    touched: set[str] = field(default_factory=set)

    def step(self) -> None:
        """Do something at random; what is not there at the moment is not done."""
        self.page.set_default_timeout(STEP_MS)
        try:
            self.chance.choices(
                (self._slide, self._fold, self._switch, self._hurt, self._reload),
                weights=(8, 4, 3, 5, 1),
            )[0]()
        except BrowserError:
            return  # The control went away, or the page is still being made.

    def _slide(self) -> None:
        label = self.chance.choice(list(SLIDERS))
        self.page.get_by_role("slider", name=label).first.wait_for(timeout=500)
        self.touched.add(SLIDERS[label])
        press(self.page, label, self.chance.choice(("ArrowRight", "ArrowLeft", "ArrowRight")))

    def _fold(self) -> None:
        unfold(self.page, self.chance.choice(FOLDS))

    def _switch(self) -> None:
        self.page.get_by_role("link", name=self.chance.choice(PAGES), exact=True).click()

    def _hurt(self) -> None:
        self.line.delay_s = self.chance.choice((0.0, 0.1, 0.4))
        if self.chance.random() < 0.5:
            self.line.lose(self.chance.choice(("browser", "server")))
            self.page.wait_for_timeout(self.chance.uniform(50, 800))
            self.line.cut()
        else:
            self.line.breaks_after = self.chance.uniform(100, 20_000)

    def _reload(self) -> None:
        self.page.reload()

    def compare(self, trial: Trial) -> int:
        """Mend the line, wait, and compare; return how many untouched inputs changed."""
        self.line.delay_s, self.line.breaks_after = 0.0, float("inf")
        self.page.wait_for_timeout(1_500)
        settle(self.page)
        now = link(self.page)
        changed = {
            name
            for name in (now.keys() | self.asked.keys()) - self.touched
            if now.get(name) != self.asked.get(name)
        }
        trial.expect(not changed, f"Nobody touched {sorted(changed)}: {self.asked} became {now}.")
        for key in DRAWN:
            self._agree(key, now, trial)
        self.asked, self.touched = now, set()
        return len(changed)

    def _agree(self, key: str, now: dict[str, str], trial: Trial) -> None:
        """Compare what a control shows with what the address says."""
        entry = INPUTS[key]
        slider = self.page.get_by_role("slider", name=entry.knob.label).first
        shows = slider.get_attribute("aria-valuetext") or ""
        value = float(now.get(key, entry.default))
        says = formats.quantity(value, entry.knob.unit)
        trial.expect(shows.startswith(says), f"{key}: shown {shows!r}, in the address {says!r}.")


def main(seed: int) -> Trial:
    """Walk VISITS times; each visit compares after every few steps."""
    trial, chance = Trial(), random.Random(seed)
    figures = {"actions": 0, "messages_of_the_browser": 0, "comparisons": 0, "blank_pages": 0}
    figures["changes_of_untouched_inputs"] = 0
    with ExitStack() as stack:
        browser = stack.enter_context(chromium())
        url, _ = stack.enter_context(streamlit("run", str(PAGE)))
        line = stack.enter_context(Line(int(url.rpartition(":")[2])))
        for _ in range(VISITS):
            context = browser.new_context(viewport={"width": 1440, "height": 1600})
            _visit(context, line, chance, trial, figures)
            context.close()
    trial.figures.update(figures)
    trial.expect(figures["comparisons"] > VISITS, "Nearly nothing was compared.")
    return trial


def _visit(
    context: BrowserContext,
    line: Line,
    chance: random.Random,
    trial: Trial,
    figures: dict[str, int],
) -> None:
    page = visit(context, f"{line.address}/?{query(FULL_LINK)}", chance.choice((1, 3, 6)))
    walk = Walk(page, line, chance, FULL_LINK)

    def sent(_: object) -> None:
        figures["messages_of_the_browser"] += 1

    page.on("websocket", lambda socket: socket.on("framesent", sent))
    for _ in range(ROUNDS):
        for _ in range(STEPS):
            walk.step()
            page.wait_for_timeout(chance.uniform(0, 600))
            figures["actions"] += 1
        try:
            figures["changes_of_untouched_inputs"] += walk.compare(trial)
            figures["comparisons"] += 1
        except BrowserError:
            # Streamlit leaves a page blank where the line broke in the midst of its first run.
            figures["blank_pages"] += 1
            return
