"""`breakeven probe`: a run from the command line, by the same way as from the page.

What is imported here is light: the worker starts before the rest is read.
"""

from dataclasses import replace

import typer

from core.cli.endpoint_flags import Body, KeyHeader, Query, endpoint_fields
from core.cli.probing.limits.limit_text import limits_of
from core.cli.probing.probe_options import (
    Against,
    Arrivals,
    AsJson,
    BaseUrl,
    Batches,
    Characters,
    ClientName,
    Cold,
    CompareWith,
    Concurrency,
    CustomCode,
    Dimensions,
    FailIf,
    Free,
    InputField,
    Inspect,
    KeyEnv,
    Model,
    Neighbours,
    ObjectiveS,
    OptionId,
    PlanFile,
    RampRates,
    RatePerS,
    Repeats,
    Requests,
    Retries,
    Seed,
    StepS,
    TextsFile,
    TimeoutS,
    To,
    UsdPerMtok,
    UsdPerSecond,
    Wire,
)
from core.cli.probing.readying import ready_crew
from core.cli.probing.schedules.flag_conflicts import refuse_contradictions, typed_of
from core.cli.probing.schedules.schedule_flags import schedule_of
from core.errors import RunError
from core.scenario import THIS_MACHINE
from core.settings import load_settings
from core.uncollected import uncollected


def probe(
    context: typer.Context,
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
    requests: Requests = 80,  # noqa: ARG001  of a schedule only what was typed is read
    rate: RatePerS = 8.0,  # noqa: ARG001
    arrivals: Arrivals = "poisson",  # noqa: ARG001
    ramp: RampRates = "",  # noqa: ARG001
    step_s: StepS = 10.0,  # noqa: ARG001
    batches: Batches = "",  # noqa: ARG001
    characters: Characters = "60,600",  # noqa: ARG001
    repeats: Repeats = 0,  # noqa: ARG001
    concurrency: Concurrency = "",  # noqa: ARG001
    cold: Cold = "",  # noqa: ARG001
    slo: ObjectiveS = None,
    seed: Seed = None,
    timeout: TimeoutS = 30.0,
    retries: Retries = 0,
    inspect: Inspect = False,
    against: Against = None,
    neighbours: Neighbours = 0,
    plan: PlanFile = None,
    to: To = None,
    allow_custom_code: CustomCode = False,
    fail_if: FailIf = None,
    compare_with: CompareWith = "",
    as_json: AsJson = False,
) -> None:
    """Measure an endpoint or this machine, now. What may cost more than your caps is not sent.

    Requests leave at drawn times (an open loop), unless --ramp, --batches,
    --concurrency, --cold or --against says another way.

    Exit status: 0 the run went through; 1 it did not; 2 nothing was sent, for
    what was typed cannot be run; 3 a limit of --fail-if is broken; 128 and the
    number of a signal that stopped it.
    """
    typed = typed_of(context)
    refuse_contradictions(typed)
    schedule, limits = schedule_of(typed), limits_of(fail_if or ())
    if plan is None and allow_custom_code:
        raise RunError("--allow-custom-code is for a plan from a file: give --plan FILE.")
    settings = load_settings()
    with ready_crew(settings, key_env or ()) as crew:
        # The rest takes half a second to import, in which the worker starts.
        with uncollected():
            from core.cli.probing import confirming, probe_run, spending  # noqa: PLC0415

        price = spending.price_of(usd_per_mtok, usd_per_second)
        terms = spending.Terms(price, free, tuple(key_env or ()), from_file=plan is not None)
        if plan is not None:
            planned = probe_run.plan_of_file(
                settings, plan, to or (), terms, custom_code=allow_custom_code
            )
        else:
            fields = {"input_field": input_field or None, "dimensions": dimensions or None}
            at = probe_run.at_address(
                settings, terms, base_url, model, wire, endpoint_fields(key_header, query, body)
            )
            whom = probe_run.Whom(option, at, price, fields | {"client": client}, against or ())
            planned, mine = probe_run.plan_of_flags(
                settings,
                whom,
                to or (),
                texts,
                schedule=schedule,
                slo_s=slo,
                timeout_s=timeout,
                inspect=inspect,
                retries=retries,
                neighbours_k=neighbours or None,
            )
            terms = replace(terms, options=mine)
        if seed is not None:
            planned = planned.model_copy(update={"seed": seed, "seed_drawn": False})
        wanted = probe_run.Wanted(as_json, limits, compare_with)
        address = "" if plan is not None or at is None else at.base_url
        meant = confirming.servers_meant(planned, settings.data_dir, to or (), address)
        probe_run.carry_out(settings, crew, planned, terms, meant, wanted)
