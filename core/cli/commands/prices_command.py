"""`breakeven prices`: the catalogue beside other lists, and newer prices written."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.catalog.check.genai_list import genai_list
from core.catalog.check.litellm_list import litellm_list
from core.catalog.check.price_check import Beside, Checked, check_prices
from core.catalog.check.price_list import PriceList
from core.catalog.check.price_refresh import newer_prices, write_prices
from core.catalog.load import load_catalog
from core.catalog.own.joined import joined_catalog
from core.catalog.schema import Catalog
from core.cli.support import whole_catalog
from core.errors import BreakevenError, CatalogError
from core.settings import load_settings

FAULTS: Final = ("disagree", "old", "missing")

prices_cli = typer.Typer(
    help="Compare the catalogue's prices with other lists, and write newer ones into your folder.",
    no_args_is_help=True,
)


@prices_cli.command("check")
def check(
    *,
    litellm: Annotated[
        Path | None, typer.Option(help="A copy of LiteLLM's price map, a JSON file.")
    ] = None,
    older_than: Annotated[
        int | None,
        typer.Option(min=0, max=1_000_000, help="Name prices that were read so many days ago."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")] = False,
    fail_if: Annotated[
        str, typer.Option(help="Exit with 1 if any: disagree, old, missing; commas between.")
    ] = "",
) -> None:
    """Compare API prices with genai-prices, with a file of LiteLLM, and by age. Sends nothing."""
    faults = _faults(fail_if, older_than)
    catalog, today = whole_catalog(load_settings()), datetime.now(tz=UTC).date()
    lists = _lists(catalog, litellm, today, alone=litellm is None and older_than is None)
    checked = check_prices(catalog, lists, today, older_than)
    if as_json:
        typer.echo(json.dumps(_document(checked, lists), indent=2, default=_plain))
    else:
        for table in _tables(checked, lists):
            Console().print(table)
    counts = {
        "disagree": checked.disagreeing,
        "old": checked.old,
        "missing": checked.lacked,
    }
    if any(counts[fault] for fault in faults):
        raise typer.Exit(1)


def _faults(text: str, older_than: int | None) -> tuple[str, ...]:
    faults = tuple(part.strip() for part in text.split(",") if part.strip())
    if strange := [fault for fault in faults if fault not in FAULTS]:
        raise BreakevenError(f"--fail-if {strange[0][:40]}: give some of {', '.join(FAULTS)}.")
    if "old" in faults and older_than is None:
        raise BreakevenError("--fail-if old needs an age: give --older-than DAYS, too.")
    return faults


def _lists(catalog: Catalog, litellm: Path | None, today: date, *, alone: bool) -> list[PriceList]:
    """The lists that are there; without the package something else must be asked for."""
    lists = []
    try:
        lists.append(genai_list(catalog, today))
    except CatalogError as error:
        if alone:
            raise
        Console(stderr=True).print(str(error), highlight=False, markup=False)
    if litellm is not None:
        lists.append(litellm_list(litellm, catalog))
    return lists


def _document(checked: Checked, lists: Sequence[PriceList]) -> dict[str, Any]:
    return {
        "lists": [one.name for one in lists],
        "compared": [{**asdict(row), "ratio": row.ratio} for row in checked.beside],
        "disagree": [row.option_id for row in checked.disagreeing],
        "old": [asdict(row) for row in checked.old],
        "missing": [{"list": name, **asdict(model)} for name, model in checked.lacked],
    }


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def _tables(checked: Checked, lists: Sequence[PriceList]) -> Iterator[Table]:
    names = " and ".join(one.name for one in lists) or "no other list"
    verdicts = Counter(row.verdict for row in checked.beside)
    counts = ", ".join(f"{count} {verdict}" for verdict, count in verdicts.items()) or "none"
    title = f"API prices beside {names}: {counts}"
    yield _beside_table(title, checked.disagreeing)
    if checked.old:
        rows = [(old.option_id, str(old.read), f"{old.days}") for old in checked.old]
        yield _table("Old", ("option", "read", "days"), rows)
    if checked.lacked:
        rows = [
            (f"{model.provider}: {model.model}", ", ".join(map(_usd, model.usd.items())), name)
            for name, model in checked.lacked
        ]
        yield _table("Embedding models that are missing here", ("model", "USD", "list"), rows)


def _usd(price: tuple[str, Decimal]) -> str:
    return f"{price[1].normalize():f} {price[0]}"


def _beside_table(title: str, rows: Sequence[Beside]) -> Table:
    cells = [
        (
            row.option_id,
            f"{row.ours_usd.normalize():f}",
            f"{row.theirs_usd.normalize():f}",
            f"{row.ratio:.4g}",
            row.verdict,
            row.source,
            f"{row.our_source}, {row.our_date}",
        )
        for row in rows
    ]
    return _table(title, ("option", "ours", "theirs", "ratio", "", "list", "our source"), cells)


def _table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


@prices_cli.command("refresh")
def refresh(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what differs.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Write without asking.")] = False,
) -> None:
    """Write newer prices of genai-prices into your own catalogue folder, with their source."""
    folder, shipped = load_settings().own_catalog, load_catalog()
    joined, today = joined_catalog(folder, shipped), datetime.now(tz=UTC).date()
    if joined.refusal:
        raise CatalogError(joined.refusal)
    one = genai_list(joined.catalog, today)
    rows = newer_prices(joined.catalog, shipped, one, today)
    if not rows:
        typer.echo(f"{one.name} has no newer price of what is in the catalogue.")
        return
    Console().print(_beside_table(f"Newer prices of {one.name}", rows))
    if dry_run or not (yes or typer.confirm(f"Write {len(rows)} rows into {folder}?")):
        typer.echo("Nothing was written.")
        return
    for path in write_prices(folder, shipped, rows, one, today):
        typer.echo(f"{path} written")
