"""A file of the catalogue is parsed once by each process of the tests, as the page's cache does.

Reading the shipped catalogue takes a tenth of a second of a processor, three quarters of it for
parsing, and a thousand tests read it. Its rows are checked each time all the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.catalog import table_files
from core.catalog.table_files import Table


@contextmanager
def parsed_once() -> Iterator[None]:
    """Give the same table for the same bytes while the block lasts; an error is raised each time.

    Nobody changes a table that was handed out, so that all may have the same one.
    """
    parse, known = table_files.parsed, dict[bytes, Table]()

    def once(path: Path, data: bytes) -> Table:
        if data not in known:
            known[data] = parse(path, data)
        return known[data]

    table_files.parsed = once
    try:
        yield
    finally:
        table_files.parsed = parse
