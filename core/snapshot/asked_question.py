"""The question with one's own rows, its plan, its demands and its ranges.

What was measured is no part of it: runs are carried by their own export. Nor is what is merely
shown: which page is open, which unit a chart has.
"""

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.catalog.load import ROWS
from core.catalog.own.joined import join
from core.catalog.own.own_bundle import check_names
from core.catalog.own.own_files import MOST_FILES
from core.catalog.own.replacing import replace_all
from core.catalog.own.toml_text import toml_text
from core.catalog.schema import Catalog
from core.catalog.table_files import Table, Tables, parsed
from core.decide.advice.constraints import Constraints
from core.decide.plan.plan_terms import DEFAULT_TERMS, PlanTerms
from core.decide.result.belief import Range
from core.errors import CatalogError
from core.plain_text import LABEL, Label
from core.scenario import OWNED_PREFIX, Scenario, hybrid_parts, machine_id
from core.snapshot.moved_demands import with_moved_demands

VERSION: Final = 1

Ranges = Annotated[tuple[tuple[Label, Range], ...], Field(max_length=200)]
"""Ranges that the user set, by the name of the input."""


class Question(BaseModel):
    """Everything that defines an answer, but the catalogue that ships and what was measured."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    version: Literal[1] = VERSION
    scenario: Scenario = Scenario()
    """With its objective, its own prices, the tiers of the accounts and the day of the prices."""
    own: Annotated[tuple[tuple[str, str], ...], Field(max_length=MOST_FILES)] = ()
    """Files of one's own that it rests on: name and text of each."""
    terms: PlanTerms = DEFAULT_TERMS
    demands: Constraints = Constraints()
    ranges: Ranges = ()

    @model_validator(mode="before")
    @classmethod
    def _demanded_once(cls, read: Any) -> Any:
        return with_moved_demands(read)

    @model_validator(mode="after")
    def _plain_names(self) -> Self:
        try:
            check_names(dict(self.own))
        except CatalogError as error:
            raise ValueError(str(error)) from error
        return self

    @model_validator(mode="after")
    def _plain_texts(self) -> Self:
        """What the types of decide take as any text is a name that is shown."""
        demands, terms = self.demands, self.terms
        texts = (
            *(terms.current or "", terms.credits_with, demands.same_weights_as or ""),
            *(*demands.providers, *(demands.keys_at_hand or ())),
            *(model for model, _ in demands.quality),
        )
        if not all(LABEL.fits(text) for text in texts):
            raise ValueError("a name in its plan or its demands is too long, or cannot be shown")
        return self

    @property
    def files(self) -> dict[str, str]:
        """Its files by their names."""
        return dict(self.own)


def with_own_rows(question: Question, files: Mapping[str, str]) -> Question:
    """The question with what of a folder of one's own its options rest on.

    Providers that no option names stay at home, and so do rates and latencies of such. Raises
    CatalogError for a file that is no TOML.
    """
    named = set(_named(question))
    providers = {name.partition("/")[0] for name in named}
    rest = {
        name: text
        for name, text in files.items()
        if "/" not in name or Path(name).stem in providers
    }
    for name, of in (("throughput.toml", "machine"), ("latency.toml", "option")):
        if name in rest:
            rest[name] = _of_named(name, rest[name], of, named)
    own = tuple(sorted((name, text) for name, text in rest.items() if text))
    return question.model_copy(update={"own": own})


def catalog_for(question: Question, shipped: Catalog) -> Catalog:
    """The catalogue that ships with the question's own rows. Raises CatalogError.

    Nothing of a folder of the reader's own is in it: the answer is that of who asked.
    """
    with tempfile.TemporaryDirectory(prefix="breakeven-") as place:
        folder = Path(place) / "catalog"
        folder.mkdir()
        replace_all({folder / name: text for name, text in question.own})
        return join(folder, shipped, Tables())


def _named(question: Question) -> Iterable[str]:
    """Machines and APIs of the options, parts of hybrids among them, and of prices and tiers."""
    scenario = question.scenario
    for option_id in scenario.options:
        yield from (machine_id(part) for part in hybrid_parts(option_id) or (option_id,))
    yield from (name for name, _ in scenario.prices)
    yield from (f"{provider}/" for provider, _ in scenario.tiers)
    yield from (f"{name.partition(':')[0]}/" for name, _ in scenario.limits)
    yield from (name for name, _ in scenario.owned)
    yield from (f"{provider}/" for provider, _ in scenario.discounts)


def _of_named(name: str, text: str, of: str, named: set[str]) -> str:
    """A file of rows without those of machines or options that are not named; "" without rows."""
    key = ROWS[name.removesuffix(".toml")][0]
    rows: list[Table] = parsed(Path(name), text.encode()).get(key, [])

    def stays(row: Table) -> bool:
        about = row.get(of)
        return about is None or about.startswith(OWNED_PREFIX) or about in named

    left = [row for row in rows if stays(row)]
    if len(left) == len(rows):
        return text
    return toml_text({key: left}) if left else ""
