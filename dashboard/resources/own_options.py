"""What is of one's own, for the page: listed, added and removed in the folder that is read."""

import getpass
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import ValidationError

from core.catalog.own.drafts import ApiDraft, Author, CardDraft, Draft, MachineDraft, RateDraft
from core.catalog.own.own_list import OwnEntry, own_entries
from core.catalog.own.own_writing import add_rows, remove_option
from core.catalog.schema import Area
from core.decide.demands.place import AREA_NAMES
from core.errors import CatalogError
from core.refusals import first_fault
from core.runs.starting.key_bindings import forget
from core.runs.starting.meant_address import USUAL_WIRE, meant
from core.runs.starting.typed_fields import fields_of
from core.runs.trust.claims import CUSTOM_PREFIX
from core.runs.trust.key_hosts import refuse_known_key
from core.runs.trust.origin import typed_authority
from core.runs.trust.shipped import shipped
from core.scenario import OWNED_PREFIX, hybrid_parts, machine_id
from dashboard.resources.cached import cached_catalogue, cached_store
from dashboard.resources.reach import page_reach

__all__ = ["CUSTOM_PREFIX", "OwnEntry", "add", "entries", "remove"]

DRAFTS: Final[dict[str, type[Draft]]] = {
    "api": ApiDraft,
    "machine": MachineDraft,
    "rate": RateDraft,
    "card": CardDraft,
}


def entries() -> tuple[OwnEntry, ...]:
    """All that is of one's own. Raises CatalogError where the folder is not read."""
    return own_entries(cached_store.settings().own_catalog, shipped())


def may_add() -> bool:
    """Whether a typed address is taken: not where strangers reach the page."""
    return cached_store.settings().allow_custom_base_url


def add(kind: str, fields: dict[str, Any], person: str, *, replace: bool) -> str:
    """Write it, read the catalogue again, and give the option's id. Raises CatalogError."""
    if not may_add():
        raise CatalogError("On this page nothing can be added: use `breakeven options add`.")
    fields |= fields_of(
        fields.pop("key_header", ""), _typed(fields, "query"), _typed(fields, "body")
    )
    if "base_url" in fields:
        fields = _as_meant(fields)
    try:
        draft = DRAFTS[kind].model_validate(fields)
    except ValidationError as error:
        raise CatalogError(f"This cannot be added: {first_fault(error, DRAFTS[kind])}.") from None
    refuse_known_key(draft.model_dump(mode="json"))
    author = Author(person or user(), datetime.now(tz=UTC).date())
    rows = draft.rows(cached_catalogue.catalog(), author)
    add_rows(cached_store.settings().own_catalog, shipped(), rows, replace=replace)
    if "base_url" in fields:
        page_reach.confirm([typed_authority(fields["base_url"])])
    _read_again()
    return draft.option_id


def _typed(fields: dict[str, Any], name: str) -> list[str]:
    """NAME=VALUE pairs as they are typed, one a line: a value may hold & and =."""
    return [pair for pair in str(fields.pop(name, "") or "").splitlines() if pair.strip()]


def _as_meant(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields of an API with its address mended, as every typed address is."""
    at = meant(fields["base_url"], fields.get("wire", USUAL_WIRE))
    query = {**at.query, **fields.get("query", {})}
    return fields | {"base_url": at.url, "wire": at.wire} | ({"query": query} if query else {})


def remove(option_id: str) -> None:
    """Take it out, with what is said of it alone and its key's binding. Raises CatalogError."""
    if not may_add():
        raise CatalogError("On this page nothing can be removed: use `breakeven options remove`.")
    settings = cached_store.settings()
    remove_option(settings.own_catalog, shipped(), option_id)
    forget(settings.data_dir, option_id)
    _read_again()


def _read_again() -> None:
    cached_catalogue.read_again()
    cached_store.forget_measurements()


def rests_on(name: str, option_id: str) -> bool:
    """Whether an option is another one, with any model or beside any API."""
    return option_id in {machine_id(part) for part in hybrid_parts(name) or (name,)}


def label(option_id: str) -> str:
    """What the page calls it."""
    return cached_catalogue.option_label(option_id)


def user() -> str:
    """Who runs this page."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "me"


def areas() -> dict[str, str]:
    """Places with their names."""
    return {area.value: AREA_NAMES[area] for area in Area}


def models() -> list[str]:
    """Every model of the catalogue."""
    return [model.id for model in cached_catalogue.catalog().models]


def cards() -> dict[str, str]:
    """Every card by its id."""
    return {card.id: card.name for card in cached_catalogue.catalog().cards}


def cpus() -> dict[str, str]:
    """Every processor by its id."""
    return {cpu.id: cpu.name for cpu in cached_catalogue.catalog().cpus}


def rated() -> dict[str, str]:
    """What a rate may be of: one's own machines first, then all others, then every card."""
    catalog = cached_catalogue.catalog()
    machines = [name for name in catalog.option_ids() if catalog.find_machine(name)]
    machines.sort(key=lambda name: not catalog.is_own(name))
    owned = {f"{OWNED_PREFIX}{card.id}": f"{card.name} (card)" for card in catalog.cards}
    return {name: label(name) for name in machines} | owned
