"""`breakeven sweep` and `breakeven neighbours`: the local engine from the command line."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Final

import numpy as np
import typer
from numpy.typing import NDArray
from pydantic import ValidationError
from rich.console import Console

from core.cli.endpoint_flags import Body, KeyHeader, Query, endpoint_fields
from core.cli.probing.following import end_with, started_or_watched
from core.cli.probing.probe_options import (
    Free,
    KeyEnv,
    Seed,
    UsdPerMtok,
    UsdPerSecond,
    Wire,
)
from core.cli.probing.server_sweep_run import (
    Swept,
    refuse_engine_options,
    refuse_server_options,
    sweep_server,
)
from core.cli.probing.spending import Terms, price_of
from core.cli.probing.stopping import stoppable
from core.cli.probing.sweep_options import (
    MOST_BATCH,
    OPENAI,
    IsOption,
    Longest,
    Machines,
    SweptUrl,
)
from core.cli.support import opened_runs, read_text
from core.engines.common.status import MODEL
from core.engines.local import EngineWish, load_engine
from core.errors import RunError
from core.measurement.latency import Subject
from core.measurement.sweep import SweepReport
from core.probe.records.probe_plan import LocalTarget
from core.probe.sample_texts import parse_user_texts
from core.probe.statistics.neighbour_overlap import MOST_TEXTS, neighbour_overlap
from core.refusals import first_fault
from core.runs.places.folders import models_folder
from core.runs.starting.server_plan import LONGEST_S
from core.runs.sweep.sweep_question import SweepQuestion
from core.scenario import THIS_MACHINE
from core.settings import load_settings

LEAST_AGREED: Final = 3
"""So many texts with the least agreement are named."""


def sweep(
    *,
    model: Annotated[
        str, typer.Option(help="Folder or hub id of a model here, or its name at --base-url.")
    ] = "",
    base_url: SweptUrl = "",
    wire: Wire = OPENAI,
    key_env: KeyEnv = None,
    key_header: KeyHeader = "",
    query: Query = None,
    body: Body = None,
    is_option: IsOption = "",
    machines: Machines = 1,
    usd_per_mtok: UsdPerMtok = 0.0,
    usd_per_second: UsdPerSecond = 0.0,
    free: Free = False,
    longest: Longest = LONGEST_S,
    engine: Annotated[str, typer.Option(help="auto, torch or onnxruntime.")] = "auto",
    precision: Annotated[str, typer.Option(help="auto, fp32, fp16 or bf16.")] = "auto",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    threads: Annotated[
        int, typer.Option(min=0, max=256, help="Threads on a CPU; 0: one a core.")
    ] = 0,
    tokens: Annotated[
        int, typer.Option(min=8, max=131_072, help="Tokens of a text under load.")
    ] = 128,
    slo: Annotated[
        float, typer.Option(min=0.001, max=600, help="Objective: p95 in seconds.")
    ] = 0.5,
    batch: Annotated[
        int,
        typer.Option(
            min=0, max=MOST_BATCH, help="Texts in a batch at most; 0: 32 here, 64 at a server."
        ),
    ] = 0,
    seed: Seed = None,
    allow_custom_code: Annotated[
        bool, typer.Option("--allow-custom-code", help="Run Python files of the model.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole report.")] = False,
) -> None:
    """Measure this machine's engine, or a server: batches, fit, capacity, latency under load."""
    settings, say = load_settings(), Console(stderr=True)
    own = (engine, precision, device) != ("auto", "auto", "auto") or threads or allow_custom_code
    if base_url:
        refuse_engine_options(given=bool(own))
        terms = Terms(price_of(usd_per_mtok, usd_per_second), free, tuple(key_env or ()))
        more = endpoint_fields(key_header, query, body)
        asked = Swept(
            base_url, model, wire, is_option, machines, tokens, slo, batch, longest, seed, more
        )
        sweep_server(settings, asked, terms, as_json=as_json)
        return
    refuse_server_options(
        given=bool(is_option or key_env or free or usd_per_mtok or usd_per_second)
        or bool(key_header or query or body)
        or (wire, machines, longest) != (OPENAI, 1, LONGEST_S)
    )
    target = _target(
        {
            "model": model or None,
            "engine": engine,
            "precision": precision,
            "device": device,
            "threads": threads or settings.local_threads,
            "allow_custom_code": allow_custom_code,
        }
    )
    subject = Subject(
        option_id=f"{THIS_MACHINE}/{model}"[:200] if model else THIS_MACHINE,
        label="This machine",
        model=model or MODEL,
        place=settings.place,
    )
    chosen = {} if seed is None else {"seed": seed}
    question = _question(
        {"tokens_per_text": tokens, "slo_p95_s": slo, "largest_batch": batch or 32, **chosen}
    )
    with stoppable() as stop, opened_runs(settings) as runs:
        view = started_or_watched(
            runs, lambda: runs.start_sweep(subject, target, question), say, stop
        )
        report = runs.sweep_report(view.run_id)
    if report is None:
        end_with(view, stop, say)
        raise RunError("The sweep has no report that this version can read.")
    typer.echo(report.model_dump_json(indent=2) if as_json else "\n".join(lines_of(report)))


