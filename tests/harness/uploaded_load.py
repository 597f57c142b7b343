"""An uploaded file's load in one step, as the page takes it in three."""

from collections.abc import Collection

from core.usage.choice import Wanted, chosen
from core.usage.load_found import LoadFound, load_of_usage, usage_of
from core.usage.reading import Reading


def import_load(
    content: bytes,
    characters_per_token: float,
    reading: Reading = Reading(),  # noqa: B008  # frozen
    wanted: Wanted = Wanted(),  # noqa: B008  # frozen
    known_models: Collection[str] = (),
) -> LoadFound:
    """Add it up, choose what is wanted of it, and infer its load. Raises LoadImportError."""
    usage = usage_of(content, reading)
    return load_of_usage(usage, chosen(usage, wanted, known_models), characters_per_token)
