"""What README shows is run, as it stands there."""

import re
from pathlib import Path

import pytest

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")


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
