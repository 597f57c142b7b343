"""`breakeven options add`: an API, a machine, a rate, a card of one's own."""

import getpass
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError

from core.catalog.load import load_catalog
from core.catalog.own.drafts import (
    ApiDraft,
    Author,
    CardDraft,
    Draft,
    MachineDraft,
    RateDraft,
)
from core.catalog.own.joined import joined_catalog
from core.catalog.own.own_writing import add_rows
from core.catalog.schema import PriceUnit
from core.cli.endpoint_flags import Body, KeyHeader, Query, endpoint_fields
from core.errors import CatalogError
from core.refusals import first_fault
from core.runs.starting.meant_address import meant, mends_sentence
from core.runs.trust.confirmed import confirm_servers
from core.runs.trust.key_hosts import refuse_known_key
from core.runs.trust.origin import typed_authority
from core.settings import load_settings

add_cli = typer.Typer(help="Add something of your own to compare.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="What you call it.")]
Usd = Annotated[float, typer.Option(min=0, max=1e7, help="Its price; 0: free.")]
Area = Annotated[str, typer.Option(help="Where it stands: eu, uk, ch, us, ca, asia, au.")]
ModelId = Annotated[str, typer.Option(help="Model as the catalogue calls it, such as BAAI/bge-m3.")]
By = Annotated[str, typer.Option(help="Who says so; else the user of this computer.")]
Replace = Annotated[bool, typer.Option("--replace", help="Put it in the place of yours.")]
MOST = 100_000

AnyDraft = TypeVar("AnyDraft", bound=Draft)


@add_cli.command("api")
def api(
    name: Name,
    *,
    base_url: Annotated[str, typer.Option(help="Its address, such as http://localhost:8080/v1.")],
    wire_model: Annotated[str, typer.Option("--model", help="What it calls its model.")],
    same_as: Annotated[str, typer.Option(help="The same model in the catalogue.")] = "",
    wire: Annotated[str, typer.Option(help="What it speaks.")] = "openai_compatible",
    key_header: KeyHeader = "",
    query: Query = None,
    body: Body = None,
    usd: Usd = 0.0,
    unit: Annotated[
        str, typer.Option(help="usd_per_mtok, _mchar, _request or _second.")
    ] = PriceUnit.PER_MTOK.value,
    seconds_per_request: Annotated[
        float | None, typer.Option(min=0.0001, max=3_600, help="Of a price by the second.")
    ] = None,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, max=MOST, help="Longest text that it reads.")
    ] = None,
    area: Area = "",
    by: By = "",
    replace: Replace = False,
) -> None:
    """Add an API of your own: its address and its price."""
    at = meant(base_url, wire)
    more = endpoint_fields(key_header, query, body)
    if at.query:
        more["query"] = {**at.query, **more.get("query", {})}
    fields = {
        "name": name,
        "base_url": at.url,
        "wire": at.wire,
        "wire_model": wire_model,
        "usd": str(usd),
        "unit": unit,
        "model": same_as,
        "max_tokens": max_tokens,
        "seconds_per_request": seconds_per_request,
        "area": area,
    }
    _add(ApiDraft, fields | more, by, replace=replace)
    if sentence := mends_sentence(at.what_was_mended):
        typer.echo(sentence, err=True)


@add_cli.command("machine")
def machine(
    name: Name,
    *,
    card: Annotated[str, typer.Option(help="Its card, as the catalogue calls it: l4.")] = "",
    cards: Annotated[int, typer.Option(min=1, max=64, help="Cards in one machine.")] = 1,
    cpu: Annotated[str, typer.Option(help="Its processor, where that does the work.")] = "",
    vcpus: Annotated[int | None, typer.Option(min=1, max=4_096, help="vCPUs of one.")] = None,
    memory_gib: Annotated[float | None, typer.Option(min=0.1, max=1e5, help="Of one.")] = None,
    usd_per_hour: Annotated[float | None, typer.Option(min=0, max=1e5, help="Its rent.")] = None,
    usd_per_month: Annotated[float | None, typer.Option(min=0, max=1e7, help="Its rent.")] = None,
    bought: Annotated[float | None, typer.Option(min=0, max=1e7, help="Its price, USD.")] = None,
    there: Annotated[bool, typer.Option("--there", help="It is there and paid for.")] = False,
    life_months: Annotated[int | None, typer.Option(min=1, max=240, help="If bought.")] = None,
    count: Annotated[
        int | None,
        typer.Option(min=1, max=MOST, help="How many there are; else as many as needed."),
    ] = None,
    power_w: Annotated[float | None, typer.Option(min=1, max=1e5, help="At full load.")] = None,
    idle_w: Annotated[float | None, typer.Option(min=0.1, max=1e5, help="Idle.")] = None,
    model: ModelId = "",
    area: Area = "",
    by: By = "",
    replace: Replace = False,
) -> None:
    """Add a machine of your own: rented, bought, or there already."""
    had = {"hour": usd_per_hour, "month": usd_per_month, "bought": bought}
    given = [(how, usd) for how, usd in had.items() if usd is not None]
    given += [("there", 0.0)] if there else []
    if len(given) != 1:
        raise CatalogError(
            "Say how you have it: one of --usd-per-hour, --usd-per-month, --bought, --there."
        )
    fields = {
        "name": name,
        "card": card,
        "card_count": cards,
        "cpu": cpu,
        "vcpus": vcpus,
        "memory_gib": memory_gib,
        "had": given[0][0],
        "usd": str(given[0][1]),
        "life_months": life_months,
        "count": count,
        "power_w": power_w,
        "idle_w": idle_w,
        "model": model,
        "area": area,
    }
    _add(MachineDraft, fields, by, replace=replace)


