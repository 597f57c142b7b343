"""Hostile uploads of the permitted size: what they cost a process, and the page itself."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from core.usage.load_found import MAX_BYTES
from tests.benchmarks.browser import chromium
from tests.benchmarks.report import say
from tests.benchmarks.server import PAGE, streamlit
from tests.reliability.trial import Trial
from tests.reliability.uploads import LOADS, TIMES, cost_of, hostile

BYTES = MAX_BYTES - 1_000_000
PATIENCE_MS = 180_000
ON_THE_PAGE = ("empty objects", "a list in a list", "one text of four-byte signs", "good CSV")


def main(seed: int) -> Trial:
    """Read every shape in a process of its own, and some through the real page."""
    del seed
    trial = Trial()
    with tempfile.TemporaryDirectory() as folder:
        _in_processes(trial, Path(folder))
        _on_the_page(trial, Path(folder))
    return trial


def _in_processes(trial: Trial, folder: Path) -> None:
    worst = 0.0
    for kind, name, data in hostile(BYTES):
        cost = cost_of(kind, data, folder)
        say(f"{kind}, {name}: {cost.times:.2f} times its size, {cost.seconds:.1f} s. {cost.said}")
        trial.expect(cost.times <= TIMES, f"{kind}, {name} costs {cost.times:.1f} times its size.")
        trial.expect(len(cost.said) <= 600, f"{kind}, {name} is refused at great length.")
        worst = max(worst, cost.times)
    trial.figures["dearest upload, times its size"] = round(worst, 2)


def _on_the_page(trial: Trial, folder: Path) -> None:
    with chromium() as browser:
        for name in ON_THE_PAGE:
            file = folder / "requests.json"
            file.write_bytes(LOADS[name](BYTES))
            with streamlit("run", str(PAGE)) as (address, _):
                page = browser.new_page()
                page.goto(address)
                page.get_by_text("Import your own load").click(timeout=PATIENCE_MS)
                page.locator("input[type=file]").wait_for(state="attached", timeout=PATIENCE_MS)
                process_id = process_of(address)
                idle = peak_bytes(process_id)
                _upload(page, file)
                times = (peak_bytes(process_id) - idle) / file.stat().st_size
                page.close()
            trial.figures[f"page, {name}, times its size"] = round(times, 2)
            trial.expect(times <= TIMES, f"On the page {name} costs {times:.1f} times its size.")


def _upload(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_test_id("stAlertContainer").first.wait_for(timeout=PATIENCE_MS)


def process_of(address: str) -> int:
    """The server of an address."""
    wanted = f"--server.port={address.rpartition(':')[2]}".encode()
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and wanted in (folder / "cmdline").read_bytes():
            return int(folder.name)
    raise LookupError(address)


def peak_bytes(process_id: int) -> int:
    """The most memory that a process ever had, from the system's own books."""
    status = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024
