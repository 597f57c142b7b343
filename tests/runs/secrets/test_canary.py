"""No part of a key is in anything that is written, whatever a server does to get it there."""

import ast
import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.runs.secrets.secrecy import HIDDEN
from core.settings import Settings
from core.store.open import open_store
from core.store.tables import METADATA
from tests.cli.terminal import breakeven
from tests.servers.formats.cohere import COHERE
from tests.servers.formats.dialect import Dialect
from tests.servers.formats.google import GOOGLE
from tests.servers.formats.huggingface import HUGGINGFACE
from tests.servers.formats.voyage import VOYAGE
from tests.servers.ground_truth import Config, GroundTruthServer

Serve = Callable[..., GroundTruthServer]
CANARY = "sk-quokka_marmalade_zebra_73910462845017-Wobble%7Q"
"""Has what each header and field lets through: plain words, code words, many digits."""
PART = 8
RUNS = Path(__file__).parents[3] / "core" / "runs"


def parts_of(key: str) -> Iterator[str]:
    """Every eight characters of the key, and of its beginning in other forms, in lower case."""
    whole, data = key.lower(), key.encode()
    yield from (whole[i : i + PART] for i in range(len(whole) - PART + 1))
    yield data.hex()[: 2 * PART]
    yield base64.b64encode(data).decode().lower()[:PART]
    yield "73,910,462"


def table_texts(folder: Path) -> str:
    """Every value of every table, numbers written out."""
    store = open_store(Settings(data_dir=folder))
    with store.read() as connection:
        found = repr([connection.execute(select(table)).all() for table in METADATA.sorted_tables])
    store.close()
    return found


def assert_hidden(folder: Path, *shown: str) -> None:
    """No part of the canary is in a file below the folder, in a table or in what was shown."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".db", ".log"}
    texts = {path.name: path.read_bytes().decode("latin-1").lower() for path in files}
    texts |= {"tables": table_texts(folder).lower(), "shown": " ".join(shown).lower()}
    found = {
        (name, part) for name, text in texts.items() for part in parts_of(CANARY) if part in text
    }
    assert not found


@pytest.mark.parametrize(
    ("wire", "dialect", "more"),
    [
        ("openai_compatible", None, ("--inspect", "--retries", "1")),
        ("openai_compatible", None, ("--client", "openai_sdk")),
        ("google", GOOGLE, ()),
        ("huggingface", HUGGINGFACE, ()),
        ("cohere", COHERE, ()),
        ("voyage", VOYAGE, ()),
    ],
)
def test_a_server_that_sends_pieces_of_the_key_back_has_none_stored_or_shown(
    tmp_path: Path,
    embedding_server: Serve,
    wire: str,
    dialect: Dialect | None,
    more: tuple[str, ...],
) -> None:
    """In no table, log, export or output: from headers, numbers, bodies, codes and names."""
    server = embedding_server(Config(echoes=True))
    url = server.dialect_url(dialect) if dialect else server.base_url
    typed = ("--base-url", url, "--model", "m", "--wire", wire, "--key-env", "MINE", *more)
    many = ("--requests", "60", "--rate", "200")
    done = breakeven(tmp_path, "probe", *typed, *many, variables={"MINE": CANARY})
    assert "Traceback" not in done.stderr
    assert len(server.truths) >= 60
    assert all(truth.bearer for truth in server.truths)
    listed = breakeven(tmp_path, "runs", "list", "--json")
    (run,) = json.loads(listed.stdout)
    exported = breakeven(tmp_path, "runs", "export", run["run_id"])
    assert HIDDEN in exported.stdout
    shown = (done.stdout, done.stderr, exported.stdout, exported.stderr, listed.stdout)
    assert_hidden(tmp_path, *shown)


def test_a_worker_writes_of_its_run_through_one_door() -> None:
    """None of its modules changes a run or adds samples past the place that scrubs them."""
    writers = {"change_run", "add_samples", "add_run"}
    modules = [*(RUNS / "working").glob("*.py"), *(RUNS / "sweep").glob("*.py")]
    assert len(modules) > 10
    for module in modules:
        if module.stem in {"worker", "run_ending"}:  # taking over, and ending for another, is words
            continue
        tree = ast.parse(module.read_text(encoding="utf-8"))
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not used & writers, module.name