@add_cli.command("rate")
def rate(
    of: Annotated[str, typer.Argument(help="A machine (lab/l4), or a card (owned/l4).")],
    *,
    model: ModelId,
    tokens_per_s: Annotated[float, typer.Option(min=0.001, max=1e12, help="Whole machine.")],
    tokens_per_text: Annotated[float, typer.Option(min=1, max=1_000_000, help="Text length.")],
    batch: Annotated[
        int | None, typer.Option(min=1, max=MOST, help="Texts in a batch; else full ones.")
    ] = None,
    kind: Annotated[
        str, typer.Option(help="What was timed: server, library, model_call.")
    ] = "server",
    server: Annotated[str, typer.Option(help="Which one: TEI 1.8.")] = "your server",
    by: By = "",
) -> None:
    """Add a rate that you know: tokens a second, and of what."""
    fields = {
        "of": of,
        "model": model,
        "tokens_per_s": tokens_per_s,
        "tokens_per_text": tokens_per_text,
        "batch_texts": batch,
        "what": kind,
        "server": server,
    }
    _add(RateDraft, fields, by, replace=False)


@add_cli.command("card")
def card(
    name: Name,
    *,
    tflops: Annotated[float, typer.Option(min=0.01, max=1e6, help="Dense, fp16 or bf16.")],
    bandwidth_gb_s: Annotated[float, typer.Option(min=0.1, max=1e6, help="Of its memory.")],
    memory_gb: Annotated[float, typer.Option(min=0.1, max=1e5, help="Of the card.")],
    tdp_w: Annotated[float, typer.Option(min=0.1, max=1e5, help="At full load.")],
    usd: Annotated[float | None, typer.Option(min=0.01, max=1e7, help="To buy.")] = None,
    nvidia: Annotated[bool, typer.Option(help="Whether its speed may be predicted.")] = True,
    bf16: Annotated[bool, typer.Option(help="Whether it computes in bf16.")] = True,
    by: By = "",
    replace: Replace = False,
) -> None:
    """Add a card that the catalogue lacks, by its datasheet."""
    fields = {
        "name": name,
        "dense_tflops": tflops,
        "bandwidth_gb_s": bandwidth_gb_s,
        "memory_gb": memory_gb,
        "tdp_w": tdp_w,
        "usd_new": None if usd is None else str(usd),
        "nvidia": nvidia,
        "bf16": bf16,
    }
    _add(CardDraft, fields, by, replace=replace)


def _add(kind: type[AnyDraft], fields: dict[str, Any], by: str, *, replace: bool) -> None:
    """Write it, and say what may be compared now. Raises CatalogError."""
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    try:
        draft = kind.model_validate(given)
    except ValidationError as error:
        raise CatalogError(f"This cannot be added: {first_fault(error, kind)}.") from None
    refuse_known_key(draft.model_dump(mode="json"))
    settings, shipped = load_settings(), load_catalog()
    folder = settings.own_catalog
    joined = joined_catalog(folder, shipped)
    author = Author(by or _user(), datetime.now(tz=UTC).date())
    for path in add_rows(folder, shipped, draft.rows(joined.catalog, author), replace=replace):
        typer.echo(f"{path} written")
    if "base_url" in given:
        confirm_servers(settings.data_dir, {typed_authority(given["base_url"])})
    typer.echo(f"Compare it: breakeven compare --option {draft.option_id}")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "me"
