"""`breakeven probe`: a run from the command line, by the same way as from the page."""

from pathlib import Path

import typer
from rich.console import Console

from core.cli.probing.confirming import known_or_typed, refuse_idle, servers_meant
from core.cli.probing.endpoint_flags import Body, KeyHeader, Query, endpoint_fields
from core.cli.probing.following import end_with, plainly, started_or_watched
from core.cli.probing.plan_file import Granted, plan_from
from core.cli.probing.probe_options import (
    Against,
    AsJson,
    BaseUrl,
    ClientName,
    CustomCode,
    Dimensions,
    Free,
    InputField,
    Inspect,
    KeyEnv,
    Model,
    Neighbours,
    OptionId,
    PlanFile,
    RatePerS,
    Requests,
    Retries,
    Seed,
    TextsFile,
    TimeoutS,
    To,
    UsdPerMtok,
    UsdPerSecond,
    Wire,
)
from core.cli.probing.run_lines import lines_of
from core.cli.probing.spending import Terms, accesses, price_of
from core.cli.probing.stopping import stoppable
from core.cli.probing.taken_server import Taken, target_taken
from core.cli.support import opened_runs, read_text, whole_catalog
from core.errors import RunError
from core.probe.findings.run_report import report
from core.probe.findings.ways_to_fail import ways_to_fail
from core.probe.records.probe_plan import ProbePlan
from core.probe.sample_texts import parse_user_texts, sample_texts
from core.runs.secrets.known_secrets import hide
from core.runs.service import Runs
from core.runs.spending.worst_case import worst_case_usd
from core.runs.starting.candidates import (
    catalogue_candidate,
    custom_candidate,
    plan_for,
)
from core.runs.starting.job import Access
from core.runs.trust.origin import destinations
from core.runs.watching.run_view import RunView
from core.scenario import THIS_MACHINE
from core.settings import Settings, load_settings


def probe(
    *,
    option: OptionId = THIS_MACHINE,
    base_url: BaseUrl = "",
    model: Model = "",
    wire: Wire = "openai_compatible",
    key_header: KeyHeader = "",
    query: Query = None,
    body: Body = None,
    key_env: KeyEnv = None,
    usd_per_mtok: UsdPerMtok = 0.0,
    usd_per_second: UsdPerSecond = 0.0,
    free: Free = False,
    client: ClientName = "probe",
    input_field: InputField = "",
    dimensions: Dimensions = 0,
    texts: TextsFile = None,
    requests: Requests = 80,
    rate: RatePerS = 8.0,
    seed: Seed = None,
    timeout: TimeoutS = 30.0,
    retries: Retries = 0,
    inspect: Inspect = False,
    against: Against = None,
    neighbours: Neighbours = 0,
    plan: PlanFile = None,
    to: To = None,
    allow_custom_code: CustomCode = False,
    as_json: AsJson = False,
) -> None:
    """Measure an endpoint or this machine, now. What may cost more than your caps is not sent."""
    settings = load_settings()
    price = price_of(usd_per_mtok, usd_per_second)
    terms = Terms(price, free, tuple(key_env or ()), from_file=plan is not None)
    if plan is not None:
        to_known = known_or_typed(settings.data_dir, to or ())
        granted = Granted(plan, to_known, terms.key_env, custom_code=allow_custom_code)
        planned = _from_file(plan, granted, others=bool(base_url or against or neighbours))
    elif allow_custom_code:
        raise RunError("--allow-custom-code is for a plan from a file: give --plan FILE.")
    else:
        asked = endpoint_fields(base_url, key_header, query, body)
        fields = {"input_field": input_field or None, "dimensions": dimensions or None}
        catalog = whole_catalog(settings)
        if base_url:
            at = Taken(base_url, model, wire, asked)
            taken = target_taken(at, settings, terms.key_env, Console(stderr=True))
            base_url = taken.base_url
            own = custom_candidate(
                taken.base_url,
                taken.model,
                price,
                wire=taken.wire,
                endpoint=taken.more,
                client=client,
                **fields,
            )
        else:
            own = catalogue_candidate(catalog, option)
        how = {"timeout_s": timeout, "inspect": inspect, "retries": retries}
        planned = plan_for(
            own,
            settings.place,
            rivals=[catalogue_candidate(catalog, other) for other in against or ()],
            texts=sample_texts() if texts is None else parse_user_texts(read_text(texts)),
            schedule=_schedule(requests, rate, paired=bool(against)),
            neighbours_k=neighbours or None,
            **how,
        )
        refuse_idle(planned, to or ())
    if seed is not None:
        planned = planned.model_copy(update={"seed": seed, "seed_drawn": False})
    access = accesses(planned, terms)
    typed = servers_meant(planned, settings.data_dir, to or (), base_url)
    _run(settings, planned, access, typed, as_json=as_json)


def _from_file(file: Path, granted: Granted, *, others: bool) -> ProbePlan:
    """The plan in a file. Raises RunError, also where ``others`` were named beside it."""
    if others:
        raise RunError("--plan says whom to ask: no --base-url, --against or --neighbours.")
    return plan_from(read_text(file), file, granted)


def _schedule(requests: int, rate_per_s: float, *, paired: bool) -> dict[str, object]:
    """What is sent when: pairs where something is compared, else single requests."""
    if paired:
        return {"kind": "paired", "pairs": requests, "rate_per_s": rate_per_s}
    return {"kind": "open_loop", "requests": requests, "rate_per_s": rate_per_s}


def _run(
    settings: Settings,
    plan: ProbePlan,
    access: list[Access],
    typed: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
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
                plan,
                rate=own.rate,
                key=own.key,
                base_key=own.base_key,
                rivals=others,
                typed=typed,
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
        samples = runs.samples(view.run_id)
        lines = lines_of(view, report(view.plan, samples), ways_to_fail(view.plan, samples))
        typer.echo(hide("\n".join(lines), keys))
