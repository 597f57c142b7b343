"""What README shows is run, as it stands there."""

import re
from pathlib import Path

import pytest

from tests.benchmarks.history import FILE, read

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "dashboard" / "texts"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_model_s_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """The snippet that asks the model prints the cheapest option and its month's cost."""
    (example,) = (
        block
        for block in re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)
        if "at_volume" in block
    )
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102  it is our own text
    label, usd = capsys.readouterr().out.rsplit(" ", 1)
    assert label
    assert float(usd) > 0


def test_the_page_denies_no_measurement_that_the_readme_states() -> None:
    """What was measured on a GPU is the same on the page Method, with how far off it was."""
    texts = (TEXTS / "method-limits.md", TEXTS / "method-batch.md")
    limits, batch = (path.read_text(encoding="utf-8") for path in texts)
    flat = " ".join(README.split())
    assert "NVIDIA H200" in flat
    for text, claim in ((limits, "18 to 36 % too low"), (batch, "batches took 1.2 to 1.3 times")):
        assert "H200" in text
        assert claim in text
        assert claim in flat
        assert "not been held against a GPU" not in text


def test_the_transport_s_figures_are_those_that_the_history_kept() -> None:
    """Each median with its range, of the newest run that was saved, is in its row."""
    lines = [line for line in read(FILE) if line.benchmark == "transport"]
    newest = [line for line in lines if line.where.at == lines[-1].where.at]
    assert len(newest) == 6
    for line in newest:
        spread = line.figure.runs
        written = f"{spread.median:.2f} ({spread.low:.2f} to {spread.high:.2f})"
        assert written in README, line.figure.what
