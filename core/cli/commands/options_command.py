"""`breakeven options`: what is of one's own: added, listed, removed, moved, given its key."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Annotated

import typer
from pydantic import HttpUrl
from rich.console import Console

from core.catalog.load import load_catalog
from core.catalog.own.own_bundle import addresses, bring_in, bundle_text, files_of, read_bundle
from core.catalog.own.own_list import own_entries
from core.catalog.own.own_writing import remove_option, texts_without
from core.cli.own.draft_flags import add_cli
from core.cli.own.own_tables import entries_document, entries_table
from core.cli.support import whole_catalog, write_text
from core.errors import CatalogError, RunError
from core.runs.starting.key_bindings import bind, bindings, forget
from core.runs.trust.confirmed import confirm_servers
from core.runs.trust.origin import origin_of_url, typed_authority
from core.settings import load_settings

options_cli = typer.Typer(
    help="Your own APIs, machines, rates and cards: add, list, remove, export, import, key.",
    no_args_is_help=True,
)
options_cli.add_typer(add_cli, name="add")


@options_cli.command("list")
def list_options(
    *, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False
) -> None:
    """List what is yours, with its price, its place and the variable of its key."""
    settings = load_settings()
    entries = own_entries(settings.own_catalog, load_catalog())
    keys = bindings(settings.data_dir)
    if as_json:
        typer.echo(json.dumps(entries_document(entries, keys), indent=2))
    elif entries:
        Console().print(entries_table(entries, keys))
    else:
        typer.echo("Nothing is yours yet: breakeven options add --help")


@options_cli.command("remove")
def remove(
    option_id: Annotated[str, typer.Argument(help="As `breakeven options list` has it.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Without asking.")] = False,
) -> None:
    """Remove one of your own, with what is said of it alone, and its key's binding."""
    settings, shipped = load_settings(), load_catalog()
    texts = texts_without(settings.own_catalog, shipped, option_id)
    if not (yes or typer.confirm(f"Remove {option_id} from {', '.join(texts)}?")):
        typer.echo("Nothing was removed.")
        return
    remove_option(settings.own_catalog, shipped, option_id)
    forget(settings.data_dir, option_id)
    typer.echo(f"{option_id} removed")


@options_cli.command("export")
def export(
    file: Annotated[Path | None, typer.Argument(help="Else it is printed.")] = None,
) -> None:
    """Write all that is yours into one file, for `options import`. No key is in it."""
    settings = load_settings()
    own_entries(settings.own_catalog, load_catalog())  # what is not read is not handed on
    files = files_of(settings.own_catalog)
    if not files:
        raise CatalogError("Nothing is yours yet: breakeven options add --help")
    text = bundle_text(files)
    if file is None:
        typer.echo(text, nl=False)
        return
    write_text(file, text)
    typer.echo(f"{file} written")


@options_cli.command("import")
def import_options(
    file: Annotated[Path, typer.Argument(help="What `options export` wrote.")],
    *,
    to: Annotated[
        list[str] | None,
        typer.Option(help="HOST:PORT in it that texts may be sent to; for each of them."),
    ] = None,
) -> None:
    """Add what somebody else exported. You say which of its addresses may be asked."""
    settings, shipped = load_settings(), load_catalog()
    try:
        files = read_bundle(file.read_bytes(), str(file))
    except OSError as error:
        raise CatalogError(f"{file} cannot be read: {error.strerror or error}") from error
    refuse_foreign(str(file), addresses(files), to or ())
    paths = bring_in(settings.own_catalog, shipped, files)
    confirm_servers(settings.data_dir, {typed_authority(host) for host in to or ()})
    for path in paths:
        typer.echo(f"{path} written")
    if not paths:
        typer.echo(f"All of {file} is there already.")


def refuse_foreign(file: str, urls: Collection[HttpUrl], to: Collection[str]) -> None:
    """Raise RunError for an address that nobody has typed: a file says none for a person."""
    typed = {typed_authority(host) for host in to}
    origins = dict.fromkeys(map(origin_of_url, urls))
    foreign = [origin for origin in origins if origin.authority not in typed]
    if foreign:
        flags = " ".join(f"--to {origin.authority}" for origin in foreign)
        where = ", ".join(map(str, foreign))
        raise RunError(
            f"{file} has options at {where}, where texts would be sent when you probe them. If you "
            f"mean these servers, type {flags}."
        )


@options_cli.command("key")
def key(
    option_id: Annotated[str, typer.Argument(help="An API of yours.")],
    *,
    env: Annotated[str, typer.Option(help="Variable that holds its key.")] = "",
    drop: Annotated[bool, typer.Option("--forget", help="Bind no variable any more.")] = False,
) -> None:
    """Say which variable holds an option's key, for its host and port on this computer."""
    settings = load_settings()
    if bool(env) is drop:
        raise RunError("Give --env VARIABLE, or --forget.")
    if drop:
        gone = forget(settings.data_dir, option_id)
        typer.echo(f"{option_id}: {'forgotten' if gone else 'no variable was bound'}")
        return
    origin = bind(settings.data_dir, whole_catalog(settings), option_id, env)
    typer.echo(f"{option_id}: the key in {env} goes to {origin}, and nowhere else")
