"""What a person kept from version 0.1.0 is all there: runs, choices, money, measurements, links."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from sqlalchemy import select

from core.catalog.schema import Catalog
from core.measurement.measured import Measurement
from core.runs.service import Runs
from core.runs.watching.run_view import RunView
from core.settings import Settings
from core.store.open import Store, open_store
from core.store.tables import ledger
from dashboard.state.link import Known, decode
from tests.cli.terminal import breakeven
from tests.old_data.old_data import expected, links, make_folder
from tests.oracles.ledger_totals import spent_in_all

EXPECTED = expected()
LINKS = {link["what"]: link for link in links()}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """An installation with the old folder."""
    return make_folder(tmp_path_factory.mktemp("old") / "data")


@pytest.fixture(scope="module")
def store(settings: Settings) -> Iterator[Store]:
    """The old database, opened by this version."""
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def runs(store: Store, settings: Settings) -> Runs:
    """Its runs."""
    return Runs(store, settings)


def holds(new: Any, old: Any) -> bool:
    """Whether everything of an old document is in the new one; the new one may have more."""
    if isinstance(old, dict):
        return all(name in new and holds(new[name], value) for name, value in old.items())
    if isinstance(old, list):
        return len(new) == len(old) and all(map(holds, new, old))
    return bool(new == old)


def as_told(view: RunView, runs: Runs) -> dict[str, Any]:
    """One run in the words of the file of what is expected."""
    swept = view.kind == "sweep" and runs.sweep_report(view.run_id) is not None
    return {
        "kind": view.kind,
        "state": view.state.value,
        "option": view.plan.subject.option_id,
        "done": view.done,
        "planned": view.planned,
        "samples": len(runs.samples(view.run_id)),
        "spent_usd": str(view.spent_usd),
        "imported_from": view.imported_from,
        "error": view.error,
        "inspected": view.inspection is not None,
        "neighbours": None if view.neighbours is None else len(view.neighbours.found),
        "swept": swept,
        "summary": None if view.summary is None else view.summary.model_dump(mode="json"),
    }


def test_every_old_run_is_there_as_it_was(runs: Runs) -> None:
    """Of every kind and end: its state, its samples, its numbers, what it cost."""
    found = {view.run_id: as_told(view, runs) for view in runs.recent(1_000)}
    assert set(found) == set(EXPECTED["runs"])
    for run_id, old in EXPECTED["runs"].items():
        differing = {name for name, new in found[run_id].items() if not holds(new, old[name])}
        assert not differing, f"{old['what']}: {differing}"


def test_old_choices_still_count(runs: Runs) -> None:
    """A run that a person chose, also an imported one, still measures its option."""
    assert runs.adoptions() == EXPECTED["adoptions"]


def test_every_old_measurement_is_drawn_on_its_option(runs: Runs) -> None:
    """By the same run, of the same model in the same place, with the same latencies."""
    found = runs.measurements()
    assert set(EXPECTED["measurements"]) <= set(found)
    for option_id, old in EXPECTED["measurements"].items():
        assert measured(found[option_id]) == old, option_id


def measured(entry: Measurement) -> dict[str, Any]:
    """A measurement in the words of the file of what is expected."""
    return {
        "run_id": entry.run_id,
        "model": entry.subject.model,
        "hardware": entry.subject.hardware,
        "place": entry.subject.place,
        "fitted": entry.fit is not None,
        "response_p50_s": entry.summary.response_p50.value_s,
        "response_p95_s": entry.summary.response_p95.value_s,
    }


def test_old_money_still_counts_against_the_caps(store: Store) -> None:
    """Every day's and the installation's, and nothing is held."""
    columns = (ledger.c.day, ledger.c.held_nano_usd, ledger.c.spent_nano_usd)
    with store.read() as connection:
        assert list(spent_in_all(connection)) == EXPECTED["held_and_spent_nano_usd"]
        days = [
            [str(day), held, spent] for day, held, spent in connection.execute(select(*columns))
        ]
    assert days == EXPECTED["days"]


def test_the_command_lists_and_exports_old_runs(tmp_path: Path) -> None:
    """`runs list` names each of them, and one that was finished still becomes a file."""
    folder = make_folder(tmp_path / "data").data_dir
    told = breakeven(folder, "runs", "list", "--json")
    assert told.returncode == 0
    assert all(f'"{run_id}"' in told.stdout for run_id in EXPECTED["runs"])
    one = next(run_id for run_id, run in EXPECTED["runs"].items() if run["kind"] == "paired")
    assert f'"{one}"' in breakeven(folder, "runs", "export", one).stdout


CORRECTED = {"labour_usd_per_month": (1_500.0, 2_700.0), "batch_start_s": (0.005, 0.001)}
"""Defaults of hosting, then and now: a link says only what differs from the default."""


def today(old: dict[str, Any]) -> dict[str, Any]:
    """A scenario of then with the defaults of today, where it left them as they were."""
    hosting = dict(old["hosting"])
    for name, (then, now) in CORRECTED.items():
        if hosting.get(name) == then:
            hosting[name] = now
    return old | {"hosting": hosting}


@pytest.mark.parametrize("what", LINKS)
def test_an_old_link_asks_what_it_asked(what: str, catalog: Catalog) -> None:
    """Every value of the scenario that it stood for, and nothing is reported as unusable."""
    known = Known(
        list_prices=dict.fromkeys(catalog.option_ids()),
        models=tuple(model.id for model in catalog.models if model.kind != "api"),
    )
    scenario, reports = decode(parse_qs(LINKS[what]["link"]), known)
    assert reports == ()
    assert holds(scenario.model_dump(mode="json"), today(LINKS[what]["scenario"]))
