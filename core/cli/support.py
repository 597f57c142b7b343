"""What the commands share: the opened runs, the catalogue, and a file's text."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from core.catalog.own.joined import joined_catalog
from core.catalog.schema import Catalog
from core.errors import RunError
from core.runs.service import Runs
from core.runs.starting.crew import Crew
from core.settings import Settings
from core.store.open import open_store


@contextmanager
def opened_runs(settings: Settings, crew: Crew | None = None) -> Iterator[Runs]:
    """Runs on the settings' store, closed at the end; ``crew``: workers that are ready already."""
    store = open_store(settings)
    runs = Runs(store, settings, crew)
    try:
        yield runs
    finally:
        runs.close()
        store.close()


def whole_catalog(settings: Settings) -> Catalog:
    """The catalogue that ships, and the folder of one's own; on stderr why that is refused."""
    joined = joined_catalog(settings.own_catalog, cache=settings.table_cache)
    if joined.refusal:
        Console(stderr=True).print(joined.refusal, highlight=False, markup=False, soft_wrap=True)
    return joined.catalog


def read_text(file: Path) -> str:
    """A file as text. Raises RunError."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise RunError(f"{file} cannot be read ({reason}).") from None


def write_text(file: Path, text: str, *, new: bool = False) -> None:
    """Write a file; ``new``: what stands there is not overwritten. Raises RunError."""
    try:
        with file.open("x" if new else "w", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise RunError(f"{file} is there already. Name a new file.") from None
    except OSError as error:
        raise RunError(f"{file} cannot be written ({error.strerror or error}).") from None
