"""Which run measures which option, as far as its claim holds."""

from collections.abc import Mapping

from sqlalchemy import Connection

from core.catalog.schema import Catalog
from core.measurement.measured import Measurement
from core.probe.records.probe_plan import ApiTarget
from core.runs.trust.claims import as_sent, endpoint_id, older_endpoint_id, own_options
from core.runs.trust.stands_for import as_option
from core.runs.watching.run_view import measurement_of
from core.scenario import machine_id
from core.store.adoptions import Adoption, adopted
from core.store.runs import StoredRun, done_runs_of, look_up, newest_done_runs


def probed_options(connection: Connection, known: Catalog) -> dict[str, Measurement]:
    """What is measured of each option: by the run that was adopted for it, else by its newest.

    ``known``: the catalogue with the user's own options.
    """
    newest = newest_done_runs(connection)
    strays = [run for run in newest if not _is_true(run, known)]
    # The stray may stand before a run of the option itself.
    hidden = [_newest_true(connection, run.plan.subject.option_id, known) for run in strays]
    true = [run for run in newest if _is_true(run, known)]
    measurements = (
        measurement_of(run, known=known) for run in (*strays, *hidden, *true) if run is not None
    )
    chosen = {key: measured for key, (_, measured) in adopted_options(connection, known).items()}
    return {one.subject.option_id: one for one in measurements if one is not None} | chosen


def with_own(
    connection: Connection, measured: Mapping[str, Measurement], known: Catalog
) -> dict[str, Measurement]:
    """The same, with what was measured of an own option's address before it was an option.

    Same address, format and model: it was sent to that very server.
    """
    taken_over = {}
    for option_id, label, target in own_options(known):
        if option_id in measured:
            continue
        run = measured.get(endpoint_id(target)) or _by_older_id(connection, target, known)
        if run is not None:
            names = {"option_id": option_id, "label": label}
            subject = run.subject.model_copy(update=names)
            taken_over[option_id] = run.model_copy(update={"subject": subject})
    return {**measured, **taken_over}


def _by_older_id(connection: Connection, target: ApiTarget, known: Catalog) -> Measurement | None:
    """What an older version measured of an address, where a newer run of its id was of another."""
    own, older = endpoint_id(target), older_endpoint_id(target)
    runs = done_runs_of(connection, older) if own != older else []
    measurements = (measurement_of(run, known=known) for run in runs)
    return next((one for one in measurements if one and one.subject.option_id == own), None)


def adopted_options(
    connection: Connection, known: Catalog
) -> dict[str, tuple[Adoption, Measurement]]:
    """The choices of a person that are in force, with what they measure.

    A choice that has the id of an older version counts for what the id is today.
    """
    by_option = {}
    for choice in adopted(connection):
        for run in look_up(connection, choice.run_id).readable:
            measured = measurement_of(run, choice.target, known)
            if measured is not None and _may_be_said(measured, choice.option_id, known):
                measured = as_option(measured, choice.option_id)
            if measured is None:
                continue
            option_id = measured.subject.option_id
            if option_id == choice.option_id:
                by_option[option_id] = choice, measured
            elif _is_older_id(choice.option_id, run, choice.target):
                by_option.setdefault(option_id, (choice, measured))
    return by_option


def _is_older_id(option_id: str, run: StoredRun, target: int) -> bool:
    """Whether a choice names what its run asked as an older version did."""
    asked = run.plan.targets[target].sole_api
    return asked is not None and older_endpoint_id(asked) == option_id


def ids_of_choice(connection: Connection, option_id: str, known: Catalog) -> set[str]:
    """The id of an option, and that of an older version under which a choice of it is stored."""
    chosen = adopted_options(connection, known).get(option_id)
    return {option_id} if chosen is None else {option_id, chosen[0].option_id}


def _may_be_said(measured: Measurement, option_id: str, known: Catalog) -> bool:
    """Whether a person may say that what was measured is this option: a swept server, a machine.

    An API is its address: where that is another one by now, no word makes an old run its own.
    """
    return measured.fit is not None and known.find_api(machine_id(option_id)) is None


def _is_true(run: StoredRun, known: Catalog) -> bool:
    return as_sent(run.plan, known) is run.plan


def _newest_true(connection: Connection, option_id: str, known: Catalog) -> StoredRun | None:
    runs = done_runs_of(connection, option_id)
    return next((run for run in runs if _is_true(run, known)), None)
