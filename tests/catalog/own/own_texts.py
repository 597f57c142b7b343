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


YOURS = """
{table}
person = "Ada"
read = 2026-11-29
kind = "yours"
confidence = "medium"
"""


def own_machine(purchase: str, usd: str, unit: str, more: str = "", name: str = "box") -> str:
    """A machine of one's own: one card GPU-L of the frozen catalogue, or whatever ``more`` says."""
    card = "" if "card = " in more else 'card = "gpu-l"\n'
    return (
        f'id = "{name}"\nname = "Box"\n[[machines]]\nid = "one"\nlabel = "Box"\nproduct = "box"\n'
        f'{card}purchase = "{purchase}"\n{more}\n[[machines.prices]]\nusd = {usd}\n'
        f'unit = "{unit}"\n' + YOURS.format(table="[machines.prices.source]")
    )


def own_rate(tokens_per_s: float, machine: str = "box/one", more: str = "") -> str:
    """A rate of that machine with the frozen catalogue's model open/large."""
    return (
        f'[[throughputs]]\nmodel = "open/large"\nwhat = "server"\nmachine = "{machine}"\n'
        f'server = "TEI 1.8"\ntokens_per_text = 512\ntokens_per_s = {tokens_per_s}\n'
        f'usable = true\nverdict = "yours"\n{more}\n' + YOURS.format(table="[throughputs.source]")
    )


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
