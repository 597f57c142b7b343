"""Which card of the catalogue a device is, by the name that its driver gives it."""

from core.catalog.schema import Card


def card_of(device_name: str, cards: tuple[Card, ...]) -> Card | None:
    """The catalogue's card with a device's name: the longest name or id that it contains."""
    words = f" {_plain(device_name)} "
    fitting = [
        (len(_plain(name)), card)
        for card in cards
        for name in (card.name, card.id)
        if f" {_plain(name)} " in words
    ]
    return max(fitting, key=lambda match: match[0])[1] if fitting else None


def _plain(name: str) -> str:
    cleaned = "".join(c if c.isalnum() else " " for c in name.lower())
    return " ".join(word for word in cleaned.split() if word != "nvidia")
