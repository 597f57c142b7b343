"""What was parsed is kept beside its hash: the same catalogue, at a fraction of the time."""

import json
import stat
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from core.catalog.load import DATA, load_catalog
from core.catalog.own.joined import joined_catalog
from core.catalog.schema import Catalog
from core.catalog.table_files import Tables
from core.errors import CatalogError
from tests.catalog.own.own_texts import MINE, write

MOST_OF_TOMLLIB = 0.2
FILES = sorted(DATA.rglob("*.toml"))


def kept_by(tmp_path: Path) -> Path:
    """What a first start leaves behind."""
    kept = tmp_path / "data" / "tables.json"
    joined_catalog(tmp_path / "none", cache=kept)
    return kept


def test_the_second_start_has_the_same_catalogue(tmp_path: Path, catalog: Catalog) -> None:
    """Every price exactly, every date; and nothing is parsed or written again."""
    kept = kept_by(tmp_path)
    before = kept.stat().st_mtime_ns, kept.read_bytes()
    again = joined_catalog(tmp_path / "none", cache=kept).catalog
    # The queue is a table of numbers, and no part of the files.
    assert again.model_copy(update={"queue": catalog.queue}) == catalog
    assert again.model_dump_json(exclude={"queue"}) == catalog.model_dump_json(exclude={"queue"})
    assert (kept.stat().st_mtime_ns, kept.read_bytes()) == before
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"[]", b'{"form": 0}', b'{"form": 1, "tables": {"a": 1}}', b"\xff\x00"]
)
def test_a_damaged_file_is_made_anew(tmp_path: Path, damage: bytes) -> None:
    """Nothing of it is used, and nobody is bothered."""
    kept = kept_by(tmp_path)
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    joined_catalog(tmp_path / "none", cache=kept)
    assert kept.read_bytes() == whole


@pytest.mark.skipif(sys.platform == "win32", reason="files there have no mode of this kind")
def test_what_others_could_have_written_is_not_believed(tmp_path: Path, catalog: Catalog) -> None:
    """A price that stands in it is not used; the file is made anew, and is its owner's alone."""
    kept = kept_by(tmp_path)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    document = json.loads(kept.read_bytes())
    for table in document["tables"].values():
        for offer in table.get("api_offers", ()):
            offer["prices"][0]["usd"] = 9.0
    for mode in (0o620, 0o602, 0o666):
        kept.write_text(json.dumps(document))
        kept.chmod(mode)
        read = joined_catalog(tmp_path / "none", cache=kept).catalog
        assert read.providers == catalog.providers


def test_a_changed_file_is_read_from_its_own_bytes(folder: Path, tmp_path: Path) -> None:
    """The hash is of the bytes: another price is another file, and the old table is dropped."""
    kept, path = tmp_path / "tables.json", folder / "api" / "alpha.toml"
    for text in (path.read_text(), path.read_text().replace("usd = 0.1", "usd = 0.3")):
        path.write_text(text)
        tables = Tables(kept)
        known = load_catalog(folder, tables)
        tables.keep()
        assert known.model_dump(exclude={"queue"}) == load_catalog(folder).model_dump(
            exclude={"queue"}
        )
    assert len(json.loads(kept.read_text())["tables"]) == len(list(folder.rglob("*.toml")))


def test_a_folder_that_is_refused_is_not_kept(tmp_path: Path) -> None:
    """A fault is found by the same words at every start."""
    kept = tmp_path / "tables.json"
    write(tmp_path / "own", "api/mine.toml", MINE.replace("0.01", "0"))
    first = joined_catalog(tmp_path / "own", cache=kept).refusal
    assert not kept.exists()
    assert joined_catalog(tmp_path / "own", cache=kept).refusal == first != ""


def test_a_place_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    """A file where the folder should be."""
    write(tmp_path, "data", "")
    assert joined_catalog(tmp_path / "none", cache=tmp_path / "data" / "t.json").refusal == ""
    with pytest.raises(CatalogError, match="is missing"):
        Tables(tmp_path / "data" / "t.json").read(tmp_path / "none.toml")


def processor_s(work: Callable[[], object]) -> float:
    """The least processor time of nine runs, s."""
    times = []
    for _ in range(9):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.alone
def test_reading_what_is_kept_takes_a_fifth_of_parsing_at_most(tmp_path: Path) -> None:
    """Processor time from the files to their tables, hashes and all, against tomllib alone."""
    kept, texts = kept_by(tmp_path), [path.read_text(encoding="utf-8") for path in FILES]

    def from_what_is_kept() -> None:
        tables = Tables(kept)
        for path in FILES:
            tables.read(path)
        tables.keep()

    parsing = processor_s(lambda: [tomllib.loads(text) for text in texts])
    assert processor_s(from_what_is_kept) <= MOST_OF_TOMLLIB * parsing
