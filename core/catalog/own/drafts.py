"""What a person says of something of his own, and the rows that are made of it.

The rows are checked as every other: a draft adds no rule of its own but that it is whole.
"""

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.catalog.rows.facts import Card, Cpu
from core.catalog.rows.offers import WireFormat
from core.catalog.rows.prices import PriceUnit
from core.catalog.rows.rate_rows import RateKind
from core.catalog.rows.regions import Area
from core.catalog.rows.request_fields import AUTHORIZATION, Body, KeyHeader, Query
from core.catalog.schema import Catalog
from core.catalog.table_files import Table
from core.errors import CatalogError
from core.plain_text import Plain
from core.scenario import OWNED_PREFIX, machine_id, pair_id

Said = Annotated[str, Plain(100), Field(min_length=1)]
Usd = Annotated[Decimal, Field(ge=0, le=10_000_000, allow_inf_nan=False)]
Above = Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False)]
Many = Annotated[int, Field(ge=1, le=100_000)]

MOST_SLUG: Final = 60
NOT_STATED: Final = "not stated"


@dataclass(frozen=True, slots=True)
class Author:
    """Who says it, and when."""

    person: str
    day: date

    @property
    def source(self) -> Table:
        """The source of his rows."""
        return {
            "person": self.person,
            "read": self.day,
            "kind": "yours",
            "confidence": "medium",
        }


class Draft(BaseModel, ABC):
    """Something of one's own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @abstractmethod
    def rows(self, catalog: Catalog, author: Author) -> Mapping[str, Table]:
        """Tables by the name of the file that they belong to. Raises CatalogError."""

    @property
    @abstractmethod
    def option_id(self) -> str:
        """What may be compared then; of a rate the machine or card that it is of."""


def _bare(url: str) -> str:
    """An address as a probe takes it: what else stands in one may be a key, and a file keeps it."""
    parts = urlsplit(url)  # ValueError for what is no address
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError(
            "an address of an option has no user, password, query (?) or fragment (#): its query "
            "has a field of its own, and a key is bound to a variable"
        )
    return url


class ApiDraft(Draft):
    """An API of one's own."""

    name: Said
    base_url: Annotated[str, Plain(500), AfterValidator(_bare)]
    wire: WireFormat = WireFormat.OPENAI_COMPATIBLE
    wire_model: Annotated[str, Plain(200), Field(min_length=1)]
    key_header: KeyHeader = AUTHORIZATION
    query: Query = Field(default={})
    body: Body = Field(default={})
    usd: Usd = Decimal(0)
    """0: it is free."""
    unit: PriceUnit = PriceUnit.PER_MTOK
    model: Said | None = None
    """Whose vectors it gives; None: named as the API itself does."""
    max_tokens: Many | None = None
    seconds_per_request: Above | None = None
    """Billed for a request, of a price by the second."""
    area: Area | None = None

    @property
    def option_id(self) -> str:
        """Its name, and the model's."""
        return f"{slug(self.name)}/{slug(self.wire_model.rpartition('/')[2])}"

    def rows(self, catalog: Catalog, author: Author) -> Mapping[str, Table]:
        """A provider with one offer, and its model where the catalogue lacks that."""
        provider_id, _, offer_id = self.option_id.partition("/")
        model_id = self.model or like_model(self.wire_model, catalog) or self.wire_model
        offer = _without_none(
            id=offer_id,
            label=f"{self.name} {self.wire_model.rpartition('/')[2]}",
            model=model_id,
            wire_model=self.wire_model,
            max_tokens=self.max_tokens,
            seconds_per_request=self.seconds_per_request,
            seconds_source=author.source if self.seconds_per_request else None,
            prices=[_price(self.usd, self.unit, author)],
        )
        where = {"area": self.area, "processing": "default", "source": author.source}
        header = None if self.key_header == AUTHORIZATION else self.key_header
        endpoint = _without_none(
            wire=str(self.wire),
            base_url=self.base_url,
            key_header=header,
            query=dict(self.query) or None,
            body=dict(self.body) or None,
        )
        provider = _without_none(
            id=provider_id,
            name=self.name,
            endpoint=endpoint,
            api_offers=[offer],
            regions=None if self.area is None else [where | {"area": str(self.area)}],
        )
        return _model_row(model_id, catalog, author) | {f"api/{provider_id}.toml": provider}


class MachineDraft(Draft):
    """A machine of one's own."""

    name: Said
    card: Said | None = None
    card_count: Many = 1
    cpu: Said | None = None
    vcpus: Many | None = None
    memory_gib: Above | None = None
    had: Literal["hour", "month", "bought", "there"]
    """Rented by the hour or the month, bought, or there already."""
    usd: Usd = Decimal(0)
    """Of one machine: an hour, a month, or to buy."""
    life_months: Annotated[int, Field(ge=1, le=240)] | None = None
    count: Many | None = None
    power_w: Above | None = None
    idle_w: Above | None = None
    area: Area | None = None
    model: Said | None = None
    """That it runs; None: the scenario's."""

    @property
    def machine(self) -> str:
        """Its id without a model."""
        kind = f"{self.card_count}x-{self.card}" if self.card_count > 1 else self.card
        return f"{slug(self.name)}/{slug(kind or self.cpu or 'machine')}"

    @property
    def option_id(self) -> str:
        """With its model, where one is named."""
        return self.machine if self.model is None else pair_id(self.machine, self.model)

    def rows(self, catalog: Catalog, author: Author) -> Mapping[str, Table]:
        """A provider with one machine, and its model where the catalogue lacks that."""
        provider_id, _, offer_id = self.machine.partition("/")
        units = {"hour": PriceUnit.PER_HOUR, "month": PriceUnit.PER_MONTH}
        unit = units.get(self.had, PriceUnit.TO_BUY)
        machine = _without_none(
            id=offer_id,
            label=self.name,
            product=self._product(catalog),
            card=self.card,
            card_count=self.card_count if self.card else None,
            cpu=self.cpu,
            vcpus=self.vcpus,
            memory_gib=self.memory_gib,
            purchase="on_demand" if self.had in units else self.had,
            in_area=None if self.area is None else str(self.area),
            count=self.count,
            life_months=self.life_months,
            power_w=self.power_w,
            idle_w=self.idle_w,
            prices=[_price(self.usd, unit, author)],
        )
        provider = {"id": provider_id, "name": self.name, "machines": [machine]}
        model = {} if self.model is None else _model_row(self.model, catalog, author)
        return model | {f"machine/{provider_id}.toml": provider}

    def _product(self, catalog: Catalog) -> str:
        works: Card | Cpu | None = catalog.card(self.card or "") or catalog.cpu(self.cpu or "")
        return self.name if works is None else works.name


