"""Whether two models found the same neighbours among a run's texts, as it is stored."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from core.plain_text import Label, Reference, Sentence

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]


class NeighboursFound(BaseModel):
    """Share of the k nearest texts that two models agree on, mean over all texts as queries."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    label_a: Label
    label_b: Label
    model_a: Reference
    model_b: Reference
    texts: Annotated[int, Field(ge=2, le=100_000)]
    k: Annotated[int, Field(ge=1, le=1_000)]
    mean: Share
    low: Share
    high: Share
    """The interval at 95 %."""
    by_chance: Share
    """What two models without anything in common would agree on."""
    per_text: Annotated[tuple[Share, ...], Field(max_length=100_000)]
    """Of each different text of the plan as the query, in the order of their first appearance."""

    @property
    def sentence(self) -> str:
        """The result in words."""
        return (
            f"Of the {self.k} nearest texts {self.label_a} and {self.label_b} share "
            f"{self.mean:.0%} ({self.low:.0%} to {self.high:.0%}, {self.texts} texts as queries; "
            f"{self.by_chance:.0%} would be chance)."
        )


class NeighbourReport(BaseModel):
    """Each further target of a comparison beside its first."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    found: Annotated[tuple[NeighboursFound, ...], Field(max_length=100)] = ()
    failures: Annotated[tuple[Sentence, ...], Field(max_length=100)]
    """Which target could not be compared, and why: sentences."""
