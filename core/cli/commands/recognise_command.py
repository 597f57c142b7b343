"""`breakeven recognise`: which server answers at an address, as a table or as JSON."""

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from core.cli.probing.taken_server import key_for
from core.probe.recognise.judged_asking import BEARER
from core.probe.recognise.recognised import Recognised, ServedModel
from core.runs.starting.asked_server import recognised_at
from core.settings import load_settings

UNKNOWN = "–"


def recognise(
    url: Annotated[str, typer.Argument(help="Address of a server, as you have it.")],
    *,
    key_env: Annotated[
        list[str] | None,
        typer.Option(help="Variable that holds its key, if it wants one."),
    ] = None,
    key_header: Annotated[
        str, typer.Option(help="Header of the key; in Authorization it is a bearer token.")
    ] = BEARER,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Say which server answers at an address: its models, limits and formats."""
    server = recognised_at(url, load_settings(), key_for(url, key_env or ()), key_header, mine=True)
    if as_json:
        typer.echo(server.model_dump_json(indent=2))
        return
    show = Console()
    show.print("\n".join(lines_of(server)), highlight=False, markup=False, soft_wrap=True)
    if server.models:
        show.print(_table(server.models))


def lines_of(server: Recognised) -> list[str]:
    """What was recognised, by what, and what it says of its limits."""
    proposed, *others = server.speaks
    lines = [f"{server.label}, by {server.by_what}"]
    if server.what_was_mended:
        lines.append(f"  mended: {'; '.join(server.what_was_mended)}")
    lines.append(f"  base address {proposed.base_url} ({proposed.wire})")
    lines += [f"  also {one.base_url} ({one.wire})" for one in others]
    limits = {
        "texts a request at most": server.max_texts_per_request,
        "tokens a batch at most": server.max_tokens_per_batch,
    }
    lines += [f"  {count:,} {what}" for what, count in limits.items() if count is not None]
    if server.key_header is not None:
        lines.append(f"  key in the header {server.key_header}")
    lines += [f"  query {name}={value}" for name, value in server.query]
    return lines + [f"  {note}" for note in server.notes]


def _table(models: tuple[ServedModel, ...]) -> Table:
    table = Table("model", "embeds", "tokens a text", "dimensions", "dtype", "revision")
    for model in models:
        embeds = {True: "yes", False: "no", None: UNKNOWN}[model.embeds]
        table.add_row(
            escape(model.name),
            embeds,
            _count(model.max_tokens),
            _count(model.dimensions),
            escape(model.dtype or UNKNOWN),
            escape((model.revision or UNKNOWN)[:12]),
        )
    return table


def _count(value: int | None) -> str:
    return UNKNOWN if value is None else f"{value:,}"
