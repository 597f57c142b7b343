"""`breakeven probe`: a run from the command line, by the same way as from the page."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Final

import typer
from pydantic import SecretStr, ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from core.catalog.load import load_catalog
from core.catalog.schema import PriceUnit
from core.errors import MissingKeyError, RunError
from core.measurement import Estimate, Subject
from core.probe.plan import ApiTarget, ProbePlan, Target, parts
from core.probe.sample_texts import parse_user_texts, sample_texts
from core.runs.candidates import Candidate, catalogue_candidate, custom_candidate, plan_for
from core.runs.job import Access
from core.runs.service import Runs
from core.runs.view import RunView
from core.runs.worst_case import FREE, Rate, worst_case_usd
from core.scenario import THIS_MACHINE
from core.settings import Settings, load_settings
from core.store.open import open_store
from core.store.runs import RunState

LOOK_S: Final = 0.2
MOST_PLAN_BYTES: Final = 64 * 2**20


def probe(
    *,
    option: Annotated[
        str, typer.Option(help="Option of the catalogue, such as openai/text-embedding-3-small.")
    ] = THIS_MACHINE,
    base_url: Annotated[str, typer.Option(help="Address of another endpoint.")] = "",
    model: Annotated[str, typer.Option(help="Name of the model at that address.")] = "",
    wire: Annotated[str, typer.Option(help="What it speaks.")] = "openai_compatible",
    key_env: Annotated[str, typer.Option(help="Variable that holds its key.")] = "",
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
    requests: Annotated[int, typer.Option(min=1, help="Measured requests.")] = 80,
    rate: Annotated[float, typer.Option(help="Requests a second.")] = 8.0,
    timeout: Annotated[float, typer.Option(help="Seconds that a request may take.")] = 30.0,
    retries: Annotated[
        int, typer.Option(min=0, max=5, help="Send again what failed for a while; counted.")
    ] = 0,
    inspect: Annotated[
        bool, typer.Option("--inspect", help="Then ask whether it cuts texts or caches answers.")
    ] = False,
    plan: Annotated[
        Path | None, typer.Option(help="A whole plan as JSON, with any schedule and targets.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the run with its samples, for `runs import`.")
    ] = False,
) -> None:
    """Measure an endpoint or this machine, now. What may cost more than your caps is not sent."""
    settings = load_settings()
    price = _price(usd_per_mtok, usd_per_second)
    if plan is not None:
        planned = _plan_from(plan)
    else:
        if base_url:
            chosen = custom_candidate(
                base_url,
                model,
                price,
                wire=wire,
                client=client,
                input_field=input_field or None,
                dimensions=dimensions or None,
            )
        else:
            chosen = catalogue_candidate(load_catalog(), option)
        planned = plan_for(
            chosen,
            settings.place,
            texts=_texts(texts),
            schedule={"kind": "open_loop", "requests": requests, "rate_per_s": rate},
            timeout_s=timeout,
            inspect=inspect,
            retries=retries,
        )
    access = [
        access_to(subject, target, None if free else price, key_env)
        for subject, target in zip(planned.subjects, planned.targets, strict=True)
    ]
    _run(settings, planned, access, as_json=as_json)


def _run(settings: Settings, plan: ProbePlan, access: list[Access], *, as_json: bool) -> None:
    say = Console(stderr=True)
    own, *others = access
    most_usd = worst_case_usd(plan, *(one.rate for one in access))
    say.print(
        f"Probing {' and '.join(subject.label for subject in plan.subjects)}: {plan.planned} "
        f"requests, at most ${most_usd:f}.",
        highlight=False,
        markup=False,
    )
    with opened_runs(settings) as runs:
        run_id = runs.start(plan, rate=own.rate, key=own.key, base_key=own.base_key, rivals=others)
        view = follow(runs, run_id, say)
        if as_json:
            typer.echo(runs.export([view.run_id]))
        else:
            typer.echo("\n".join(lines_of(view)))
    if view.state is not RunState.DONE:
        say.print(f"{view.state.value}: {view.error or ''}", highlight=False, markup=False)
        raise typer.Exit(code=1)


@contextmanager
def opened_runs(settings: Settings) -> Iterator[Runs]:
    """Runs on the settings' store, closed at the end."""
    store = open_store(settings)
    runs = Runs(store, settings)
    try:
        yield runs
    finally:
        runs.close()
        store.close()


