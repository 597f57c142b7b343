"""A finished run as the model reads it: whose it is, when, its numbers."""

from datetime import datetime
from typing import Final

from pydantic import BaseModel, ConfigDict

from core.measurement.latency import LatencySummary, Subject
from core.measurement.sweep import EngineFit
from core.plain_text import made_plain

MOST_SHOWN: Final = 60
"""Characters of a place in a sentence."""


class Measurement(BaseModel):
    """A finished run: subject, time, summary."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_id: str
    subject: Subject
    started_at: datetime
    summary: LatencySummary
    fit: EngineFit | None = None
    """What a sweep of the local engine found; None for a probe, and in all that older versions
    stored."""
    imported_from: str | None = None
    """Where it was made, of a run that came from a file and that a person has chosen to use."""

    @property
    def how(self) -> str:
        """How its numbers came here, as a sentence begins: "Measured", or "Imported"."""
        return "Measured" if self.imported_from is None else "Imported"

    @property
    def said_of_it(self) -> str:
        """What to add to its numbers: ", imported from" and the place; nothing of one's own."""
        if self.imported_from is None:
            return ""
        return f", imported from {made_plain(self.imported_from, MOST_SHOWN)}"
