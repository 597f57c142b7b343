"""The different documents of a test, found again by their text or their id."""

from dataclasses import dataclass, field

from core.errors import QualityInputError
from core.quality.reading.column_names import (
    DOCUMENT_ID,
    DOCUMENT_TEXT,
    TITLE,
    column,
    listed,
    value_of,
)
from core.quality.reading.fit_text import fit_text
from core.quality.reading.table_rows import Row, table_rows

WHAT = "documents"


@dataclass(slots=True)
class DocumentShelf:
    """Each document once, in the order of its first appearance."""

    places: dict[str, int] = field(default_factory=dict)
    """Of each text."""
    ids: dict[str, int | None] = field(default_factory=dict)
    """Place of each id's document; None where that is empty."""
    bodies: dict[str, int] = field(default_factory=dict)
    """Place of each text that stands under a title."""
    repeated: int = 0
    """Rows of the documents' file with a text that was there before."""
    empty: int = 0

    @property
    def texts(self) -> tuple[str, ...]:
        """All documents."""
        return tuple(self.places)

    def place_of(self, text: str) -> int:
        """Where a document stands; it is added where it is new."""
        if text not in self.places and text in self.bodies:
            return self.bodies[text]
        return self.places.setdefault(text, len(self.places))

    def take(self, row: Row) -> None:
        """Add a row of the documents' file. Raises QualityInputError."""
        title = fit_text(row.fields.get(TITLE), row.place)
        body = fit_text(value_of(row.fields, DOCUMENT_TEXT), row.place)
        name = fit_text(value_of(row.fields, DOCUMENT_ID), row.place)
        # Title and text as BEIR joins them: https://github.com/beir-cellar/beir
        text = f"{title} {body}".strip()
        place = self._shelved(text) if text else None
        self.empty += place is None
        if name and self.ids.setdefault(name, place) != place:
            raise QualityInputError(
                f'{row.place} has the id "{name[:80]}" of another document. Give each its own.'
            )
        if place is not None and title and body:
            self.bodies.setdefault(body, place)

    def _shelved(self, text: str) -> int:
        self.repeated += text in self.places
        return self.places.setdefault(text, len(self.places))


def shelf_of(content: bytes | None, most: int) -> DocumentShelf:
    """The documents of a file, or none yet. ``most``: so many at most. Raises QualityInputError."""
    shelf = DocumentShelf()
    if content is None:
        return shelf
    for row in table_rows(content, WHAT):
        if column(row.fields, (*DOCUMENT_TEXT, TITLE)) is None:
            raise QualityInputError(
                f"{row.place} has no text: it has {listed(row.fields)}. Name its column text."
            )
        shelf.take(row)
        if len(shelf.places) > most:
            raise QualityInputError(
                f"There are more than {most:,} documents, and {most:,} texts are the most. Give a "
                "part of them, with all that are relevant."
            )
    if not shelf.places:
        raise QualityInputError("The documents hold no text. Give a row for each document.")
    return shelf