def follow(runs: Runs, run_id: str, say: Console) -> RunView:
    """Watch a run to its end. Ctrl-C cancels it; what it had measured is kept."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=say, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("requests", total=None)
        while True:
            try:
                view = runs.view(run_id)
                bar.update(task, total=view.planned, completed=view.done)
                if not view.live:
                    return view
                time.sleep(LOOK_S)
            except KeyboardInterrupt:
                runs.cancel(run_id)


def lines_of(view: RunView) -> list[str]:
    """A finished run in a few lines."""
    lines = [f"{view.plan.subject.label}: {view.state.value}, run {view.run_id}"]
    summary = view.summary
    if summary is not None:
        lines += [
            f"  response p50 {_ms(summary.response_p50)}",
            f"  response p95 {_ms(summary.response_p95)}",
            f"  service  p50 {_ms(summary.service_p50)}",
            f"  answered {summary.n_ok}, failed {summary.n_failed}",
        ]
        if summary.cold_start_s is not None:
            lines.append(f"  first call {summary.cold_start_s * 1e3:.1f} ms, apart")
        lines += [f"  {name}: {count}" for name, count in summary.errors]
        lines += [f"  note: {sentence}" for sentence in summary.warnings]
    if view.inspection is not None:
        lines += [f"  inspected: {sentence}" for sentence in view.inspection.sentences]
    found = view.environment
    if found is not None:
        where = ", ".join(filter(None, (found.host, found.place, found.region, found.route)))
        lines.append(f"  from {where}")
    lines.append(f"  billed ${view.spent_usd:f} of at most ${view.worst_case_usd:f}")
    return lines


def _ms(estimate: Estimate) -> str:
    """A percentile with its interval, ms."""
    if estimate.value_s is None:
        return "infinite: failures reach into it"
    low, high = estimate.low_s, estimate.high_s
    least = "?" if low is None else f"{low * 1e3:.1f}"
    most = "no upper bound" if high is None else f"{high * 1e3:.1f}"
    return f"{estimate.value_s * 1e3:.1f} ms (95 %: {least} to {most})"


def _price(usd_per_mtok: float, usd_per_second: float) -> Rate:
    if usd_per_mtok and usd_per_second:
        raise RunError("Give one price: by the token, or by the second.")
    if usd_per_second:
        return Rate(Decimal(str(usd_per_second)), PriceUnit.PER_SECOND)
    return Rate(Decimal(str(usd_per_mtok)), PriceUnit.PER_MTOK) if usd_per_mtok else FREE


def access_to(subject: Subject, target: Target, price: Rate | None, key_env: str) -> Access:
    """Price and key of a target: the catalogue's where it is the catalogue's, else the typed ones.

    ``price`` None: somebody says that a call costs nothing. Raises RunError without a price, for
    a cap means nothing without one, and MissingKeyError.
    """
    asked = parts(target)[-1]
    if not isinstance(asked, ApiTarget):
        return Access.at(FREE, None)
    listed = _listed(subject, asked)
    if listed is not None:
        return Access.at(listed.rate, _key(listed.label, listed.key_env))
    if price is not None and price.usd == 0 and not asked.allow_loopback:
        raise RunError(
            f"Without a price for {subject.label} no spending cap can hold: give --usd-per-mtok "
            "or --usd-per-second, or --free for a server of your own."
        )
    return Access.at(price or FREE, _key(subject.label, key_env or asked.endpoint.key_env))


def _listed(subject: Subject, target: ApiTarget) -> Candidate | None:
    """The catalogue's own entry, if that is what is asked."""
    catalog = load_catalog()
    if catalog.find_api(subject.option_id) is None:
        return None
    listed = catalogue_candidate(catalog, subject.option_id)
    same = isinstance(listed.target, ApiTarget) and (
        (listed.target.endpoint, listed.target.wire_model) == (target.endpoint, target.wire_model)
    )
    return listed if same else None


def _texts(file: Path | None) -> tuple[str, ...]:
    return sample_texts() if file is None else parse_user_texts(read_text(file))


def read_text(file: Path) -> str:
    """A file as text. Raises RunError."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise RunError(f"{file} cannot be read ({reason}).") from None


def _plan_from(file: Path) -> ProbePlan:
    try:
        return ProbePlan.model_validate_json(read_text(file))
    except ValidationError as error:
        fault = error.errors(include_input=False)[0]
        where = ".".join(str(part) for part in fault["loc"])[:120]
        raise RunError(f"{file} holds no plan: {where}: {fault['msg']}.") from None


def _key(label: str, key_env: str | None) -> SecretStr | None:
    """The key from its variable. Raises MissingKeyError."""
    if not key_env:
        return None
    if not (found := os.environ.get(key_env)):
        raise MissingKeyError(f"The key for {label} is not set: set {key_env} and start again.")
    return SecretStr(found)
