"""Whether the page follows a finger that stays on the volume slider.

The finger makes twelve moves. Counted are the places that the marker took, which the browser
draws by itself, and the verdicts that the server answered, before the finger was lifted.
"""

from contextlib import ExitStack

from playwright.sync_api import Page

from tests.benchmarks.browser import chromium, open_page
from tests.benchmarks.figure import Figure
from tests.benchmarks.report import Spread, load, table
from tests.benchmarks.server import PAGE

ROUNDS = 5
MOVES = 12
BETWEEN_MOVES_MS = 100
LEAST_DRAWN = 8
"""Dash in its drag mode redrew 8 times in 12 moves."""

COUNT = """
() => {
  const verdict = "[data-testid=stMain] [data-testid=stMarkdownContainer]"
  const text = () => document.querySelector(verdict).textContent
  const place = () => document.querySelector(".live-chart__marker").style.transform
  let last = { text: text(), place: place() }
  window.counted = { text: 0, place: 0 }
  window.counting?.disconnect()
  window.counting = new MutationObserver(() => {
    const now = { text: text(), place: place() }
    for (const what of ["text", "place"]) if (now[what] !== last[what]) window.counted[what] += 1
    last = now
  })
  window.counting.observe(document.body, {
    subtree: true, childList: true, characterData: true,
    attributes: true, attributeFilter: ["style"],
  })
}
"""


def main() -> list[Figure]:
    """Drag several times; return how often the chart was drawn beside how often Dash draws it."""
    with ExitStack() as stack:
        page, _ = open_page(stack.enter_context(chromium()), stack, PAGE)
        page.wait_for_timeout(1_000)
        counts = [_drag(page) for _ in range(ROUNDS)]
    markers, verdicts = ([count[what] for count in counts] for what in ("place", "text"))
    table(
        f"Drawn during {MOVES} moves {BETWEEN_MOVES_MS} ms apart, {ROUNDS} drags: median (range); "
        f"{load()}",
        ("", "times"),
        [
            ("marker", Spread.of(markers).text()),
            ("verdict, answered by the server", Spread.of(verdicts).text()),
        ],
    )
    fewest = Spread.of([min(markers)])
    return [Figure(f"marker drawn in {MOVES} moves, fewest", fewest, LEAST_DRAWN, at_least=True)]


def _drag(page: Page) -> dict[str, int]:
    box = page.locator(".live-chart input").first.bounding_box()
    if box is None:
        raise RuntimeError("The page has no volume slider.")
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.3 * box["width"], y)
    page.mouse.down()
    page.wait_for_timeout(500)
    page.evaluate(COUNT)
    for move in range(1, MOVES + 1):
        page.mouse.move(box["x"] + (0.3 + 0.03 * move) * box["width"], y)
        page.wait_for_timeout(BETWEEN_MOVES_MS)
    counted: dict[str, int] = page.evaluate("() => window.counted")
    page.mouse.up()
    page.wait_for_timeout(500)
    return counted
