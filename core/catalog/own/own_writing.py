"""Rows added to a folder of one's own, and taken out of it: all of them, or none.

What a folder would hold is checked whole, with the catalogue that ships, before a file is touched.
"""

import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

from core.catalog.load import PROVIDER_FOLDERS, ROWS
from core.catalog.own.joined import join
from core.catalog.own.own_files import own_files
from core.catalog.own.own_turn import turn_in
from core.catalog.own.replacing import replace_all
from core.catalog.own.toml_text import toml_text
from core.catalog.schema import Catalog
from core.catalog.table_files import Table, Tables
from core.errors import CatalogError
from core.scenario import OWNED_PREFIX, machine_and_model, machine_id

HEAD: Final = "# Yours: written by Breakeven, read after the catalogue that ships.\n"
RATE_PREFIX: Final = "rate/"
"""Of a rate's id: ``rate/lab/l4@BAAI/bge-m3``."""

Texts = Mapping[str, str | None]
"""Text of each changed file, by its name in the folder; None: the file goes."""
OF_OFFERS: Final = ("throughput.toml", "latency.toml")
"""Files whose rows name offers of providers."""


def add_rows(
    folder: Path,
    shipped: Catalog,
    added: Mapping[str, Table],
    *,
    replace: bool = False,
) -> tuple[Path, ...]:
    """Add tables to the files of a folder; returns the files. Raises CatalogError.

    A provider's file is new; ``replace``: it, and rows with the same id, take the place of yours.
    """
    with turn_in(folder):
        return _write(folder, shipped, texts_with(folder, added, replace=replace))


def texts_with(
    folder: Path, added: Mapping[str, Table], *, replace: bool = False
) -> dict[str, str]:
    """The files with tables added, as they would be. Raises CatalogError."""
    return {name: _with(folder, name, table, replace=replace) for name, table in added.items()}


def remove_option(folder: Path, shipped: Catalog, option_id: str) -> tuple[Path, ...]:
    """Take an option out, with what is said of it alone; returns the files. Raises CatalogError."""
    with turn_in(folder):
        texts = texts_without(folder, shipped, option_id)
        return _write(folder, shipped, texts, last_first=True)


def write_texts(folder: Path, shipped: Catalog, texts_of: Callable[[], Texts]) -> tuple[Path, ...]:
    """Put texts into a folder, if all of it then holds together. Raises CatalogError.

    ``texts_of``: makes them of what stands there; nobody else writes meanwhile.
    """
    with turn_in(folder):
        return _write(folder, shipped, texts_of())


def _write(
    folder: Path, shipped: Catalog, texts: Texts, *, last_first: bool = False
) -> tuple[Path, ...]:
    """Each file in its order: whoever is ended between two leaves a folder that is read.

    Rows are written before what rests on them; ``last_first``: and taken out after it.
    """
    _refuse_wrong(folder, shipped, texts)
    order = sorted(texts, key=_rests_on, reverse=last_first)
    try:
        for name in order:
            text = texts[name]
            if text is None:
                (folder / name).unlink(missing_ok=True)
            else:
                replace_all({folder / name: text})
    except OSError as error:
        raise CatalogError(f"{folder} cannot be written: {error.strerror or error}") from error
    return tuple(folder / name for name in order)


def _rests_on(name: str) -> int:
    """Providers name models, cards and processors; rates and latencies name their offers."""
    if "/" in name:
        return 1
    return 2 if name in OF_OFFERS else 0


def texts_without(folder: Path, shipped: Catalog, option_id: str) -> dict[str, str | None]:
    """A folder's files as they would be without an option, and without what is said of it alone.

    Raises CatalogError where it is none of one's own.
    """
    name = machine_id(option_id)
    if name.startswith(RATE_PREFIX):
        machine, model_id = machine_and_model(option_id.removeprefix(RATE_PREFIX))
        return _gone(folder, option_id, _of_rate(machine, model_id))
    if name.startswith(OWNED_PREFIX):
        card = name.removeprefix(OWNED_PREFIX)
        return _gone(folder, option_id, {"cards": lambda row: row.get("id") == card})
    provider_id, _, offer_id = name.partition("/")
    if any(provider.id == provider_id for provider in shipped.providers):
        raise CatalogError(f"{option_id[:80]} ships with the product: it is not yours to remove")
    path = _provider_file(folder, provider_id)
    table = {} if path is None else _table(path)
    left = {key: _others(table.get(key, []), offer_id) for key in ("api_offers", "machines")}
    if path is None or left == {key: table.get(key, []) for key in left}:
        raise _none_such(option_id)
    rest = toml_text({**table, **left}) if any(left.values()) else None
    about = {
        "throughputs": lambda row: row.get("machine") == name,
        "latencies": lambda row: row.get("option") == name,
    }
    return {f"{path.parent.name}/{path.name}": rest, **_without_rows(folder, about)}


