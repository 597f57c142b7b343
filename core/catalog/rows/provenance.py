"""The base of every catalogue row, its checked value types, and where a number comes from."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    model_validator,
)

from core.grade import Grade


def _not_bool(value: object) -> object:
    """Refuse ``true`` where a number is meant: Python would read it as 1.0."""
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false")  # noqa: TRY004 - pydantic's way
    return value


Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.\-]*$", max_length=80)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Finite = Annotated[float, BeforeValidator(_not_bool), Field(allow_inf_nan=False)]
Positive = Annotated[float, BeforeValidator(_not_bool), Field(gt=0, allow_inf_nan=False)]
PositiveDecimal = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(gt=0, strict=True)]
Flag = Annotated[bool, Field(strict=True)]


class Row(BaseModel):
    """Base of every catalogue type: frozen, strict about keys, documented field by field."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class SourceKind(StrEnum):
    """Where a number comes from, from strongest to weakest."""

    LIST_PRICE = "list_price"
    DATASHEET = "datasheet"
    MEASURED = "measured"
    PUBLISHED = "published"
    SECONDARY = "secondary"
    JUDGEMENT = "judgement"
    YOURS = "yours"
    """What the user says of what is his own. No row that ships is of this kind."""


GRADES: Final = {
    SourceKind.LIST_PRICE: Grade.PUBLISHED,
    SourceKind.DATASHEET: Grade.PUBLISHED,
    SourceKind.MEASURED: Grade.PUBLISHED,
    SourceKind.PUBLISHED: Grade.PUBLISHED,
    SourceKind.SECONDARY: Grade.CLAIMED,
    SourceKind.JUDGEMENT: Grade.CLAIMED,
    SourceKind.YOURS: Grade.CLAIMED,
}
"""Somebody else's measurement is published here, not measured."""


class Confidence(StrEnum):
    """How far the number is to be trusted."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_DAY = r"\d{4}(-\d{2}(-\d{2})?)?"
REGISTRIES: Final = ("pypi.org", "pythonhosted.org")
"""Hosts that name no source: what they serve is named by package and version."""

DATED: Final = rf"^{_DAY}( to {_DAY})?$"


class Source(Row):
    """Provenance of the numbers in one row."""

    url: HttpUrl | None = None
    """Address of the page read."""
    package: Name | None = None
    """Package whose data was read, in place of a page; never an address of a registry."""
    version: Name | None = None
    """The package's."""
    person: Name | None = None
    """Who says so, of a row of kind "yours"."""
    read: date
    """Day on which the page was read by whoever entered the row."""
    dated: str | None = Field(default=None, pattern=DATED)
    """What the source itself says of its date: a year, month, day, or "2026-08 to 2026-10"."""
    kind: SourceKind
    confidence: Confidence
    note: str = ""
    """Exact quotation, the reasoning of a judgement, or what the reader must know."""

    @model_validator(mode="after")
    def _has_been_somewhere(self) -> "Source":
        if (self.package is None) is not (self.version is None):
            raise ValueError("a package needs its version, and a version its package")
        if (self.person is not None) is not self.is_yours:
            raise ValueError("a source of kind 'yours', and no other, names its person")
        if self.url is not None and self.package is not None:
            raise ValueError("a source is a page or a package: take out url, or package")
        if self.url is None and self.package is None and not self.is_yours:
            self._judged()
        if self.url is not None and (self.url.host or "").endswith(REGISTRIES):
            raise ValueError("a package is named by package and version, not by a registry's page")
        if self.dated is not None and (
            self.as_of > self.read.isoformat() or self.begins > self.read
        ):
            raise ValueError(f"dated {self.dated} lies after the day of reading, {self.read}")
        return self

    def _judged(self) -> None:
        if self.kind is not SourceKind.JUDGEMENT:
            raise ValueError("a source without a url must be of kind 'judgement'")
        if not self.note:
            raise ValueError("a judgement must give its reasoning in 'note'")

    @property
    def is_yours(self) -> bool:
        """Whether it is the user's own word."""
        return self.kind is SourceKind.YOURS

    @property
    def where(self) -> str:
        """What was read: an address, "PyPI: mteb 2.26.24", "yours: Ada", or "" of a judgement."""
        if self.package is not None:
            return f"PyPI: {self.package} {self.version}"
        if self.person is not None:
            return f"yours: {self.person}"
        return "" if self.url is None else str(self.url)

    @property
    def as_of(self) -> str:
        """The newest date that the source vouches for: a year, month or day, in ISO order."""
        return self.dated.split(" to ")[-1] if self.dated else self.read.isoformat()

    @property
    def begins(self) -> date:
        """The first day of `as_of`: a month counts from its first day, a year from 1 January."""
        year, *rest = map(int, self.as_of.split("-"))
        month, day = (*rest, 1, 1)[:2]
        return date(year, month, day)

    @property
    def grade(self) -> Grade:
        """How well what the row says is founded."""
        return GRADES[self.kind]
