"""What the page's process tells the worker, by its standard input alone."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, SecretStr

from core.catalog.schema import PriceUnit
from core.runs.spending.worst_case import Rate
from core.settings import Settings

RIVAL_SECRETS: Final = ("key", "base_key", "proxy")
SECRETS: Final = ("key", "base_key", "database_url", "proxy")


class Access(BaseModel):
    """What it takes to ask one target: its key, and what it costs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: SecretStr | None
    usd: Decimal
    unit: PriceUnit
    proxy: SecretStr | None = None
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


class Job(BaseModel):
    """One run for one worker. The plan is in the store, under the run's id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run_id: str
    data_dir: Path
    database_url: SecretStr | None
    key: SecretStr | None
    base_key: SecretStr | None = None
    usd: Decimal
    unit: PriceUnit
    local_threads: int | None
    place: str | None
    host_label: str | None = None
    region: str | None = None
    proxy: SecretStr | None = None
    """Its whole address; nothing is looked up in the worker's environment."""
    ca_file: Path | None = None
    rivals: tuple[Access, ...] = ()
    """For each further target of a comparison."""

    @property
    def rate(self) -> Rate:
        """What the target costs."""
        return Rate(self.usd, self.unit)

    @property
    def settings(self) -> Settings:
        """The settings by which the worker opens the store."""
        return Settings(data_dir=self.data_dir, database_url=self.database_url)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What may appear in no log, error or sample."""
        rivals = (
            secret for rival in self.rivals for secret in (rival.key, rival.base_key, rival.proxy)
        )
        hidden = (self.key, self.base_key, self.database_url, self.proxy, *rivals)
        return tuple(secret.get_secret_value() for secret in hidden if secret is not None)

    def document(self) -> bytes:
        """The JSON document, secrets in clear: for a pipe between two processes only."""
        values = self.model_dump(mode="json")
        for name in SECRETS:
            secret: SecretStr | None = getattr(self, name)
            values[name] = _in_clear(secret)
        for stated, rival in zip(values["rivals"], self.rivals, strict=True):
            stated |= {name: _in_clear(getattr(rival, name)) for name in RIVAL_SECRETS}
        return json.dumps(values).encode()


def _in_clear(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()
