"""What the page's process tells the worker, by its standard input alone."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from core.catalog.schema import PriceUnit
from core.probe.addresses.reach import INTERNET, Reach
from core.probe.records.probe_plan import ApiTarget, Target
from core.quality.corpus import Corpus
from core.runs.spending.worst_case import FREE, Rate
from core.settings import Settings


class Access(BaseModel):
    """What it takes to ask one target: its key, and what it costs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: SecretStr | None
    usd: Decimal
    unit: PriceUnit
    proxy: SecretStr | None = None
    """Its whole address; nothing is looked up in the worker's environment."""
    base_key: SecretStr | None = None
    """For the base of a hybrid, where it is a server that asks for one."""

    @classmethod
    def at(cls, rate: Rate, key: SecretStr | None, base_key: SecretStr | None = None) -> "Access":
        """With a price and a key."""
        return cls(key=key, usd=rate.usd, unit=rate.unit, base_key=base_key)

    @property
    def rate(self) -> Rate:
        """What the target costs."""
        return Rate(self.usd, self.unit)

    def of_apis(self, target: Target) -> Iterator[tuple[ApiTarget, SecretStr | None, Rate]]:
        """Each endpoint of the target, with the key that it gets and what a call to it costs."""
        for own in target.unbilled:
            yield own, self.base_key, FREE
        if target.billed is not None:
            yield target.billed, self.key, self.rate


class QualityTexts(BaseModel):
    """The texts of a test of quality: they travel here alone, and are stored nowhere."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: Corpus
    longest: tuple[int | None, ...]
    """Tokens that each target's model reads of a text; None where nobody says."""


class Job(BaseModel):
    """One run for one worker. The plan is in the store, under the run's id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_id: str
    data_dir: Path
    database_url: SecretStr | None
    targets: Annotated[tuple[Access, ...], Field(min_length=1)]
    """What it takes to ask each target of the plan, in the plan's order."""
    local_threads: int | None
    place: str | None
    host_label: str | None = None
    region: str | None = None
    ca_file: Path | None = None
    reach: Reach = INTERNET
    """What beyond the public internet this run may call. No plan says it: plans travel."""
    stands_for: str | None = None
    """Option that a swept server is, as a person said here: its fit is used for it at the end."""

    quality: QualityTexts | None = None

    @property
    def settings(self) -> Settings:
        """The settings by which the worker opens the store."""
        return Settings(data_dir=self.data_dir, database_url=self.database_url)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may appear in no log, error or sample: every secret there is, in whatever field."""
        return tuple(_secrets_in(self.model_dump()))

    def document(self) -> bytes:
        """The JSON document, secrets in clear: for a pipe between two processes only."""
        return json.dumps(self.model_dump(), default=_written).encode()


def _secrets_in(value: Any) -> Iterator[str]:
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _secrets_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _secrets_in(inner)


def _written(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
