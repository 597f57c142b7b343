"""`breakeven probe`: a run from the command line, by the same way as from the page."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from core.catalog.load import load_catalog
from core.cli.following import end_with, plainly, started_or_watched
from core.cli.plan_file import Granted, plan_from
from core.cli.run_lines import lines_of
from core.cli.spending import Terms, accesses, price_of
from core.cli.stopping import stoppable
from core.cli.support import opened_runs, read_text
from core.errors import RunError
from core.probe.findings.run_report import report
from core.probe.records.probe_plan import ProbePlan
from core.probe.sample_texts import parse_user_texts, sample_texts
from core.runs.secrets.known_secrets import hide
from core.runs.service import Runs
from core.runs.spending.worst_case import worst_case_usd
from core.runs.starting.candidates import catalogue_candidate, custom_candidate, plan_for
from core.runs.starting.job import Access
from core.runs.trust.origin import destinations
from core.runs.watching.run_view import RunView
from core.scenario import THIS_MACHINE
from core.settings import Settings, load_settings


def probe(
    *,
    option: Annotated[
        str, typer.Option(help="Option of the catalogue, such as openai/text-embedding-3-small.")
    ] = THIS_MACHINE,
    base_url: Annotated[str, typer.Option(help="Address of another endpoint.")] = "",
    model: Annotated[str, typer.Option(help="Name of the model at that address.")] = "",
    wire: Annotated[str, typer.Option(help="What it speaks.")] = "openai_compatible",
    key_env: Annotated[
        list[str] | None,
        typer.Option(help="Variable that holds its key; HOST:PORT=VARIABLE where several ask one."),
    ] = None,
    usd_per_mtok: Annotated[
        float, typer.Option(min=0, help="Its price for 1M tokens, for the spending cap.")
    ] = 0.0,
    usd_per_second: Annotated[
        float, typer.Option(min=0, help="Its price for a second of compute, if it bills that.")
    ] = 0.0,
    free: Annotated[
        bool, typer.Option("--free", help="It is a server of your own: a call costs nothing.")
    ] = False,
    client: Annotated[str, typer.Option(help="probe, or openai_sdk to time OpenAI's.")] = "probe",
    input_field: Annotated[str, typer.Option(help="Name of the texts (Replicate).")] = "",
    dimensions: Annotated[int, typer.Option(min=0, help="Dimensions to ask for.")] = 0,
    texts: Annotated[
        Path | None, typer.Option(help="Texts of your own, one a line or between blank lines.")
    ] = None,
    requests: Annotated[int, typer.Option(min=1, help="Measured requests, or pairs.")] = 80,
    rate: Annotated[float, typer.Option(help="Requests, or pairs, a second.")] = 8.0,
    timeout: Annotated[float, typer.Option(help="Seconds that a request may take.")] = 30.0,
    retries: Annotated[
        int, typer.Option(min=0, max=5, help="Send again what failed for a while; counted.")
    ] = 0,
    inspect: Annotated[
        bool, typer.Option("--inspect", help="Then ask whether it cuts texts or caches answers.")
    ] = False,
    against: Annotated[
        list[str] | None,
        typer.Option(help="Option to compare with, in random pairs; may be given several times."),
    ] = None,
    neighbours: Annotated[
        int, typer.Option(min=0, help="Of a comparison: compare so many nearest texts, too.")
    ] = 0,
    plan: Annotated[
        Path | None, typer.Option(help="A whole plan as JSON, with any schedule and targets.")
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            help="Of a plan: HOST:PORT that it may send to, where that is no option of the "
            "catalogue; may be given several times."
        ),
    ] = None,
    allow_custom_code: Annotated[
        bool, typer.Option("--allow-custom-code", help="Of a plan: run Python files of its model.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the run with its samples, for `runs import`.")
    ] = False,
) -> None:
    """Measure an endpoint or this machine, now. What may cost more than your caps is not sent."""
    settings = load_settings()
    price = price_of(usd_per_mtok, usd_per_second)
    if plan is not None:
        if base_url or against or neighbours:
            raise RunError("--plan says whom to ask: no --base-url, --against or --neighbours.")
        granted = Granted(plan, to or (), key_env or (), custom_code=allow_custom_code)
        planned = plan_from(read_text(plan), plan, granted)
    elif to or allow_custom_code:
        raise RunError("--to and --allow-custom-code are for a plan from a file: give --plan FILE.")
    else:
        catalog = load_catalog()
        fields = {"input_field": input_field or None, "dimensions": dimensions or None}
        planned = plan_for(
            custom_candidate(base_url, model, price, wire=wire, client=client, **fields)
            if base_url
            else catalogue_candidate(catalog, option),
            settings.place,
            rivals=[catalogue_candidate(catalog, other) for other in against or ()],
            texts=sample_texts() if texts is None else parse_user_texts(read_text(texts)),
            schedule=_schedule(requests, rate, paired=bool(against)),
            timeout_s=timeout,
            inspect=inspect,
            retries=retries,
            neighbours_k=neighbours or None,
        )
    terms = Terms(price, free, tuple(key_env or ()), from_file=plan is not None)
    _run(settings, planned, accesses(planned, terms), as_json=as_json)


def _schedule(requests: int, rate_per_s: float, *, paired: bool) -> dict[str, object]:
    """What is sent when: pairs where something is compared, else single requests."""
    if paired:
        return {"kind": "paired", "pairs": requests, "rate_per_s": rate_per_s}
    return {"kind": "open_loop", "requests": requests, "rate_per_s": rate_per_s}


def _run(settings: Settings, plan: ProbePlan, access: list[Access], *, as_json: bool) -> None:
    say = Console(stderr=True)
    own, *others = access
    keys = [key.get_secret_value() for one in access for key in (one.key, one.base_key) if key]
    most_usd = worst_case_usd(plan, *(one.rate for one in access))
    plainly(
        say,
        f"Probing {' and '.join(subject.label for subject in plan.subjects)}: {plan.planned} "
        f"requests, at most ${most_usd:f}. Sends to {' and '.join(destinations(plan))}.",
    )
    with stoppable() as stop, opened_runs(settings) as runs:

        def start() -> str:
            return runs.start(
                plan, rate=own.rate, key=own.key, base_key=own.base_key, rivals=others
            )

        view = started_or_watched(runs, start, say, stop)
        _show(runs, view, keys, as_json=as_json)
    end_with(view, stop, say, keys)


def _show(runs: Runs, view: RunView, keys: list[str], *, as_json: bool) -> None:
    """What was measured; nothing where nothing was, for then the last sentence says it all."""
    if view.live:
        return
    if as_json:
        typer.echo(runs.export([view.run_id]))
    elif view.summary is not None and view.summary.answered:
        lines = lines_of(view, report(view.plan, runs.samples(view.run_id)))
        typer.echo(hide("\n".join(lines), keys))
