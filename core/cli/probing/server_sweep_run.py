"""`breakeven sweep --base-url`: a server of one's own, by the probe's own way."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import typer
from rich.console import Console

from core.cli.probing.confirming import servers_meant
from core.cli.probing.following import end_with, plainly, started_or_watched
from core.cli.probing.spending import Terms, accesses
from core.cli.probing.stopping import stoppable
from core.cli.probing.taken_server import Taken, target_taken
from core.cli.support import opened_runs, whole_catalog
from core.errors import RunError
from core.measurement.machines_behind import shared_words
from core.measurement.server_fit import server_fit
from core.measurement.server_found import ServerFound
from core.probe.records.probe_plan import ProbePlan
from core.runs.secrets.known_secrets import hide
from core.runs.spending.worst_case import worst_case_usd
from core.runs.starting.candidates import custom_candidate
from core.runs.starting.server_plan import server_plan
from core.runs.trust.origin import destinations
from core.runs.trust.stands_for import option_said, unit_words
from core.runs.watching.run_view import RunView
from core.scenario import machine_id
from core.settings import Settings
from core.store.runs import RunState


@dataclass(frozen=True, slots=True)
class Swept:
    """What was typed of the server and the sweep."""

    base_url: str
    model: str
    wire: str
    is_option: str
    machines: int
    tokens: int
    slo_p95_s: float
    batch: int
    longest_s: float
    seed: int | None
    more: Mapping[str, Any]
    """Header of the key, query and body of the server."""


def refuse_engine_options(*, given: bool) -> None:
    """Raise RunError where options of this machine's engine stand beside an address."""
    if given:
        raise RunError(
            "--engine, --precision, --device, --threads and --allow-custom-code are of this "
            "machine's engine: leave them out beside --base-url."
        )


def refuse_server_options(*, given: bool) -> None:
    """Raise RunError where options of a server stand without an address."""
    if given:
        raise RunError(
            "--wire, --key-env, --key-header, --query, --body, --is, --machines, --longest, "
            "--free and a price are of a server: give its address with --base-url."
        )


def sweep_server(settings: Settings, asked: Swept, terms: Terms, *, as_json: bool) -> None:
    """Sweep a server and print what was found; its option, if named, is measured from then on."""
    say = Console(stderr=True)
    typed = Taken(asked.base_url, asked.model, asked.wire, asked.more)
    at = target_taken(typed, settings, terms.key_env, say)
    candidate = custom_candidate(at.base_url, at.model, terms.price, wire=at.wire, endpoint=at.more)
    option_id = None
    if asked.is_option:
        catalog = whole_catalog(settings)
        option_id = option_said(catalog, asked.is_option, at.model)
        plainly(say, shared_words(asked.machines, unit_words(catalog, machine_id(option_id))))
    drawn = {} if asked.seed is None else {"seed": asked.seed, "seed_drawn": False}
    plan = server_plan(
        candidate,
        settings.place,
        slo_p95_s=asked.slo_p95_s,
        load_tokens=asked.tokens,
        longest_s=asked.longest_s,
        machines=asked.machines,
        largest_batch=asked.batch,
    ).model_copy(update=drawn)
    (access,) = accesses(plan, terms)
    meant = servers_meant(plan, settings.data_dir, (), at.base_url)
    keys = [] if access.key is None else [access.key.get_secret_value()]
    most_usd = worst_case_usd(plan, access.rate)
    plainly(
        say,
        f"Sweeping {plan.subject.label}: {plan.planned} requests in {asked.longest_s:g} s at most, "
        f"at most ${most_usd:f}. Sends to {' and '.join(destinations(plan))}.",
    )
    with stoppable() as stop, opened_runs(settings) as runs:
        view = started_or_watched(
            runs,
            lambda: runs.start(
                plan, rate=access.rate, key=access.key, typed=meant, stands_for=option_id
            ),
            say,
            stop,
        )
        used = runs.adoptions().get(option_id or "") == view.run_id
    swept = found_by(view)
    if swept is not None and swept.answered and not view.live:
        adoptable = view.state is RunState.DONE
        lines = lines_of(view.run_id, plan, swept, option_id if used else None, adoptable=adoptable)
        text = _json(view, swept, option_id, used=used) if as_json else "\n".join(lines)
        typer.echo(hide(text, keys))
    if option_id and not used and view.state is RunState.DONE:
        plainly(say, f"Nothing of {option_id} is replaced: {why_no_fit(swept)}")
    end_with(view, stop, say, keys)


def found_by(view: RunView) -> ServerFound | None:
    """What a run found of a server; None before it found anything."""
    report = None if view.summary is None else view.summary.report
    return None if report is None else report.server_sweep


def lines_of(
    run_id: str,
    plan: ProbePlan,
    swept: ServerFound,
    used_for: str | None,
    *,
    adoptable: bool = True,
) -> list[str]:
    """A sweep of a server in a few lines. ``adoptable``: whether it went through to its end."""
    lines = [f"{plan.subject.label}: run {run_id}", swept.sentence, *_loads(swept)]
    if used_for is not None:
        lines.append(f"{used_for} is now measured by it: its published rate is replaced.")
    elif not adoptable:
        lines.append(
            "It was stopped, so no machine is measured by it: who stops a run has chosen the "
            "result. Start it again, with a smaller --batch if it took too long."
        )
    elif server_fit(swept) is not None:
        lines.append(f"Use it for a machine: breakeven runs use {run_id} --is MACHINE@MODEL")
    return lines


def _loads(swept: ServerFound) -> Iterator[str]:
    for load in swept.loads:
        predicted, measured = load.predicted_p95_s, load.response_p95.value_s
        expected = "not known" if predicted is None else f"{predicted:.3f} s"
        seen = "failures" if measured is None else f"{measured:.3f} s"
        missed = "" if load.kept else ", not kept"
        yield (
            f"p95 at {load.share:.0%} of that ({load.rate_per_s:,.3g} requests/s): predicted "
            f"{expected}, measured {seen}{missed}"
        )


def why_no_fit(swept: ServerFound | None) -> str:
    """Why a finished sweep gives the model nothing: a sentence."""
    times = None if swept is None else swept.times
    if swept is not None and swept.limit:
        return "a rate limit came before it was seen how much it serves at once."
    if times is None:
        return "too few sizes and lengths were answered for a fit."
    if times.unit != "token":
        return "nobody counts its tokens, so there is no rate in tokens/s."
    if times.per_unit_s is None:
        return "only one length was answered, so the time of a token is not known."
    if swept is not None and swept.held_up:
        return "less came out than one at a time brings: something held it up. Sweep it again."
    return "no load was carried out whole, so it is not known how much it serves at once."


def _json(view: RunView, swept: ServerFound, option_id: str | None, *, used: bool) -> str:
    fit = server_fit(swept)
    document = {
        "run_id": view.run_id,
        "label": view.plan.subject.label,
        "state": view.state.value,
        "option": option_id if used else None,
        "found": swept.model_dump(mode="json"),
        "fit": None if fit is None else fit.model_dump(mode="json"),
    }
    return json.dumps(document, indent=2)
