"""A test of quality from its files to its last line."""

import json
from collections.abc import Callable
from pathlib import Path

import typer
from rich.console import Console

from core.cli.probing.following import end_with, plainly, started_or_watched
from core.cli.probing.spending import Terms, accesses, keys_of
from core.cli.probing.stopping import stoppable
from core.cli.quality.quality_lines import quality_document, quality_lines
from core.cli.support import opened_runs
from core.errors import QualityInputError
from core.probe.records.probe_plan import ProbePlan
from core.quality.corpus import Corpus, Limits
from core.quality.example import example_corpus
from core.quality.pairs_file import read_corpus
from core.runs.quality.quality_job import quality_nano_usd
from core.runs.secrets.known_secrets import hide
from core.runs.trust.origin import destinations
from core.settings import Settings
from core.units import NANO_USD_PER_USD


def corpus_of(pairs: Path | None, documents: Path | None, settings: Settings) -> Corpus:
    """The texts of the files, or the example where none is named. Raises QualityInputError."""
    if pairs is None:
        if documents is not None:
            raise QualityInputError("--documents stands beside a file of pairs: name that, too.")
        return example_corpus()
    limits = Limits(texts=settings.quality_texts, megabytes=settings.quality_megabytes)
    beside = None if documents is None else _bytes(documents)
    return read_corpus(_bytes(pairs), beside, limits)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise QualityInputError(f"{file} cannot be read ({error.strerror}).") from None


def carry_out(
    settings: Settings,
    plan: ProbePlan,
    corpus: Corpus,
    terms: Terms,
    meant: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Start the test, follow it, say what it found. Raises typer.Exit with the exit status."""
    say, access = Console(stderr=True), accesses(plan, terms)
    own, *others = access
    keys = keys_of(access)
    most = quality_nano_usd(corpus, plan, [one.rate for one in access]) / NANO_USD_PER_USD
    plainly(
        say,
        f"Testing {' and '.join(subject.label for subject in plan.subjects)}: "
        f"{plan.planned:,} texts, at most ${most:f}. Sends to {' and '.join(destinations(plan))}.",
    )
    with stoppable() as stop, opened_runs(settings) as runs:
        start: Callable[[], str] = lambda: runs.start(  # noqa: E731
            plan,
            rate=own.rate,
            key=own.key,
            base_key=own.base_key,
            rivals=others,
            typed=meant,
            corpus=corpus,
        )
        view = started_or_watched(runs, start, say, stop)
    if view.quality is not None and not view.live:
        text = (
            json.dumps(quality_document(view, view.quality), indent=2)
            if as_json
            else "\n".join(quality_lines(view, view.quality))
        )
        typer.echo(hide(text, keys))
    end_with(view, stop, say, keys)
