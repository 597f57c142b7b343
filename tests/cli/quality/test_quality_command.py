"""`breakeven quality`: what it says, what it stores, and what it refuses."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.runs.places.folders import models_folder
from tests.cli.terminal import breakeven
from tests.servers.ground_truth import Config, GroundTruthServer

Serve = Callable[..., GroundTruthServer]


def pairs_file(folder: Path, queries: int = 30) -> Path:
    """Each second query is its document's own text, which every model finds."""
    rows = [f"{'text' if n % 2 else 'question'} {n},text {n}" for n in range(queries)]
    file = folder / "pairs.csv"
    file.write_text("\n".join(["query,text", *rows]), encoding="utf-8")
    return file


@pytest.mark.local_model
def test_a_server_is_compared_with_this_machine_and_stands_in_the_comparison(
    tmp_path: Path, embedding_server: Serve, exported_model: Path
) -> None:
    """Figures with intervals, the difference in a sentence; `compare` has them as JSON."""
    shutil.copytree(exported_model, models_folder(tmp_path), copy_function=os.link)
    server = embedding_server(Config(dims=16))
    words = ("--base-url", server.base_url, "--model", "m", "--against", "this-machine")
    done = breakeven(tmp_path, "quality", str(pairs_file(tmp_path)), *words, "--k", "3", "--json")
    assert done.returncode == 0, done.stderr
    assert "Sends to http://127.0.0.1:" in done.stderr
    assert "120 texts, at most $0" in done.stderr
    report = json.loads(done.stdout)
    assert report["state"] == "done"
    server_side, machine = report["quality"]["candidates"]
    assert server_side["recall"]["mean"] >= 0.5
    assert machine["recall"]["mean"] >= server_side["recall"]["mean"]
    assert len(report["quality"]["differences"]) == 2
    listed = breakeven(tmp_path, "runs", "list")
    assert listed.returncode == 0, listed.stderr
    compared = breakeven(tmp_path, "compare", "--option", "this-machine", "--json")
    (row,) = json.loads(compared.stdout)["options"]
    assert row["quality"]["k"] == 3
    assert row["quality"]["found"]["recall"] == machine["recall"]


def test_it_is_told_in_lines(tmp_path: Path, embedding_server: Serve) -> None:
    """Who was tested, what was found with its interval, the seed, and what it cost."""
    server = embedding_server(Config(dims=16))
    words = ("--base-url", server.base_url, "--model", "m", "--dims", "8", "--int8")
    done = breakeven(tmp_path, "quality", str(pairs_file(tmp_path)), *words, "--seed", "7")
    assert done.returncode == 0, done.stderr
    assert "recall@10 " in done.stdout
    assert "8 dimensions: " in done.stdout
    assert "int8: " in done.stdout
    assert "seed 7, 10,000 draws" in done.stdout
    assert "billed $0" in done.stdout


@pytest.mark.parametrize(
    ("content", "flags", "words"),
    [
        ("", (), "The pairs are empty"),
        ("query,text\n" + "\n".join(f"q{n},t{n}" for n in range(30)), ("--against", "no/such"), ""),
        ("query,text\nq,t\nq2,t2", ("--query-prefix", "nobody=x: "), "write ID=TEXT"),
    ],
)
def test_what_cannot_be_tested_is_refused_before_anything_is_sent(
    tmp_path: Path, embedding_server: Serve, content: str, flags: tuple[str, ...], words: str
) -> None:
    """One sentence, exit status 2."""
    server = embedding_server()
    file = tmp_path / "pairs.csv"
    file.write_text(content, encoding="utf-8")
    address = ("--base-url", server.base_url, "--model", "m")
    done = breakeven(tmp_path, "quality", str(file), *address, *flags)
    assert done.returncode == 2
    assert done.stderr.startswith("breakeven: ")
    assert words in done.stderr or not words
    assert server.truths == []
