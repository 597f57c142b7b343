"""`breakeven snapshot`: a whole question as a text or a file, and its answer elsewhere."""

import json
from pathlib import Path
from typing import Annotated

import typer

from core.catalog.load import load_catalog
from core.catalog.own.own_bundle import addresses, bring_in, files_of
from core.cli.asking.typed_question import Asked, question_from
from core.cli.commands.compare_command import document_of, plain, relaxation_document
from core.cli.commands.options_command import refuse_foreign
from core.cli.scenario_flags import asked_by
from core.cli.stream_lines import stream_document
from core.cli.support import read_text, write_text
from core.decide.case import Case
from core.decide.compare import at_volume, curves
from core.decide.flips.flips import Judge
from core.decide.plan.plan_terms import terms_of
from core.decide.relaxing.relaxation import relaxations
from core.decide.streams.two_streams import TwoStreams
from core.errors import ScenarioError
from core.runs.trust.confirmed import confirm_servers
from core.runs.trust.origin import typed_authority
from core.settings import load_settings
from core.snapshot.asked_question import Question, catalog_for, with_own_rows
from core.snapshot.snapshot_text import MOST_IN_LINK, link_text, read_snapshot, snapshot_text

snapshot_cli = typer.Typer(
    help="A whole question, with your own options, as a text or a file: export, import.",
    no_args_is_help=True,
)


@snapshot_cli.command("export")
def export(
    file: Annotated[Path | None, typer.Argument(help="Else it is printed.")] = None,
    *,
    scenario: Annotated[Path | None, typer.Option(help="A scenario as JSON.")] = None,
    option: Annotated[
        list[str] | None, typer.Option(help="Instead of the scenario's options; repeat it.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Any field: workload.length_cv=1.")
    ] = None,
    link: Annotated[bool, typer.Option("--link", help="Refuse what a link cannot hold.")] = False,
) -> None:
    """Write a question with the rows of your own that it rests on. No key is in it."""
    asked = Asked(asked_by(settings or (), {}), tuple(option or ()))
    question = question_from(scenario, asked)
    whole = with_own_rows(
        Question(scenario=question, terms=terms_of(question)), files_of(load_settings().own_catalog)
    )
    catalog_for(whole, load_catalog())  # what is not whole here is not handed on
    text = link_text(whole) if link else snapshot_text(whole)
    if file is None:
        typer.echo(text)
        return
    write_text(file, text + "\n")
    typer.echo(f"{file} written")


@snapshot_cli.command("import")
def import_snapshot(
    source: Annotated[str, typer.Argument(help="A file, or the text itself.")],
    *,
    keep: Annotated[
        bool, typer.Option("--keep-options", help="Add its own options to yours.")
    ] = False,
    to: Annotated[
        list[str] | None, typer.Option(help="Of those, HOST:PORT that texts may be sent to.")
    ] = None,
    scenario: Annotated[Path | None, typer.Option(help="Write its scenario as JSON.")] = None,
) -> None:
    """Print a question's answer as JSON, with the prices that ship here and its own options."""
    question = _read(source)
    shipped = load_catalog()
    case = Case(question.scenario, catalog_for(question, shipped))
    drawn = curves(case)
    snapshot = at_volume(drawn, case)
    document = document_of(question.scenario, drawn, snapshot)
    relaxed = () if snapshot.verdict.winner else relaxations(Judge(case))
    document["relaxations"] = [relaxation_document(one) for one in relaxed]
    document["streams"] = stream_document(TwoStreams(case, drawn).answer(), None)
    if keep:
        refuse_foreign("The snapshot", addresses(question.files), to or ())
        settings = load_settings()
        for path in bring_in(settings.own_catalog, shipped, question.files):
            typer.echo(f"{path} written", err=True)
        confirm_servers(settings.data_dir, {typed_authority(host) for host in to or ()})
    if scenario is not None:
        write_text(scenario, question.scenario.model_dump_json(indent=2))
    typer.echo(json.dumps(plain(document), indent=2))


def _read(source: str) -> Question:
    """From a text, or from a file of that name. Raises ScenarioError or RunError."""
    if "." in source and source.startswith("bq") and "/" not in source:
        try:
            return read_snapshot(source, "The text", MOST_IN_LINK)
        except ScenarioError:
            if not Path(source[:255]).is_file():
                raise
    return read_snapshot(read_text(Path(source)), source[:200])