def _of_rate(machine: str, model_id: str | None) -> Mapping[str, Callable[[Table], bool]]:
    def is_it(row: Table) -> bool:
        of = row.get("machine") or f"{OWNED_PREFIX}{row.get('card')}"
        return (of, row.get("model")) == (machine, model_id)

    return {"throughputs": is_it}


def _gone(
    folder: Path, option_id: str, which: Mapping[str, Callable[[Table], bool]]
) -> dict[str, str | None]:
    texts = _without_rows(folder, which)
    if not texts:
        raise _none_such(option_id)
    return texts


def _none_such(option_id: str) -> CatalogError:
    return CatalogError(
        f"{option_id[:80]!r} is none of your own options: `breakeven options list` has them"
    )


def _without_rows(
    folder: Path, which: Mapping[str, Callable[[Table], bool]]
) -> dict[str, str | None]:
    """The files of rows that change when some rows go; a file without rows goes, too."""
    texts: dict[str, str | None] = {}
    for name, (key, _) in ROWS.items():
        path, goes = folder / f"{name}.toml", which.get(key)
        if goes is None or not path.exists():
            continue
        rows = _table(path).get(key, [])
        stays = [i for i, row in enumerate(rows) if not goes(row)]
        if len(stays) < len(rows):
            texts[path.name] = _cut(path, key, stays) if stays else None
    return texts


def _cut(path: Path, key: str, stays: list[int]) -> str:
    """A file with some of its rows, each as it stands there where it can be cut out."""
    text = path.read_text(encoding="utf-8-sig")
    table = _table(path)
    left = {key: [table[key][i] for i in stays]}
    head, *blocks = re.split(rf"(?m)^(?=\[\[{key}\]\]\s*$)", text)
    if len(blocks) == len(table[key]):
        cut = head + "".join(blocks[i] for i in stays)
        if tomllib.loads(cut, parse_float=Decimal) == left:
            return cut
    return HEAD + toml_text(left)


def _with(folder: Path, name: str, table: Table, *, replace: bool) -> str:
    """The text of a file with a table in it; what stands there stays as it is."""
    path = folder / name
    if "/" in name:
        if not replace and (there := _provider_file(folder, path.stem)) is not None:
            raise CatalogError(
                f"You already have {path.stem} ({there.parent.name}/{there.name}): give another "
                "name, or replace it"
            )
        return HEAD + toml_text(table)
    (key,) = table
    ids = {row["id"] for row in table[key] if "id" in row} if replace else set()
    rest = _without_rows(folder, {key: lambda row: row.get("id") in ids})
    before = rest.get(name, path.read_text(encoding="utf-8-sig") if path.exists() else "")
    return ((before or HEAD).rstrip("\n") + "\n\n") + toml_text(table)


def _provider_file(folder: Path, provider_id: str) -> Path | None:
    paths = (folder / kind / f"{provider_id}.toml" for kind in PROVIDER_FOLDERS)
    return next((path for path in paths if path.exists()), None)


def _others(rows: list[Table], offer_id: str) -> list[Table]:
    return [row for row in rows if row.get("id") != offer_id]


def _table(path: Path) -> Table:
    return Tables().read(path)


def _refuse_wrong(folder: Path, shipped: Catalog, texts: Texts) -> None:
    """Raise CatalogError where the folder, as it is or as it would be, is not read."""
    with tempfile.TemporaryDirectory(prefix="breakeven-") as place:
        staged = Path(place) / (folder.name or "catalog")
        for path in own_files(folder):
            copy = staged / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        staged.mkdir(exist_ok=True)
        try:
            join(staged, shipped, Tables())
        except CatalogError as error:
            raise CatalogError(
                f"Your own catalogue folder {folder} is not read, so nothing is written into it. "
                f"Mend it first: {error}"
            ) from error
        for name, text in texts.items():
            if text is None:
                (staged / name).unlink(missing_ok=True)
            else:
                replace_all({staged / name: text})
        join(staged, shipped, Tables())
