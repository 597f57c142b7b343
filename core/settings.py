"""Settings of this installation, from environment variables named ``BREAKEVEN_*``."""

import difflib
import ipaddress
import os
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

import platformdirs
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from core.errors import SettingsError
from core.plain_text import Plain
from core.probe.addresses.allowed_entries import read_entry
from core.probe.addresses.reach import Reach

PREFIX: Final = "BREAKEVEN_"
TEST_VARIABLES: Final = frozenset(
    {"BREAKEVEN_REQUIRE_ALL", "BREAKEVEN_TEST_INFINITY", "BREAKEVEN_TEST_LITELLM"}
)
"""Variables with the prefix that the tests read, not the product."""

_HOST_NAME: Final = re.compile(
    r"(\*\.(?=.*\.))?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*"
)
"""A name as a browser writes it; behind ``*.`` stand two parts at least, not ``com`` alone."""

UsdCap = Annotated[Decimal, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


def _user_data_dir() -> Path:
    """The user's own folder for data; unresolved where the user has no home (a container)."""
    try:
        return Path(platformdirs.user_data_dir("breakeven", appauthor=False))
    except RuntimeError:
        return Path("~/breakeven")


def _host_name(typed: str) -> str:
    """Bring a name or an IP address into the form that a browser gives it."""
    name = typed.lower().removesuffix(".")
    try:
        return ipaddress.ip_address(name.removeprefix("[").removesuffix("]")).compressed
    except ValueError:
        if _HOST_NAME.fullmatch(name) is None:
            raise ValueError(f"{typed!r} is no name of a host") from None
        return name


class Settings(BaseSettings):
    """What an installation decides once; everything else is asked on the page."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, use_attribute_docstrings=True
    )

    data_dir: Path = Field(default_factory=_user_data_dir)
    """Folder of the database and the workers' logs; made at first use."""
    catalog_dir: Path | None = None
    """Folder with catalogue files of one's own; by default ``catalog`` in data_dir."""
    database_url: SecretStr | None = None
    """sqlite:///path or postgresql://user:password@host/name; by default a file in data_dir."""
    spend_cap_per_run_usd: UsdCap = Decimal("0.05")
    """A probe whose worst case is above this does not start, USD."""
    spend_cap_per_day_usd: UsdCap = Decimal("1.00")
    """All probes of one UTC day together, USD."""
    spend_cap_total_usd: UsdCap = Decimal("20.00")
    """All probes that this installation ever makes, USD."""
    allow_custom_base_url: bool = True
    """Whether an address typed by the user may be probed; switch off where strangers reach it."""
    api_runs_at_once: Annotated[int, Field(ge=1, le=16)] = 4
    """Probes of APIs that may be live at the same time; of the local model it is always one."""
    local_threads: Annotated[int, Field(ge=1, le=256)] | None = None
    """Threads of the local model on a CPU; by default the engine's own choice."""
    place: Annotated[str, Plain(80)] | None = None
    """Where this computer is ("Frankfurt, office"): stored with what is measured here."""
    host_label: Annotated[str, Plain(80)] | None = None
    """What this computer is called in records and exports; by default its network name."""
    region: Annotated[str, Plain(80)] | None = None
    """Region of a cloud in which this computer runs ("eu-central-1"), stored in the same way."""
    proxy: SecretStr | None = None
    """http://user:password@host:port of a company's proxy; ``environment``: HTTPS_PROXY's."""
    ca_file: Path | None = None
    """PEM file of certificates that are trusted beside the system's."""
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    """Names by which the page may be called beside localhost, with commas between them."""
    quality_texts: Annotated[int, Field(ge=1, le=1_000_000)] = 5_000
    """Most texts, queries and documents together, of a test of quality."""
    quality_megabytes: Annotated[int, Field(ge=1, le=1_000)] = 20
    """Most megabytes of the files of such a test."""
    allow_networks: Annotated[tuple[str, ...], NoDecode] = ()
    """Networks, hosts and *.suffixes of one's own that may be probed, with commas between them."""

    @field_validator("allowed_hosts", mode="before")
    @classmethod
    def _host_names(cls, typed: object) -> object:
        if not isinstance(typed, str):
            return typed
        return tuple(_host_name(part.strip()) for part in typed.split(",") if part.strip())

    @field_validator("allow_networks", mode="before")
    @classmethod
    def _own_networks(cls, typed: object) -> object:
        if not isinstance(typed, str):
            return typed
        return tuple(str(read_entry(part)) for part in typed.split(",") if part.strip())

    @field_validator("data_dir", "ca_file", "catalog_dir")
    @classmethod
    def _absolute(cls, folder: Path | None) -> Path | None:
        if folder is None:
            return None
        try:
            return folder.expanduser().absolute()
        except (RuntimeError, OSError) as error:  # pydantic takes only ValueError as a complaint
            raise ValueError(str(error)) from error

    @property
    def database_file(self) -> Path:
        """The SQLite file that is used where no database_url is set."""
        return self.data_dir / "breakeven.db"

    @property
    def table_cache(self) -> Path:
        """The catalogue's files as they were parsed at an earlier start."""
        return self.data_dir / "catalog-tables.json"

    @property
    def reach(self) -> Reach:
        """What beyond the public internet may be called, whoever asks."""
        return Reach.of(self.allow_networks)

    @property
    def own_catalog(self) -> Path:
        """The folder with catalogue files of one's own, which need not be there."""
        return self.catalog_dir or self.data_dir / "catalog"


MENDS: Final[dict[str, str]] = {
    "data_dir": "Give a folder that you may write to",
    "catalog_dir": "Give a folder that holds catalogue files",
    "database_url": "Give sqlite:///path/to/file.db or postgresql://user:password@host/name",
    "spend_cap_per_run_usd": "Give US dollars from 0 to 1000000, such as 0.05",
    "spend_cap_per_day_usd": "Give US dollars from 0 to 1000000, such as 1.00",
    "spend_cap_total_usd": "Give US dollars from 0 to 1000000, such as 20",
    "allow_custom_base_url": "Give true or false",
    "api_runs_at_once": "Give a whole number from 1 to 16",
    "local_threads": "Give a whole number from 1 to 256",
    "place": "Give at most 80 characters, such as Frankfurt",
    "host_label": "Give at most 80 characters, such as build-7",
    "region": "Give at most 80 characters, such as eu-central-1",
    "proxy": "Give http://host:port, or environment",
    "ca_file": "Give the path of a PEM file",
    "allowed_hosts": "Give names without scheme or port, such as page.example.com,*.example.org",
    "quality_texts": "Give a whole number from 1 to 1000000",
    "quality_megabytes": "Give a whole number from 1 to 1000",
    "allow_networks": "Give networks and hosts of your own, such as 10.0.0.0/8,tei,*.corp.example",
}


SECRET_FIELDS: Final = frozenset({"database_url", "proxy"})


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises SettingsError, which names the variable and its mend, for a value that makes no sense
    and for a name that does not exist: a misspelt cap must not mean "no cap of mine".
    """
    _refuse_unknown(os.environ)
    try:
        return Settings()
    except ValidationError as error:
        # The pydantic error would show the input, which may be a password: not chained.
        sentences = " ".join(_sentence(fault) for fault in error.errors(include_url=False))
        raise SettingsError(sentences) from None


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | TEST_VARIABLES
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), sorted(known), n=1)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}."
            raise SettingsError(f"There is no setting {name}: {hint}")


def _sentence(fault: Mapping[str, Any]) -> str:
    field = str(fault["loc"][0])
    shown = "" if field in SECRET_FIELDS else f" is {str(fault['input'])!r}, which"
    name = PREFIX + field.upper()
    return f"{name}{shown} makes no sense ({fault['msg']}). {MENDS[field]}, or unset it."
