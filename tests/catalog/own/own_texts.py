"""Files of a folder of one's own, as a user would write them."""

from pathlib import Path

SOURCE = """
{table}
url = "https://mine.example/prices"
read = 2026-11-29
dated = "{dated}"
kind = "list_price"
confidence = "high"
"""

MINE = """
id = "mine"
name = "Mine"
homepage = "https://mine.example"

[endpoint]
wire = "openai_compatible"
base_url = "https://api.mine.example/v1"

[[api_offers]]
id = "small"
label = "Mine small"
wire_model = "mine-small"
[[api_offers.prices]]
usd = 0.01
unit = "usd_per_mtok"
""" + SOURCE.format(table="[api_offers.prices.source]", dated="2026-11-28")


def newer(usd: str = "0.5", dated: str = "2026-11-28", offer: str = "flat") -> str:
    """A price row for the frozen catalogue's provider alpha."""
    return (
        f'id = "alpha"\n[[api_offers]]\nid = "{offer}"\n[[api_offers.prices]]\nusd = {usd}\n'
        'unit = "usd_per_mtok"\n' + SOURCE.format(table="[api_offers.prices.source]", dated=dated)
    )


def write(folder: Path, name: str, text: str) -> Path:
    """Put a file into the folder, and make what it lies in."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def priced(provider: str, offer: str, usd: str, day: str) -> str:
    """A price row for an offer that ships, in USD for a million tokens."""
    source = SOURCE.format(table="[api_offers.prices.source]", dated=day)
    return (
        f'id = "{provider}"\n[[api_offers]]\nid = "{offer}"\n[[api_offers.prices]]\n'
        f'usd = {usd}\nunit = "usd_per_mtok"\n' + source.replace("2026-11-29", day)
    )