def _question(fields: dict[str, object]) -> SweepQuestion:
    """What is swept. Raises RunError with the limits."""
    try:
        return SweepQuestion.model_validate(fields)
    except ValidationError as error:
        raise RunError(f"This cannot be swept: {first_fault(error, SweepQuestion)}.") from None


def _target(fields: dict[str, object]) -> LocalTarget:
    """The engine that is swept. Raises RunError with the limits."""
    try:
        return LocalTarget.model_validate(fields)
    except ValidationError as error:
        fault = error.errors()[0]
        where = "".join(str(part) for part in fault["loc"])
        if isinstance(fault["input"], str):
            raise RunError(f"--{where} {fault['input']}: {fault['msg']}.") from None
        raise RunError(f"This cannot be swept: {first_fault(error, LocalTarget)}.") from None


def lines_of(report: SweepReport) -> list[str]:
    """A sweep in a few lines."""
    fit = report.fit
    lines = [
        f"{fit.tokens_per_s:,.0f} tokens/s at full batches ({fit.engine}, {fit.precision})",
        report.verdict,
        report.capacity.explanation,
        (
            f"largest batch {fit.largest_batch} x {fit.largest_batch_tokens}: "
            f"{report.largest_batch_reason}"
        ),
        report.energy,
    ]
    for check in report.checks:
        error, measured_s = check.p95_error, check.measured.response_p95.value_s
        measured_text = "failures" if error is None or not measured_s else f"{measured_s:.3f} s"
        off = "" if error is None else f" ({error:+.0%})"
        lines.append(
            f"p95 at {check.share:.0%} of that: predicted {check.predicted_p95_s:.3f} s, "
            f"measured {measured_text}{off}; batches took {check.slowdown:.2f} times their fit"
        )
    return [*lines, *report.notes]


def neighbours(
    texts: Annotated[Path, typer.Argument(help="Texts, one a line or between blank lines.")],
    *,
    first: Annotated[
        str, typer.Option(help="A model on this computer, or a .npy file of vectors.")
    ] = MODEL,
    second: Annotated[str, typer.Option(help="The same for the other side.")],
    k: Annotated[
        int, typer.Option(min=1, max=MOST_TEXTS, help="Nearest texts that are compared.")
    ] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print all numbers.")] = False,
) -> None:
    """Say how many of the nearest texts two models share: needed before a change of model."""
    own = tuple(dict.fromkeys(parse_user_texts(read_text(texts))))
    overlap = neighbour_overlap(_vectors(first, own), _vectors(second, own), k)
    if as_json:
        typer.echo(json.dumps(asdict(overlap)))
        return
    typer.echo(overlap.sentence)
    order = sorted(range(overlap.texts), key=overlap.per_text.__getitem__)
    for index in order[:LEAST_AGREED]:
        typer.echo(f"  {overlap.per_text[index]:.0%}: {own[index][:70]}")


def _vectors(side: str, texts: tuple[str, ...]) -> NDArray[np.float64]:
    if not side.endswith(".npy"):
        wish = EngineWish(model=side)
        engine = load_engine(wish, models_folder(load_settings().data_dir), "never")
        return engine.embed(texts).astype(np.float64)
    try:
        table = np.load(side, allow_pickle=False)
    except (OSError, ValueError) as error:
        raise RunError(f"{side} holds no table of vectors as numpy.save writes it.") from error
    if len(table) != len(texts):
        raise RunError(f"{side} has {len(table)} vectors, there are {len(texts)} different texts.")
    vectors: NDArray[np.float64] = table.astype(np.float64)
    return vectors
