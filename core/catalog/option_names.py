"""What an option is called, chosen or not."""

from core.catalog.schema import Card, Catalog
from core.scenario import THIS_MACHINE, hybrid_parts, machine_and_model


def option_label(option_id: str, catalog: Catalog) -> str:
    """An option's name; its id where the catalogue does not have it."""
    if (parts := hybrid_parts(option_id)) is not None:
        return " + ".join(option_label(part, catalog) for part in parts)
    machine, model_id = machine_and_model(option_id)
    if model_id is not None:
        return with_model(option_label(machine, catalog), model_id)
    if machine == THIS_MACHINE:
        return "This machine"
    offer = catalog.find_api(machine) or catalog.find_machine(machine)
    if offer is not None:
        return offer[1].label
    card = catalog.owned_card(machine)
    return owned_label(card, catalog) if card else machine


def owned_label(card: Card, catalog: Catalog, how: str = "owned") -> str:
    """A card that is bought, or as it is had: one that ships, or that the user has added."""
    named = f"{card.name} ({how})"
    return f"Yours: {named}" if card.id in catalog.own_cards else named


def with_model(machine_label: str, model_id: str) -> str:
    """A machine's name with the model that its option names: "AWS g6.xlarge (L4) with bge-m3"."""
    return f"{machine_label} with {model_id.rpartition('/')[2]}"