class RateDraft(Draft):
    """A rate that one knows, with its conditions."""

    of: Said
    """Id of a machine ("lab/l4"), or of a card ("owned/l4")."""
    model: Said
    tokens_per_s: Above
    """Of the whole machine, all its cards together."""
    tokens_per_text: Annotated[float, Field(gt=0, le=1_000_000)]
    batch_texts: Many | None = None
    """Texts in a batch; None: full batches."""
    what: RateKind = RateKind.SERVER
    server: Said = "your server"

    @property
    def option_id(self) -> str:
        """The machine or the card with the model."""
        return pair_id(machine_id(self.of), self.model)

    def rows(self, catalog: Catalog, author: Author) -> Mapping[str, Table]:
        """One throughput, and its model where the catalogue lacks that."""
        machine = machine_id(self.of)
        card = machine.removeprefix(OWNED_PREFIX)
        where = {"card": card} if machine.startswith(OWNED_PREFIX) else {"machine": machine}
        if "machine" in where and catalog.find_machine(machine) is None:
            raise CatalogError(
                f"{machine!r} is no machine here: give the id of one, or {OWNED_PREFIX}CARD"
            )
        row = _without_none(
            model=self.model,
            what=str(self.what),
            **where,
            server=self.server,
            tokens_per_text=self.tokens_per_text,
            tokens_per_s=self.tokens_per_s,
            batch_texts=self.batch_texts,
            usable=True,
            verdict="said by its user",
            source=author.source,
        )
        return _model_row(self.model, catalog, author) | {"throughput.toml": {"throughputs": [row]}}


class CardDraft(Draft):
    """A card that the catalogue lacks."""

    name: Said
    arch: Said = NOT_STATED
    dense_tflops: Above
    """fp16 or bf16, dense."""
    bandwidth_gb_s: Above
    memory_gb: Above
    tdp_w: Above
    bf16: bool = True
    nvidia: bool = True
    """Whether the law of size, which was fitted to NVIDIA's cards, may predict its speed."""
    usd_new: Annotated[Decimal, Field(gt=0, le=10_000_000)] | None = None
    """To buy; None: it is not sold alone."""

    @property
    def option_id(self) -> str:
        """The card, owned."""
        return f"{OWNED_PREFIX}{slug(self.name)}"

    def rows(self, catalog: Catalog, author: Author) -> Mapping[str, Table]:
        """One card."""
        del catalog
        row = _without_none(
            id=slug(self.name),
            name=self.name,
            arch=self.arch,
            dense_tflops=self.dense_tflops,
            memory_gb=self.memory_gb,
            bandwidth_gb_s=self.bandwidth_gb_s,
            tdp_w=self.tdp_w,
            bf16=self.bf16,
            predictable=self.nvidia,
            usd_new=self.usd_new,
            source=author.source,
        )
        return {"cards.toml": {"cards": [row]}}


def slug(name: str) -> str:
    """A name as an id: "Lab, rack 2" is lab-rack-2. Raises CatalogError where nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    dashed = "".join(char if char.isalnum() or char == "." else "-" for char in plain)
    words = "-".join(part for part in dashed.split("-") if part).strip(".-")[:MOST_SLUG].strip(".-")
    if not words:
        raise CatalogError(f"{name[:40]!r} makes no id: use letters from a to z, or digits")
    return words


def like_model(wire_model: str, catalog: Catalog) -> str | None:
    """The one model of the catalogue that a server may mean by a name; None: none, or several."""
    if catalog.model(wire_model) is not None:
        return wire_model
    last = wire_model.rpartition("/")[2].lower()
    known = [model.id for model in catalog.models if model.id.rpartition("/")[2].lower() == last]
    return known[0] if len(known) == 1 else None


def _model_row(model_id: str, catalog: Catalog, author: Author) -> dict[str, Table]:
    """A model that the catalogue lacks; nobody says its size, so its speed is not predicted."""
    if catalog.model(model_id) is not None:
        return {}
    row = {"id": model_id, "kind": "open", "licence": NOT_STATED, "source": author.source}
    return {"models.toml": {"models": [row]}}


def _price(usd: Decimal, unit: PriceUnit, author: Author) -> Table:
    return {"usd": usd, "unit": str(unit), "source": author.source}


def _without_none(**values: Any) -> Table:
    return {name: value for name, value in values.items() if value is not None}
