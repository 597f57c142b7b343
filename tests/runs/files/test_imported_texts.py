"""The texts of a stranger's run: refused at the door, made plain where they are in already."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from core.errors import RunError
from core.runs.files.importing import import_runs
from core.runs.files.run_file import document_of
from core.runs.service import Runs
from core.runs.surroundings.environment import environment
from core.settings import Settings
from core.store.open import Store, open_store
from core.store.runs import get_run
from core.store.samples import get_samples
from core.store.tables import runs, samples
from tests.store.support import NOON, sample, write_run

RUN = "00112233445566aa"
WAY_TO_SAID = ("runs", 0, "samples", 0, "server_said")
NASTY = "\u202eevil\x1b[31m\u200b"


@pytest.fixture
def document(store: Store) -> dict[str, Any]:
    """The export of a run that was measured here, with all that a file can say."""
    said = environment("a desk").model_dump_json()
    write_run(
        store, RUN, state="done", started_at=NOON, finished_at=NOON, summary=None, environment=said
    )
    with store.read() as connection:
        run = get_run(connection, RUN)
    assert run is not None
    found: dict[str, Any] = json.loads(document_of([(run, [sample(1), sample(2)])]))
    return found


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Store]:
    """The store of another installation."""
    opened = open_store(Settings(data_dir=tmp_path / "elsewhere"))
    yield opened
    opened.close()


def texts_of(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every text of a document."""
    if isinstance(value, str):
        yield way
    elif isinstance(value, dict | list):
        entries = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inner in entries:
            yield from texts_of(inner, (*way, name))


def put(document: dict[str, Any], way: tuple[Any, ...], text: str) -> bytes:
    """The document with another text at a place."""
    copy: Any = json.loads(json.dumps(document))
    place = copy
    for part in way[:-1]:
        place = place[part]
    place[way[-1]] = text
    return json.dumps(copy).encode()


def test_no_text_of_a_run_is_hidden_or_endless(elsewhere: Store, document: dict[str, Any]) -> None:
    """Every text but the sample texts: they are sent, and may be anything."""
    document["runs"][0]["error"] = "it failed"
    document["runs"][0]["samples"][0]["detail"] = "a word"
    document["runs"][0]["inspection"] = {"sentences": ["It cuts texts."]}
    found = {
        "failures": ["None."],
        "found": [
            {"label_a": "a", "label_b": "b", "model_a": "c", "model_b": "d", "texts": 10, "k": 3}
            | {"mean": 0.5, "low": 0.4, "high": 0.6, "by_chance": 0.1, "per_text": []}
        ],
    }
    document["runs"][0]["neighbours"] = found
    ways = list(texts_of(document))
    assert len(ways) > 25
    for way in ways:
        if "texts" in way:
            continue
        for text in (f"a{NASTY}b", "x" * 100_000):
            with pytest.raises(RunError) as refused:
                import_runs(elsewhere, put(document, way, text), "f.json")
            assert len(str(refused.value)) < 600
            assert str(refused.value).isprintable()
    import_runs(elsewhere, put(document, ("runs", 0, "plan", "texts", 0), "a\x00b\u202e"), "f.json")


def test_what_an_older_version_let_in_is_shown_plain(
    store: Store, elsewhere: Store, document: dict[str, Any], tmp_path: Path
) -> None:
    """The run opens, its texts are cut and made plain, and its export can be imported."""
    del document
    nasty = f"=1+1 {NASTY}" + "x" * 400
    with store.write() as connection:
        row = connection.execute(runs.select().where(runs.c.id == RUN)).one()
        plan, said = json.loads(row.plan), json.loads(row.environment)
        plan["subject"] |= {"label": nasty, "model": nasty * 2, "place": nasty}
        said |= {"host": nasty, "gpus": [nasty] * 200, "versions": [[nasty, nasty]]}
        connection.execute(
            update(runs)
            .where(runs.c.id == RUN)
            .values(
                plan=json.dumps(plan),
                environment=json.dumps(said),
                error=f"first\nsecond {NASTY}",
                imported_from=nasty,
            )
        )
        entry = {"run_id": RUN, "seq": 0, "detail": nasty, "phase": "cold", "outcome": "engine"}
        entry |= {"intended_ns": 0, "new_connection": False, "texts": 1}
        connection.execute(samples.insert(), [entry])
    view = Runs(store, Settings(data_dir=tmp_path)).view(RUN)
    label = view.plan.subject.label
    assert label.isprintable()
    assert label.startswith("=1+1 ·evil·[31m·")
    assert len(label) == 300
    assert view.environment is not None
    assert view.environment.host == label
    assert len(view.environment.gpus) == 100
    assert view.error == "first second ·evil·[31m·"
    with store.read() as connection:
        (stored,) = get_samples(connection, RUN)
        run = get_run(connection, RUN)
    assert stored.detail.isprintable()
    assert len(stored.detail) == 200
    assert run is not None
    out = document_of([(run, [replace(stored, detail="")])])
    assert import_runs(elsewhere, out.encode(), "f.json").new == (RUN,)


def test_what_this_computer_says_of_itself_never_stops_a_run() -> None:
    """A host with an odd name measures like any other."""
    said = environment("here", host=f"host{NASTY}", region="r" * 900)
    assert said.host == "host·evil·[31m·"
    assert said.region is not None
    assert len(said.region) == 300


def test_a_servers_sentence_in_a_file_is_cleaned_again(
    elsewhere: Store, document: dict[str, Any]
) -> None:
    """Whoever wrote the file: no key, no text of its plan, nothing longer than 300 characters."""
    text = "A letter of a person that nobody else should read."
    document["runs"][0]["plan"]["texts"] = [text, "two"]
    for entry, sentence in zip(
        document["runs"][0]["samples"],
        (f"cannot embed {text} with sk-proj-abcdef123456", "no such model"),
        strict=True,
    ):
        entry |= {"outcome": "http_error", "server_said": sentence}
    import_runs(elsewhere, json.dumps(document).encode(), "f.json")
    with elsewhere.read() as connection:
        first, second = get_samples(connection, RUN)
    assert first.server_said == "cannot embed [hidden] with [hidden]"
    assert second.server_said == "no such model"
    with pytest.raises(RunError, match="300 are the most"):
        import_runs(elsewhere, put(document, WAY_TO_SAID, "x" * 301), "f.json")
