"""A probe from its plan to its last line: started, followed, told, judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import typer
from rich.console import Console

from core.catalog.schema import Catalog
from core.cli.own.own_candidates import bound_keys, own_among
from core.cli.probing.confirming import known_or_typed, refuse_idle
from core.cli.probing.earlier import measured_run
from core.cli.probing.following import end_with, plainly, started_or_watched
from core.cli.probing.limits.limit_text import Limit, refuse_unmeasured
from core.cli.probing.limits.limit_verdict import Verdict, judge
from core.cli.probing.plan_file import Granted, plan_from
from core.cli.probing.spending import Terms, accesses, keys_of
from core.cli.probing.stopping import stoppable
from core.cli.probing.taken_server import Taken, target_taken
from core.cli.probing.telling.run_document import beside_the_run
from core.cli.probing.telling.run_lines import lines_of
from core.cli.support import opened_runs, read_text, whole_catalog
from core.measurement.report import Comparison
from core.probe.findings.two_runs import compare_runs, refuse_unlike
from core.probe.findings.ways_to_fail import ways_to_fail
from core.probe.records.probe_plan import ProbePlan
from core.probe.sample_texts import parse_user_texts, sample_texts
from core.runs.secrets.known_secrets import hide
from core.runs.service import Runs
from core.runs.spending.worst_case import Rate, worst_case_usd
from core.runs.starting.candidates import (
    Candidate,
    catalogue_candidate,
    custom_candidate,
    plan_for,
)
from core.runs.starting.crew import Crew
from core.runs.trust.origin import destinations
from core.runs.watching.run_view import RunView
from core.settings import Settings

BROKEN_LIMIT: Final = 3
"""Exit status of a run that went through and broke a limit of `--fail-if`."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Who is asked, as typed: an option of the catalogue, or a server at an address."""

    option: str
    at: Taken | None
    """The server at the typed address; None where none was typed."""
    price: Rate
    fields: Mapping[str, Any]
    """Of the target at the address."""
    against: Sequence[str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of the run beside itself."""

    as_json: bool
    limits: tuple[Limit, ...]
    compare_with: str
    """Id of an earlier run; "" for none."""


def at_address(
    settings: Settings,
    terms: Terms,
    base_url: str,
    model: str,
    wire: str,
    more: Mapping[str, Any],
) -> Taken | None:
    """The server at a typed address, mended, and asked what it is where no model was typed.

    None where no address was typed. Raises RunError.
    """
    if not base_url:
        return None
    typed = Taken(base_url, model, wire, more)
    return target_taken(typed, settings, terms.key_env, Console(stderr=True))


def plan_of_flags(
    settings: Settings, whom: Whom, to: Sequence[str], texts: Path | None, **how: Any
) -> tuple[ProbePlan, Mapping[str, Candidate]]:
    """The plan that was typed, and the options of one's own that it asks, by their id.

    Raises RunError where something cannot be probed.
    """
    # An address needs no row of the catalogue, and the first number need not wait for it.
    alone = whom.at is not None and not whom.against
    (own, *rivals), mine = candidates_of(settings, whom, None if alone else whole_catalog(settings))
    plan = plan_for(
        own,
        settings.place,
        rivals=rivals,
        texts=sample_texts() if texts is None else parse_user_texts(read_text(texts)),
        **how,
    )
    refuse_idle(plan, to)
    return plan, mine


def candidates_of(
    settings: Settings, whom: Whom, catalog: Catalog | None
) -> tuple[list[Candidate], Mapping[str, Candidate]]:
    """Whom it asks, the server at a typed address first, and those of one's own by their id.

    ``catalog``: None where a typed address alone is asked. Raises RunError.
    """
    at = whom.at
    typed = (
        []
        if at is None
        else [
            custom_candidate(
                at.base_url, at.model, whom.price, wire=at.wire, endpoint=at.more, **whom.fields
            )
        ]
    )
    if catalog is None:
        return typed, {}
    options = [*((whom.option,) if at is None else ()), *whom.against]
    listed = [catalogue_candidate(catalog, option) for option in options]
    asked = bound_keys([*typed, *listed], catalog, settings.data_dir)
    return asked, own_among(asked, catalog)


def plan_of_file(
    settings: Settings, file: Path, to: Sequence[str], terms: Terms, *, custom_code: bool
) -> ProbePlan:
    """The plan in a file, with the trust that was typed. Raises RunError."""
    known = known_or_typed(settings.data_dir, to)
    granted = Granted(file, known, terms.key_env, custom_code=custom_code)
    return plan_from(read_text(file), file, granted)


def carry_out(
    settings: Settings,
    crew: Crew,
    plan: ProbePlan,
    terms: Terms,
    meant: tuple[str, ...],
    wanted: Wanted,
) -> None:
    """Start the probe, follow it, say what it found. Raises typer.Exit with the exit status.

    ``meant``: servers that a person typed or confirmed.
    """
    say, access = Console(stderr=True), accesses(plan, terms)
    given = ("--slo",) * (plan.slo_s is not None) + ("--compare-with",) * bool(wanted.compare_with)
    refuse_unmeasured(wanted.limits, plan.schedule.kind, given)
    own, *others = access
    keys = keys_of(access)
    with stoppable() as stop, opened_runs(settings, crew) as runs:
        if wanted.compare_with:
            refuse_unlike(measured_run(runs, wanted.compare_with).plan, plan)
        _announce(say, plan, [one.rate for one in access])

        def start() -> str:
            return runs.start(
                plan,
                rate=own.rate,
                key=own.key,
                base_key=own.base_key,
                rivals=others,
                typed=meant,
            )

        view = started_or_watched(runs, start, say, stop)
        verdicts = _told(runs, view, wanted, keys, say)
    end_with(view, stop, say, keys)
    if any(verdict.failed for verdict in verdicts):
        raise typer.Exit(code=BROKEN_LIMIT)


def _announce(say: Console, plan: ProbePlan, rates: Sequence[Rate]) -> None:
    """To whom it sends, before it does."""
    plainly(
        say,
        f"Probing {' and '.join(subject.label for subject in plan.subjects)}: {plan.planned} "
        f"requests, at most ${worst_case_usd(plan, *rates):f}. "
        f"Sends to {' and '.join(destinations(plan))}.",
    )


def _told(
    runs: Runs, view: RunView, wanted: Wanted, keys: Sequence[str], say: Console
) -> list[Verdict]:
    """Print what was measured; nothing where nothing was, for then the last sentence says it all.

    A program gets valid JSON all the same.
    """
    if view.live:
        return []
    answered = view.summary is not None and view.summary.answered
    compared = _compared(runs, view, wanted.compare_with) if answered else None
    verdicts = _verdicts(view, wanted.limits, compared) if answered else []
    sentences = [] if compared is None else [f"  {compared.sentence}"]
    sentences += [f"  {verdict.sentence}" for verdict in verdicts]
    if wanted.as_json:
        typer.echo(runs.export([view.run_id], beside_the_run(view, compared, verdicts)))
        for sentence in sentences:
            plainly(say, hide(sentence.strip(), keys))
    elif answered:
        failures = ways_to_fail(view.plan, runs.samples(view.run_id))
        typer.echo(hide("\n".join([*lines_of(view, failures), *sentences]), keys))
    return verdicts


def _compared(runs: Runs, view: RunView, run_id: str) -> Comparison | None:
    if not run_id:
        return None
    return compare_runs(measured_run(runs, run_id), measured_run(runs, view.run_id, "this run"))


def _verdicts(view: RunView, limits: Sequence[Limit], compared: Comparison | None) -> list[Verdict]:
    assert view.summary is not None  # noqa: S101  asked before
    return [judge(limit, view.summary, compared) for limit in limits]
