"""The local engine from the command line."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from core.cli.commands.engine_command import lines_of
from core.cli.main import cli
from core.engines.common.status import INSTALL, engine_status
from core.errors import RunError
from tests.cli.terminal import breakeven
from tests.conftest import need
from tests.dashboard.sweeps import report

RUNNER = CliRunner()


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Thirty different texts, one of them twice."""
    monkeypatch.setenv("BREAKEVEN_DATA_DIR", str(tmp_path / "data"))
    file = tmp_path / "texts.txt"
    lines = [f"question number {i} about {'order' if i % 2 else 'refund'}s" for i in range(30)]
    file.write_text("\n".join([*lines, lines[0]]), encoding="utf-8")
    return file


def vectors(folder: Path, name: str, rows: int, seed: int) -> str:
    """A file of vectors."""
    file = folder / name
    np.save(file, np.random.default_rng(seed).normal(size=(rows, 5)))
    return str(file)


def test_two_files_of_vectors_are_compared(texts: Path, tmp_path: Path) -> None:
    """A text that stands twice counts once; the least agreed on are named."""
    one = vectors(tmp_path, "one.npy", 30, 1)
    done = RUNNER.invoke(cli, ["neighbours", str(texts), "--first", one, "--second", one])
    assert done.exit_code == 0, done.output
    assert "share 100% (100% to 100%, 30 texts as queries; 34% would be chance)" in done.output
    other = vectors(tmp_path, "other.npy", 30, 2)
    done = RUNNER.invoke(
        cli, ["neighbours", str(texts), "--first", one, "--second", other, "--k", "5", "--json"]
    )
    found = json.loads(done.output)
    assert found["k"] == 5
    assert found["low"] <= found["mean"] <= found["high"] < 0.5


@pytest.mark.parametrize(("rows", "said"), [(31, "31 vectors, there are 30"), (0, "0 vectors")])
def test_vectors_of_other_texts_are_refused(
    texts: Path, tmp_path: Path, rows: int, said: str
) -> None:
    """Row by row must be text by text."""
    one = vectors(tmp_path, "one.npy", rows, 1)
    done = RUNNER.invoke(cli, ["neighbours", str(texts), "--first", one, "--second", one])
    assert isinstance(done.exception, RunError)
    assert said in str(done.exception)


@pytest.mark.local_model
def test_a_model_of_this_computer_is_one_side(texts: Path, tmp_path: Path) -> None:
    """The packaged model against vectors from elsewhere."""
    need(engine_status().ready, "the extra: " + INSTALL)
    other = vectors(tmp_path, "other.npy", 30, 2)
    done = RUNNER.invoke(cli, ["neighbours", str(texts), "--second", other, "--k", "3"])
    assert done.exit_code == 0, done.output
    assert "Of the 3 nearest texts both models share" in done.output


def test_a_sweep_is_said_in_a_few_lines() -> None:
    """Rate, verdict, capacity, energy and each prediction with its error."""
    said = "\n".join(lines_of(report()))
    assert "5,000 tokens/s at full batches (onnxruntime, fp32)" in said
    assert "p95 at 50% of that: predicted 0.060 s, measured 0.050 s (+20%)" in said


def test_an_engine_that_does_not_exist_is_refused_by_its_option() -> None:
    """A sentence with what there is, before anything starts."""
    done = RUNNER.invoke(cli, ["sweep", "--engine", "tensorrt"])
    assert isinstance(done.exception, RunError)
    assert "--engine tensorrt" in str(done.exception)
    assert "onnxruntime" in str(done.exception)


@pytest.mark.parametrize(
    ("flag", "value", "limits"),
    [
        ("--tokens", "99999999", "to 131,072"),
        ("--slo", "1e9", "to 600"),
        ("--threads", "9999999", "to 256"),
    ],
)
def test_a_number_above_its_limit_is_a_sentence(
    tmp_path: Path, flag: str, value: str, limits: str
) -> None:
    """No traceback and no word of a library: what must be, and what was given."""
    refused = breakeven(tmp_path, "sweep", flag, value)
    assert refused.returncode == 2
    assert f"breakeven: {flag} must be" in refused.stderr
    assert limits in " ".join(refused.stderr.split())
    assert "Input should" not in refused.stderr
