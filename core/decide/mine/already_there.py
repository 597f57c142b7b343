"""Cards and machines that are one's own already, by number: what they cost is spent."""

from collections.abc import Iterable
from typing import Final

from core.catalog.schema import Catalog
from core.cost.curve.breakdown import CostLine
from core.decide.by_option import OwnCounts
from core.decide.result.option import PriceUsed
from core.errors import ScenarioError
from core.scenario import OWNED_PREFIX

ALREADY_YOURS: Final = "already yours"


def counts_of(owned: Iterable[tuple[str, int]], catalog: Catalog) -> OwnCounts:
    """How many there are of each, by option id with any model or none.

    Raises ScenarioError for what is nobody's own: an API, a rented machine, an unknown id.
    """
    counts = dict(owned)
    for name in counts:
        if why := _why_not_own(name, catalog):
            raise ScenarioError(f"owned: {why}")
    return OwnCounts(counts)


def _why_not_own(name: str, catalog: Catalog) -> str:
    """Why an id is of nothing that one owns, and what to write; "" where it is."""
    if catalog.owned_card(name) is not None:
        return ""
    sold = catalog.find_machine(name)
    if sold is not None and sold[1].is_owned:
        return ""
    if sold is not None:
        return (
            f"{name} is rented, and nobody's own. Write the card that you have, such as "
            f"{OWNED_PREFIX}{sold[1].card or 'rtx-4090'}."
        )
    if catalog.card(name) is not None:
        return f"{name} is a card: write {OWNED_PREFIX}{name}."
    return (
        f"the catalogue has no card or machine called {name!r} to own. Write {OWNED_PREFIX}CARD, "
        "or add yours with `breakeven options add machine`."
    )


def spent(listed: PriceUsed) -> PriceUsed:
    """The price of what is there already: nothing more is paid for it, whatever was."""
    return PriceUsed(
        usd=0.0,
        unit=None,
        list_usd=listed.list_usd,
        source=None,
        overridden=True,
        said=ALREADY_YOURS,
    )


def spent_line() -> CostLine:
    """The capital of what is there already, a month: nothing."""
    return CostLine("Capital", 0.0, f"{ALREADY_YOURS}: what it cost is spent", ("price",))


def there_note(many: int | None, noun: str) -> str:
    """That so many are one's own, and what that leaves in the bill; "" where they are bought."""
    if many is None:
        return ""
    return (
        f"{many:,} {plural(many, noun)} {ALREADY_YOURS}: the purchase is spent and left out, "
        "electricity and labour are not. Buying more is another question: take the number away"
    )


def noun_of(option_id: str) -> str:
    """What one of an option's replicas is: a card, or a machine."""
    return "card" if option_id.startswith(OWNED_PREFIX) else "machine"


def plural(many: int, noun: str) -> str:
    """The noun for so many."""
    return noun if many == 1 else f"{noun}s"
