"""Rows of a Parquet file, batch by batch."""

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final

from core.errors import LoadImportError

MAGIC: Final = b"PAR1"
BATCH_ROWS: Final = 10_000
MOST_ROWS: Final = 50_000_000
"""A file of a few bytes may claim any number of rows."""
MOST_COLUMNS: Final = 200


def parquet_rows(content: bytes) -> Iterator[Mapping[str, object]]:
    """The rows by the names of the columns. Raises LoadImportError."""
    # Imported here: the library takes a tenth of a second, and few files are of this kind.
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        file = pq.ParquetFile(BytesIO(content))
        plain = [field.name for field in file.schema_arrow if not pa.types.is_nested(field.type)]
        if file.metadata.num_rows > MOST_ROWS or len(plain) > MOST_COLUMNS:
            raise LoadImportError(
                f"The Parquet file has {file.metadata.num_rows:,} rows of {len(plain)} columns: "
                f"at most {MOST_ROWS:,} of {MOST_COLUMNS} are read. Export fewer."
            )
        for batch in file.iter_batches(BATCH_ROWS, columns=plain):
            yield from batch.to_pylist()
    except (pa.ArrowException, OSError, ValueError, UnicodeDecodeError) as error:
        raise LoadImportError(
            f"The Parquet file cannot be read: {str(error)[:120]}. Export it again, or as CSV."
        ) from None
